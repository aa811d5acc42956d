import { useMemo, useState } from "react";
import type { EvaluationDocument, EvaluationResult, ThresholdRow } from "@/api/types";
import { formatNumber, plural } from "@/design/format";
import { seriesColor, seriesDash, seriesPattern, seriesSymbol } from "@/design/series";
import { Plot } from "../Plot";
import { ClusterTable } from "./ClusterTable";
import { ConfusionMatrix } from "./ConfusionMatrix";
import styles from "./Evaluation.module.css";
import { MetricTable } from "./MetricTable";

function nearest(rows: ThresholdRow[], threshold: number): ThresholdRow | null {
  let best: ThresholdRow | null = null;
  for (const row of rows)
    if (!best || Math.abs(row.threshold - threshold) < Math.abs(best.threshold - threshold)) best = row;
  return best;
}

/** Which series each result is drawn as; the place in the list where none are given. */
type Places = readonly number[] | undefined;

/** Written as tokens; the chart reads them in the theme on screen. */
function placeOf(index: number, places: Places): number {
  return places?.[index] ?? index;
}

function resolved(index: number, places: Places) {
  const place = placeOf(index, places);
  return { color: seriesColor(place), dash: seriesDash(place), width: 2 };
}

function Curves({
  results,
  threshold,
  kind,
  places,
}: {
  results: EvaluationResult[];
  threshold: number;
  kind: "roc" | "pr";
  places: Places;
}) {
  const roc = kind === "roc";
  const data = useMemo(() => {
    const traces = results.flatMap((result, i) => {
      const curve = roc
        ? result.roc && { x: result.roc.fpr, y: result.roc.tpr }
        : result.pr && { x: result.pr.recall, y: result.pr.precision };
      if (!curve) return [];
      const at = result.thresholds && nearest(result.thresholds, threshold);
      const spot = at && {
        x: [roc ? at.fp / Math.max(1, at.fp + at.tn) : at.recall],
        y: [roc ? at.recall : at.precision],
      };
      const color = resolved(i, places).color;
      return [
        {
          type: "scatter",
          mode: "lines",
          name: result.name,
          ...curve,
          line: resolved(i, places),
          hovertemplate: "%{x:.3f}, %{y:.3f}<extra></extra>",
        },
        ...(spot
          ? [
              {
                type: "scatter",
                mode: "markers",
                showlegend: false,
                ...spot,
                marker: { color, size: 9, line: { width: 2, color: "var(--surface)" } },
                hovertemplate: `threshold ${threshold.toFixed(2)}<extra></extra>`,
              },
            ]
          : []),
      ];
    });
    if (roc)
      traces.unshift({
        type: "scatter",
        mode: "lines",
        name: "Chance",
        showlegend: false,
        x: [0, 1],
        y: [0, 1],
        line: { color: "var(--control)", width: 1, dash: "dot" },
        hoverinfo: "skip",
      } as never);
    return traces;
  }, [results, threshold, roc, places]);
  const layout = useMemo(
    () => ({
      xaxis: {
        title: { text: roc ? "False positive rate" : "Recall" },
        range: [-0.02, 1.02],
        constrain: "domain",
      },
      yaxis: { title: { text: roc ? "True positive rate" : "Precision" }, range: [-0.02, 1.02] },
      showlegend: results.length > 1,
    }),
    [roc, results.length],
  );
  const thinned = results.map((result) => (roc ? result.roc : result.pr)?.thinned_from).find(Boolean);
  const table = {
    columns: ["Result", roc ? "False positive rate" : "Recall", roc ? "True positive rate" : "Precision"],
    rows: results.flatMap((result) => {
      const x = (roc ? result.roc?.fpr : result.pr?.recall) ?? [];
      const y = (roc ? result.roc?.tpr : result.pr?.precision) ?? [];
      return x.map((value, i) => [result.name, value, y[i] ?? null]);
    }),
  };
  const said = results
    .map(
      (result) =>
        `${result.name}${typeof result.metrics.auc === "number" && roc ? `, AUC ${formatNumber(result.metrics.auc)}` : ""}`,
    )
    .join("; ");
  return (
    <section className={styles.part}>
      <h2>{roc ? "ROC curve" : "Precision and recall"}</h2>
      <Plot
        label={`${roc ? "ROC curve" : "Precision-recall curve"} of ${said}`}
        data={data}
        layout={layout}
        height={320}
        table={table}
        name={kind}
      />
      {thinned && (
        <p className={styles.note}>
          Drawn from {plural(thinned, "point")}, thinned; the metrics use all of them.
        </p>
      )}
    </section>
  );
}

function Residuals({ results, places }: { results: EvaluationResult[]; places: Places }) {
  const withResiduals = results.filter((result) => result.residuals);
  const histogram = useMemo(
    () =>
      withResiduals.map((result) => {
        const { edges = [], counts = [] } = result.residuals ?? {};
        const i = results.indexOf(result);
        return {
          type: "bar",
          name: result.name,
          x: counts.map((_, at) => ((edges[at] ?? 0) + (edges[at + 1] ?? 0)) / 2),
          y: counts,
          width: counts.map((_, at) => (edges[at + 1] ?? 0) - (edges[at] ?? 0)),
          marker: {
            color: resolved(i, places).color,
            opacity: results.length > 1 ? 0.6 : 0.85,
            pattern: { shape: seriesPattern(placeOf(i, places)) },
          },
          hovertemplate: "%{x:.4g}: %{y}<extra></extra>",
        };
      }),
    [withResiduals, results, places],
  );
  const scatter = useMemo(() => {
    const all = withResiduals.flatMap((result) => [
      ...(result.residuals?.actual ?? []),
      ...(result.residuals?.predicted ?? []),
    ]);
    const low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    return [
      ...withResiduals.map((result) => ({
        type: "scatter",
        mode: "markers",
        name: result.name,
        x: result.residuals?.actual,
        y: result.residuals?.predicted,
        marker: {
          size: 5,
          opacity: 0.5,
          color: resolved(results.indexOf(result), places).color,
          symbol: seriesSymbol(placeOf(results.indexOf(result), places)),
        },
        hovertemplate: "actual %{x:.4g}, predicted %{y:.4g}<extra></extra>",
      })),
      {
        type: "scatter",
        mode: "lines",
        showlegend: false,
        x: [low, high],
        y: [low, high],
        line: { color: "var(--control)", width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
    ];
  }, [withResiduals, results, places]);
  const many = results.length > 1;
  const barLayout = useMemo(
    () => ({
      barmode: "overlay",
      bargap: 0.04,
      showlegend: many,
      xaxis: { title: { text: "Predicted minus actual" } },
      yaxis: { title: { text: "Rows" } },
    }),
    [many],
  );
  const dotLayout = useMemo(
    () => ({
      showlegend: many,
      xaxis: { title: { text: "Actual" } },
      yaxis: { title: { text: "Predicted" } },
    }),
    [many],
  );
  if (!withResiduals.length) return null;
  const sampled = withResiduals.find(
    ({ residuals }) => (residuals?.sampled_from ?? 0) > (residuals?.actual.length ?? 0),
  )?.residuals;
  return (
    <>
      <section className={styles.part}>
        <h2>Predicted against actual</h2>
        <Plot
          label="Predicted against actual values; on the dotted line they are equal"
          data={scatter}
          layout={dotLayout}
          height={320}
          name="predicted"
          table={{
            columns: ["Result", "Actual", "Predicted"],
            rows: withResiduals.flatMap((result) =>
              (result.residuals?.actual ?? []).map((value, i) => [
                result.name,
                value,
                result.residuals?.predicted[i] ?? null,
              ]),
            ),
          }}
        />
        {sampled && (
          <p className={styles.note}>
            Shows {formatNumber(sampled.actual.length)} of {plural(sampled.sampled_from ?? 0, "row")}; the
            histogram counts all of them.
          </p>
        )}
      </section>
      <section className={styles.part}>
        <h2>Residuals</h2>
        <Plot
          label="Histogram of residuals"
          data={histogram}
          layout={barLayout}
          height={320}
          name="residuals"
          table={{
            columns: ["Result", "From", "To", "Rows"],
            rows: withResiduals.flatMap((result) =>
              (result.residuals?.counts ?? []).map((count, i) => [
                result.name,
                result.residuals?.edges[i] ?? null,
                result.residuals?.edges[i + 1] ?? null,
                count,
              ]),
            ),
          }}
        />
      </section>
    </>
  );
}

/** An evaluation: metrics, curves with a shared threshold, confusion, residuals; several results side by side. */
export function Evaluation({
  document,
  places,
}: {
  document: EvaluationDocument;
  places?: readonly number[];
}) {
  const [threshold, setThreshold] = useState(0.5);
  const { results } = document;
  const binary = results.some((result) => result.thresholds?.length);
  return (
    <div className={styles.evaluation}>
      <section className={`${styles.part} ${styles.wide}`}>
        <h2>Metrics</h2>
        <div className={styles.big}>
          <MetricTable results={results} places={places} />
        </div>
      </section>
      {(binary || results.some((result) => result.confusion)) && (
        <section className={`${styles.part} ${styles.wide}`}>
          <h2>Confusion matrix</h2>
          {binary && (
            <div className={styles.threshold}>
              <label htmlFor="evaluation-threshold">Threshold</label>
              <input
                id="evaluation-threshold"
                className="studio-range"
                type="range"
                min={0}
                max={1}
                step={0.01}
                value={threshold}
                style={{ "--fill": `${threshold * 100}%` } as React.CSSProperties}
                onChange={(event) => setThreshold(Number(event.currentTarget.value))}
              />
              <output>{threshold.toFixed(2)}</output>
            </div>
          )}
          <div className={styles.matrices}>
            {results.map((result) => (
              <ConfusionMatrix
                key={result.name}
                result={result}
                threshold={result.thresholds?.length ? nearest(result.thresholds, threshold) : null}
              />
            ))}
          </div>
        </section>
      )}
      {results.some((result) => result.clusters) && (
        <section className={`${styles.part} ${styles.wide}`}>
          <h2>Clusters</h2>
          {results.map((result) => (
            <div key={result.name} className={styles.big}>
              <ClusterTable result={result} named={results.length > 1} />
            </div>
          ))}
        </section>
      )}
      {results.some((result) => result.roc) && (
        <Curves results={results} threshold={threshold} kind="roc" places={places} />
      )}
      {results.some((result) => result.pr) && (
        <Curves results={results} threshold={threshold} kind="pr" places={places} />
      )}
      <Residuals results={results} places={places} />
    </div>
  );
}
