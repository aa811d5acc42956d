import type { EvaluationResult, ThresholdRow } from "@/api/types";
import { formatNumber, formatPercent } from "@/design/format";
import styles from "./Evaluation.module.css";

function matrixOf(
  result: EvaluationResult,
  row: ThresholdRow | null,
): { labels: string[]; matrix: number[][] } | null {
  if (!row) return result.confusion ?? null;
  const positive = result.positive ?? result.labels?.[1] ?? "positive";
  const negative = result.labels?.find((label) => label !== positive) ?? "negative";
  return {
    labels: [negative, positive],
    matrix: [
      [row.tn, row.fp],
      [row.fn, row.tp],
    ],
  };
}

/** Counts of actual against predicted; the share is of the actual class. */
export function ConfusionMatrix({
  result,
  threshold,
}: {
  result: EvaluationResult;
  threshold: ThresholdRow | null;
}) {
  const found = matrixOf(result, threshold);
  if (!found) return null;
  // With many classes most cells are empty, and what is not should be seen.
  const many = found.labels.length > 3;
  return (
    <div className={styles.matrix} data-many={many ? "" : undefined}>
      <div className={styles.big}>
        <table>
          <caption>{result.name}: actual in rows, predicted in columns</caption>
          <thead>
            <tr>
              <td style={{ minWidth: 0 }} />
              {found.labels.map((label) => (
                <th key={label} scope="col" title={label}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.matrix.map((row, i) => {
              const sum = row.reduce((all, count) => all + count, 0);
              return (
                <tr key={found.labels[i]}>
                  <th scope="row" title={found.labels[i]}>
                    {found.labels[i]}
                  </th>
                  {row.map((count, j) => {
                    const share = sum ? count / sum : 0;
                    return (
                      <td
                        key={found.labels[j]}
                        data-none={many && count === 0 ? "" : undefined}
                        style={{
                          background: `color-mix(in srgb, var(${i === j ? "--series-1" : "--series-2"}) ${many && count === 0 ? 0 : Math.round(share * 46 + (many && i !== j ? 12 : 3))}%, var(--surface))`,
                        }}
                      >
                        {formatNumber(count)}
                        {(count > 0 || !many) && <small>{formatPercent(share)}</small>}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {threshold && (
        <p className={styles.row}>
          {(["accuracy", "precision", "recall", "f1"] as const).map((name) => (
            <span key={name}>
              {name === "f1" ? "F1" : name} <b>{formatNumber(threshold[name], { decimals: 3 })}</b>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
