import type { EvaluationResult } from "@/api/types";
import { formatNumber, sentence } from "@/design/format";
import styles from "./Evaluation.module.css";

const SHORT = new Set(["auc", "mae", "mse", "rmse", "r2", "rse", "rae", "pr_auc"]);
/** Metrics of which less is better. */
const LESS = /(^|_)(error|loss|mae|mse|rmse|rse|rae|log_loss|mape|brier|distance_to_center)(_|$)/;
/** Metrics that are neither good nor bad. */
const NEITHER = new Set(["clusters"]);

export function lessIsBetter(name: string): boolean {
  return LESS.test(name);
}

export function metricName(name: string): string {
  if (name === "r2") return "R²";
  if (name === "f1") return "F1";
  if (SHORT.has(name)) return name.toUpperCase().replace("_", " ");
  return sentence(name)
    .replace(/\bf1\b/, "F1")
    .replace(/\bauc\b/, "AUC");
}

export function MetricTable({ results }: { results: EvaluationResult[] }) {
  const names = [...new Set(results.flatMap((result) => Object.keys(result.metrics)))];
  const bestOf = (name: string): number | null => {
    if (results.length < 2 || NEITHER.has(name)) return null;
    const values = results.map((result) => result.metrics[name]).filter((value) => typeof value === "number");
    if (values.length < 2 || values.every((value) => value === values[0])) return null;
    return lessIsBetter(name) ? Math.min(...values) : Math.max(...values);
  };
  return (
    <table className={styles.metrics}>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          {results.map((result, i) => (
            <th key={result.name} scope="col">
              <span className={styles.swatch} style={{ background: `var(--series-${i + 1})` }} />
              {result.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const best = bestOf(name);
          return (
            <tr key={name}>
              <th scope="row">{metricName(name)}</th>
              {results.map((result) => {
                const value = result.metrics[name];
                return (
                  <td key={result.name} data-best={best !== null && value === best} title={String(value)}>
                    {formatNumber(value) || "–"}
                  </td>
                );
              })}
            </tr>
          );
        })}
        <tr>
          <th scope="row">Rows</th>
          {results.map((result) => (
            <td key={result.name}>{formatNumber(result.rows)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
