import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Plot } from "@/charts/Plot";
import { userName } from "@/design/Avatar";
import { Button } from "@/design/Button";
import { Duration } from "@/design/Duration";
import { EmptyState } from "@/design/EmptyState";
import { formatNumber, plural } from "@/design/format";
import { lessIsBetter, metricTitle } from "@/design/metrics";
import { StatusMark } from "@/design/StatusMark";
import { seriesColor, seriesSymbol } from "@/design/series";
import { isFinal } from "@/design/status";
import { Time } from "@/design/Time";
import type { RunLine } from "../model/lines";
import { delta, type MetricRow, metricRows } from "../model/metrics";
import { RunHead } from "./RunHead";
import styles from "./Sections.module.css";
import type { PartProps, View } from "./view";

const FIRST_CHARTS = 12;

/** Last values of every metric: a picture for each, and the table with the best and the distance to the baseline. */
export function MetricsTab({ view }: PartProps) {
  const { shown, lines } = view;
  const rows = useMemo(
    () =>
      metricRows(
        shown,
        lines.find((line) => line.isBaseline),
      ),
    [shown, lines],
  );
  const [every, setEvery] = useState(false);
  const drawn = rows.filter((row) => [...row.values.values()].some((value) => typeof value === "number"));
  const charts = every ? drawn : drawn.slice(0, FIRST_CHARTS);
  return (
    <div className={styles.section}>
      <MetricTable view={view} rows={rows} />
      {rows.length === 0 ? (
        <EmptyState
          tight
          title="No metrics"
          why="None of these runs reported a number. Training and evaluation do, and so can a script."
        />
      ) : (
        <>
          <h2>Distance from the baseline</h2>
          <div className={styles.cards}>
            {charts.map((row) => (
              <MetricChart key={row.name} row={row} lines={shown} />
            ))}
          </div>
          {drawn.length > charts.length && (
            <div>
              <Button onClick={() => setEvery(true)}>Show all {plural(drawn.length, "metric")}</Button>
            </div>
          )}
        </>
      )}
    </div>
  );
}

function MetricTable({ view, rows }: { view: View; rows: MetricRow[] }) {
  const { ws, shown } = view;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Metrics of the runs">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {shown.map((line) => (
              <th key={line.id} scope="col">
                <RunHead line={line} ws={ws} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" title={row.name}>
                {metricTitle(row.name)}
              </th>
              {shown.map((line) => (
                <td key={line.id}>
                  <MetricValue row={row} line={line} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Status</th>
            {shown.map(({ id, run }) => (
              <td key={id}>
                <span className={styles.value}>
                  <StatusMark status={run.status} progress={run.progress} />
                </span>
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Duration</th>
            {shown.map(({ id, run }) => (
              <td key={id}>
                <Duration
                  seconds={run.duration_s}
                  startedAt={run.started_at}
                  finishedAt={run.finished_at}
                  live={!isFinal(run.status)}
                />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Steps reused</th>
            {shown.map(({ id, run }) => (
              <td key={id}>{run.steps ? `${run.steps.reused} of ${run.steps.total}` : "–"}</td>
            ))}
          </tr>
          <tr>
            <th scope="row">Pipeline</th>
            {shown.map(({ id, run }) => (
              <td key={id}>
                <span className={styles.cell}>
                  {run.draft ? (
                    <Link to="/w/$ws/designer/$draft" params={{ ws, draft: run.draft.id }} search={{}}>
                      {run.draft.name}
                    </Link>
                  ) : (
                    "–"
                  )}
                </span>
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Started</th>
            {shown.map(({ id, run }) => (
              <td key={id}>
                <Time at={run.started_at} /> by {userName(run.actor)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function MetricValue({ row, line }: { row: MetricRow; line: RunLine }) {
  const value = row.values.get(line.id);
  if (value === undefined) return <>–</>;
  const best = row.best !== null && value === row.best;
  const away = line.isBaseline ? null : delta(row.name, value, row.baseline);
  return (
    <span className={styles.value} title={String(value)}>
      {away && (
        <span className={styles.delta} data-better={away.better === true}>
          {away.text}
          {away.share && ` (${away.share})`}
          {away.better !== null && (
            <span className="visually-hidden">, {away.better ? "better" : "worse"} than the baseline</span>
          )}
        </span>
      )}
      {best && <span className={styles.best}>Best</span>}
      {best ? <b>{formatNumber(value)}</b> : formatNumber(value)}
    </span>
  );
}

function MetricChart({ row, lines }: { row: MetricRow; lines: readonly RunLine[] }) {
  const with_ = useMemo(
    () => lines.filter((line) => typeof row.values.get(line.id) === "number").reverse(),
    [lines, row],
  );
  const base = typeof row.baseline === "number" ? row.baseline : null;
  const data = useMemo(() => {
    const values = with_.map((line) => row.values.get(line.id) as number);
    const names = with_.map((line) => line.name);
    const colors = with_.map((line) => seriesColor(line.place));
    return [
      ...(base === null
        ? []
        : with_.map((line, i) => ({
            type: "bar",
            orientation: "h",
            y: [names[i]],
            x: [(values[i] ?? base) - base],
            base: [base],
            width: [0.32],
            marker: { color: seriesColor(line.place), opacity: 0.45 },
            hoverinfo: "skip",
          }))),
      ...(base === null
        ? []
        : [
            {
              type: "scatter",
              mode: "lines",
              x: names.map(() => base),
              y: names,
              line: { color: "var(--control)", width: 1, dash: "dot" },
              hoverinfo: "skip",
            },
          ]),
      ...with_.map((line, i) => ({
        type: "scatter",
        mode: "markers",
        x: [values[i]],
        y: [names[i]],
        marker: { color: colors[i], size: 10, symbol: seriesSymbol(line.place) },
        hovertemplate: "%{y}: %{x:.6g}<extra></extra>",
      })),
    ];
  }, [with_, row, base]);
  const layout = useMemo(
    () => ({
      showlegend: false,
      barmode: "overlay",
      margin: { l: 8, r: 16, t: 6, b: 28 },
      yaxis: { type: "category", categoryarray: with_.map((line) => line.name), ticklabelstandoff: 6 },
      xaxis: { nticks: 5 },
    }),
    [with_],
  );
  const title = metricTitle(row.name);
  return (
    <section className={styles.card} aria-label={title}>
      <h3>
        {title}
        <small>{lessIsBetter(row.name) ? "less is better" : "more is better"}</small>
      </h3>
      <Plot
        label={`${title}: ${with_
          .map((line) => `${line.name} ${formatNumber(row.values.get(line.id))}`)
          .reverse()
          .join("; ")}`}
        data={data}
        layout={layout}
        height={72 + with_.length * 26}
        name={row.name}
      />
    </section>
  );
}
