import type { Layout } from "./plotly.base";

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A figure with `var(--token)` colors made concrete: Plotly cannot read variables. */
export function withColors<T>(value: T): T {
  if (typeof value === "string") {
    const name = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
    return (name ? token(name) : value) as T;
  }
  // Data are long and hold no tokens.
  if (Array.isArray(value)) return value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withColors(each)])) as T;
}

/** The ten series colors of the theme on screen. */
export function seriesColors(): string[] {
  return Array.from({ length: 10 }, (_, i) => token(`--series-${i + 1}`));
}

/** Light for little, strong for much; for heat maps. */
export function heatScale(): [number, string][] {
  return [
    [0, token("--surface")],
    [1, token("--series-1")],
  ];
}

/** Axes, type and colors from the tokens; merged under a figure's own layout. */
export function layoutTemplate(): Layout {
  const axis = {
    gridcolor: token("--line"),
    linecolor: token("--line-strong"),
    zerolinecolor: token("--line-strong"),
    tickcolor: token("--line-strong"),
    tickfont: { color: token("--text-2"), size: 11 },
    title: { font: { color: token("--text-2"), size: 12 }, standoff: 8 },
    automargin: true,
  };
  return {
    font: { family: "Inter Variable, system-ui, sans-serif", size: 12, color: token("--text") },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: seriesColors(),
    margin: { l: 48, r: 12, t: 12, b: 40 },
    xaxis: axis,
    yaxis: axis,
    legend: {
      orientation: "h",
      y: 1.02,
      yanchor: "bottom",
      x: 0,
      font: { size: 12, color: token("--text-2") },
    },
    hoverlabel: {
      bgcolor: token("--ink"),
      bordercolor: token("--ink"),
      font: { color: token("--on-ink"), family: "Inter Variable, sans-serif", size: 12 },
    },
  };
}
