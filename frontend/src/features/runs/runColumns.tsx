import { Link } from "@tanstack/react-router";
import type { Run } from "@/api/types";
import { Avatar, userName } from "@/design/Avatar";
import type { Column } from "@/design/DataTable";
import { Duration } from "@/design/Duration";
import { formatNumber } from "@/design/format";
import { metricTitle } from "@/design/metrics";
import { StatusMark } from "@/design/StatusMark";
import { isFinal } from "@/design/status";
import { Tag } from "@/design/Tag";
import { Time } from "@/design/Time";
import styles from "./Runs.module.css";

/** How far a metric's value reaches in its column, for the bar behind it. */
export interface MetricRange {
  low: number;
  high: number;
}

export function metricRanges(runs: Run[]): Map<string, MetricRange> {
  const ranges = new Map<string, MetricRange>();
  for (const run of runs)
    for (const [name, value] of Object.entries(run.metrics)) {
      const found = ranges.get(name) ?? { low: 0, high: 0 };
      if (typeof value === "number" && Number.isFinite(value)) {
        found.low = Math.min(found.low, value);
        found.high = Math.max(found.high, value);
      }
      ranges.set(name, found);
    }
  return ranges;
}

/** Names of metrics: what most runs have first, a second result after the first. */
export function metricOrder(runs: Run[]): string[] {
  const counts = new Map<string, number>();
  for (const run of runs)
    for (const name of Object.keys(run.metrics)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const second = (name: string) => Number(/\(\d+\)$/.test(name));
  return [...counts.keys()].sort(
    (a, b) => second(a) - second(b) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a.localeCompare(b),
  );
}

function stepsText(run: Run): string {
  if (!run.steps) return "";
  const { completed, total, failed } = run.steps;
  return `${completed} of ${total} steps${failed ? `, ${failed} failed` : ""}`;
}

export function runColumns(ws: string, metrics: string[], ranges: Map<string, MetricRange>): Column<Run>[] {
  return [
    {
      id: "status",
      title: "Status",
      width: 132,
      sortKey: "status",
      render: (run) => (
        <StatusMark
          status={run.status}
          progress={run.progress}
          label={
            !isFinal(run.status) && run.steps && run.status === "running"
              ? `${run.steps.completed} of ${run.steps.total} steps`
              : undefined
          }
        />
      ),
    },
    {
      id: "name",
      title: "Run",
      width: 190,
      grow: true,
      sortKey: "display_name",
      render: (run) => (
        <>
          <Link
            to="/w/$ws/runs/$run"
            params={{ ws, run: run.id }}
            search={{}}
            className={styles.name}
            title={run.failure?.title ?? stepsText(run)}
          >
            {run.display_name || `Run ${run.number}`}
          </Link>
          {Object.keys(run.tags)
            .slice(0, 2)
            .map((tag) => (
              <Tag key={tag} title={`${tag}: ${run.tags[tag]}`}>
                {tag}
              </Tag>
            ))}
        </>
      ),
    },
    {
      id: "number",
      title: "Number",
      head: "#",
      width: 56,
      align: "end",
      sortKey: "number",
      render: (run) => formatNumber(run.number),
    },
    {
      id: "pipeline",
      title: "Pipeline",
      width: 160,
      render: (run) =>
        run.draft ? (
          <Link
            to="/w/$ws/designer/$draft"
            params={{ ws, draft: run.draft.id }}
            search={{}}
            className={styles.quietLink}
          >
            {run.draft.name}
          </Link>
        ) : (
          <span className={styles.none}>–</span>
        ),
    },
    {
      id: "experiment",
      title: "Experiment",
      width: 130,
      render: (run) => <span className={styles.clip}>{run.experiment?.name ?? "–"}</span>,
    },
    ...metrics.map(
      (name): Column<Run> => ({
        id: `metric-${name}`,
        title: metricTitle(name),
        width: 104,
        align: "end",
        sortKey: `metrics.${name}`,
        render: (run) => <MetricCell value={run.metrics[name]} range={ranges.get(name)} />,
      }),
    ),
    {
      id: "duration",
      title: "Duration",
      width: 88,
      align: "end",
      sortKey: "duration_s",
      render: (run) => (
        <Duration
          seconds={run.duration_s}
          startedAt={run.started_at}
          finishedAt={run.finished_at}
          live={!isFinal(run.status)}
        />
      ),
    },
    {
      id: "who",
      title: "Who",
      width: 120,
      render: (run) => (
        <>
          <Avatar user={run.actor} size={18} />
          <span className={styles.clip}>{userName(run.actor)}</span>
        </>
      ),
    },
    {
      id: "age",
      title: "Created",
      width: 100,
      align: "end",
      sortKey: "created_at",
      render: (run) => <Time at={run.created_at} />,
    },
  ];
}

function MetricCell({
  value,
  range,
}: {
  value: number | string | undefined;
  range: MetricRange | undefined;
}) {
  if (value === undefined) return <span className={styles.none}>–</span>;
  const number = typeof value === "number" && Number.isFinite(value);
  const span = range ? range.high - range.low : 0;
  const share = number && range && span > 0 ? (value - range.low) / span : 0;
  return (
    <span className={styles.metric} title={String(value)}>
      {share > 0 && <i style={{ width: `${share * 100}%` }} aria-hidden="true" />}
      <span>{formatNumber(value)}</span>
    </span>
  );
}
