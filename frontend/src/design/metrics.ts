import { sentence } from "./format";

const SHORT = new Set(["auc", "mae", "mse", "rmse", "r2", "rse", "rae", "pr_auc"]);
const LESS = /(^|[_ ])(error|loss|logloss|mae|mse|rmse|rse|rae|mape|brier|distance_to_center)(_|$)/;
/** Metrics that are neither good nor bad. */
const NEITHER = new Set(["clusters"]);

/** A metric's name without what tells a second result from the first: `auc (2)` is `auc`. */
function base(name: string): string {
  return name.replace(/ \(\d+\)$/, "");
}

/** `auc` as people write it. */
export function metricTitle(name: string): string {
  const plain = base(name);
  const rest = name.slice(plain.length);
  if (plain === "r2") return `R²${rest}`;
  if (plain === "f1") return `F1${rest}`;
  if (SHORT.has(plain)) return plain.toUpperCase().replace("_", " ") + rest;
  return (
    sentence(plain)
      .replace(/\bf1\b/, "F1")
      .replace(/\bauc\b/, "AUC") + rest
  );
}

/** Is less of this metric better, as of a loss or an error? */
export function lessIsBetter(name: string): boolean {
  return LESS.test(base(name));
}

/** The best of some values; none where there are not two, or all are equal. */
export function bestOf(name: string, values: readonly (number | string | null | undefined)[]): number | null {
  if (NEITHER.has(base(name))) return null;
  const numbers = values.filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  if (numbers.length < 2 || numbers.every((value) => value === numbers[0])) return null;
  return lessIsBetter(name) ? Math.min(...numbers) : Math.max(...numbers);
}
