import type { EvaluationResult } from "@/api/types";
import { formatNumber } from "@/design/format";
import { metricTitle } from "@/design/metrics";
import styles from "./Evaluation.module.css";

/** How close the rows of each cluster lie to their center, and how far from the others. */
export function ClusterTable({ result, named }: { result: EvaluationResult; named: boolean }) {
  const rows = result.clusters ?? [];
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "cluster");
  return (
    <table className={styles.metrics}>
      {named && <caption>{result.name}</caption>}
      <thead>
        <tr>
          <th scope="col">Cluster</th>
          {names.map((name) => (
            <th key={name} scope="col">
              {metricTitle(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.cluster}>
            <th scope="row">{row.cluster}</th>
            {names.map((name) => (
              <td key={name}>{row[name] === undefined ? "–" : formatNumber(row[name])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
