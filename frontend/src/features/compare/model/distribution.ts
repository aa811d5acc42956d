import type { ProfileColumn } from "@/api/types";
import { seriesColor, seriesDash, seriesPattern } from "@/design/series";
import type { RunLine } from "./lines";

export interface ColumnOfRun {
  line: RunLine;
  column: ProfileColumn;
}

type NumberHistogram = { edges: number[]; counts: number[] };

function numbers(column: ProfileColumn): NumberHistogram | null {
  const { histogram } = column;
  if (!histogram?.counts.length) return null;
  const edges = histogram.edges.map((edge) => (typeof edge === "number" ? edge : Date.parse(edge)));
  return edges.every(Number.isFinite) ? { edges, counts: histogram.counts } : null;
}

const isDate = (column: ProfileColumn) => column.dtype === "datetime" || column.dtype === "date";

export interface DistributionPlot {
  kind: "histogram" | "values";
  data: Record<string, unknown>[];
  rows: (string | number)[][];
}

/** One column of several runs over each other, as shares of the rows, so that tables of any length compare. */
export function distribution(columns: readonly ColumnOfRun[]): DistributionPlot | null {
  const drawn = columns.map(({ line, column }) => ({ line, column, histogram: numbers(column) }));
  if (drawn.length && drawn.every(({ histogram }) => histogram)) return histograms(drawn as Drawn[]);
  const tops = columns.filter(({ column }) => column.top?.length);
  return tops.length ? frequent(tops) : null;
}

type Drawn = ColumnOfRun & { histogram: NumberHistogram };

function histograms(drawn: readonly Drawn[]): DistributionPlot {
  const rows: (string | number)[][] = [];
  const data = drawn.map(({ line, column, histogram: { edges, counts } }, place) => {
    const all = Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
    const x: (number | string)[] = [];
    const y: number[] = [];
    counts.forEach((count, i) => {
      const [low = 0, high = low] = [edges[i], edges[i + 1]];
      const share = (count / all) * 100;
      const ends = isDate(column) ? [new Date(low).toISOString(), new Date(high).toISOString()] : [low, high];
      // The outline of the bars: it stands on the axis at both ends.
      if (i === 0) {
        x.push(ends[0] as number);
        y.push(0);
      }
      x.push(...(ends as number[]));
      y.push(share, share);
      if (i === counts.length - 1) {
        x.push(ends[1] as number);
        y.push(0);
      }
      rows.push([line.name, ends[0] as number, ends[1] as number, count]);
    });
    return {
      type: "scatter",
      mode: "lines",
      name: line.name,
      x,
      y,
      // One area under the lines, the baseline's: more of them would hide each other.
      fill: place === 0 ? "tozeroy" : "none",
      line: { color: seriesColor(line.place), dash: seriesDash(line.place), width: 1.75 },
      hovertemplate: "%{x}: %{y:.2f}%<extra></extra>",
    };
  });
  return { kind: "histogram", data, rows };
}

function frequent(columns: readonly ColumnOfRun[]): DistributionPlot {
  const values = [
    ...new Set(columns.flatMap(({ column }) => (column.top ?? []).map((item) => String(item.value)))),
  ];
  const rows: (string | number)[][] = [];
  const data = columns.map(({ line, column }) => {
    const counts = new Map((column.top ?? []).map((item) => [String(item.value), item.count]));
    const all = Math.max(1, column.count);
    for (const value of values) rows.push([line.name, value, value, counts.get(value) ?? 0]);
    return {
      type: "bar",
      name: line.name,
      x: values.map((value) => (value === "" ? "(empty)" : value)),
      y: values.map((value) => ((counts.get(value) ?? 0) / all) * 100),
      marker: { color: seriesColor(line.place), pattern: { shape: seriesPattern(line.place) } },
      hovertemplate: "%{x}: %{y:.2f}%<extra></extra>",
    };
  });
  return { kind: "values", data, rows };
}
