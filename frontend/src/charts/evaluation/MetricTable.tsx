import type { EvaluationResult } from "@/api/types";
import { formatNumber } from "@/design/format";
import { bestOf, metricTitle } from "@/design/metrics";
import { SeriesSwatch } from "@/design/SeriesSwatch";
import styles from "./Evaluation.module.css";

export function MetricTable({
  results,
  places,
}: {
  results: EvaluationResult[];
  places?: readonly number[];
}) {
  const names = [...new Set(results.flatMap((result) => Object.keys(result.metrics)))];
  return (
    <table className={styles.metrics}>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          {results.map((result, i) => (
            <th key={result.name} scope="col">
              <span className={styles.swatch}>
                <SeriesSwatch index={places?.[i] ?? i} />
              </span>
              {result.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const best = bestOf(
            name,
            results.map((result) => result.metrics[name]),
          );
          return (
            <tr key={name}>
              <th scope="row">{metricTitle(name)}</th>
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
