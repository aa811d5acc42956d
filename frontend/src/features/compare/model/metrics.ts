import { formatNumber } from "@/design/format";
import { bestOf, lessIsBetter } from "@/design/metrics";
import type { RunLine } from "./lines";

export interface MetricRow {
  name: string;
  /** Values by run; a run without the metric has none. */
  values: Map<string, number | string>;
  best: number | null;
  baseline: number | string | undefined;
}

/** One row a metric of the shown runs: what most have first, further results after the first. */
export function metricRows(lines: readonly RunLine[], baseline: RunLine | undefined): MetricRow[] {
  const rows = new Map<string, Map<string, number | string>>();
  for (const { id, run } of lines)
    for (const [name, value] of Object.entries(run.metrics)) {
      const values = rows.get(name) ?? new Map<string, number | string>();
      values.set(id, value);
      rows.set(name, values);
    }
  const second = (name: string) => Number(/\(\d+\)$/.test(name));
  return [...rows]
    .sort(([a, ofA], [b, ofB]) => second(a) - second(b) || ofB.size - ofA.size)
    .map(([name, values]) => ({
      name,
      values,
      best: bestOf(name, [...values.values()]),
      baseline: baseline?.run.metrics[name],
    }));
}

export interface Delta {
  text: string;
  share: string;
  /** Is it an improvement? Null when it is none and no loss. */
  better: boolean | null;
}

/** How far a value lies from the baseline's, in numbers and in percent of it. */
export function delta(
  name: string,
  value: number | string | null | undefined,
  base: number | string | null | undefined,
): Delta | null {
  if (typeof value !== "number" || typeof base !== "number") return null;
  if (!Number.isFinite(value) || !Number.isFinite(base)) return null;
  const change = value - base;
  if (change === 0) return { text: "±0", share: "", better: null };
  const signed = (text: string) => (change > 0 ? `+${text}` : text);
  const percent = base === 0 ? null : (change / Math.abs(base)) * 100;
  return {
    text: signed(formatNumber(change)),
    share: percent === null ? "" : `${signed(formatNumber(percent, { digits: 3 }))}%`,
    better: change > 0 !== lessIsBetter(name),
  };
}
