import type { MetricSeries } from "@/api/types";
import { seriesColor, seriesDash } from "@/design/series";
import type { RunLine } from "./lines";

/**
 * Exponential smoothing without the pull toward the first value; what is no number is a gap and counts for
 * nothing.
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  let sum = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    mass = mass * weight + (1 - weight);
    return sum / mass;
  });
}

export interface CurveTrace {
  name: string;
  place: number;
  x: number[];
  y: (number | null)[];
  gaps: number;
  /** Points that were logged; fewer are drawn where there are very many. */
  count: number;
}

export interface CurvePanel {
  name: string;
  traces: CurveTrace[];
}

/** One panel a metric with more than one point; a line for each run and step that logged it. */
export function curvePanels(
  lines: readonly RunLine[],
  seriesOf: ReadonlyMap<string, readonly MetricSeries[]>,
  x: "step" | "time",
  titleOf: (run: string, node: string | null) => string,
): CurvePanel[] {
  const panels = new Map<string, CurveTrace[]>();
  for (const line of lines) {
    const logged = (seriesOf.get(line.id) ?? []).filter((series) => series.points.length > 1);
    for (const series of logged) {
      const alone = logged.filter((other) => other.name === series.name).length === 1;
      const start = Date.parse(series.points[0]?.at ?? "");
      const y = series.points.map(({ value }) =>
        typeof value === "number" && Number.isFinite(value) ? value : null,
      );
      const traces = panels.get(series.name) ?? [];
      traces.push({
        name: alone ? line.name : `${line.name}, ${titleOf(line.id, series.node)}`,
        place: line.place,
        x: series.points.map((point, at) =>
          x === "time" ? (Date.parse(point.at) - start) / 1000 : (point.step ?? at),
        ),
        y,
        gaps: y.filter((value) => value === null).length,
        count: series.count,
      });
      panels.set(series.name, traces);
    }
  }
  return [...panels].map(([name, traces]) => ({ name, traces })).sort((a, b) => a.name.localeCompare(b.name));
}

/** The panel as Plotly draws it; smoothed lines keep the measured ones behind them, pale. */
export function plotted(panel: CurvePanel, weight: number) {
  return panel.traces.flatMap((trace) => {
    const look = {
      type: "scatter",
      mode: trace.x.length < 3 ? "lines+markers" : "lines",
      name: trace.name,
      x: trace.x,
      line: { color: seriesColor(trace.place), dash: seriesDash(trace.place), width: 2 },
    };
    if (!weight) return [{ ...look, y: trace.y }];
    return [
      { ...look, y: trace.y, opacity: 0.22, showlegend: false, hoverinfo: "skip" },
      { ...look, y: smoothed(trace.y, weight) },
    ];
  });
}
