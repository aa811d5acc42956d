import bar from "plotly.js/lib/bar";
import box from "plotly.js/lib/box";
import Plotly from "plotly.js/lib/core";
import heatmap from "plotly.js/lib/heatmap";
import histogram from "plotly.js/lib/histogram";

export type Trace = Record<string, unknown>;
export type Layout = Record<string, unknown>;

/** What we use of Plotly; its own types cover the whole package, which we do not load. */
export interface PlotlyModule {
  register: (traces: unknown[]) => void;
  react: (
    element: HTMLElement,
    data: Trace[],
    layout: Layout,
    config: Record<string, unknown>,
  ) => Promise<unknown>;
  purge: (element: HTMLElement) => void;
  Plots: { resize: (element: HTMLElement) => void };
  downloadImage: (element: HTMLElement, options: Record<string, unknown>) => Promise<string>;
}

Plotly.register([bar, box, heatmap, histogram]);

export { Plotly };
