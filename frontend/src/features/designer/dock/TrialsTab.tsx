import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { childrenQuery } from "@/api/runs";
import type { ChildRun, Json, Step } from "@/api/types";
import { type Column, DataTable } from "@/design/DataTable";
import { Duration } from "@/design/Duration";
import { EmptyState } from "@/design/EmptyState";
import { formatNumber, sentence } from "@/design/format";
import { metricTitle } from "@/design/metrics";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusMark } from "@/design/StatusMark";
import { isFinal } from "@/design/status";
import { useDesigner } from "../state/store";
import styles from "./Dock.module.css";
import { bestFirst, partsOf } from "./trials";

function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? sentence(value) : JSON.stringify(value);
}

/** A measure that fits its column: what ran away is written by its magnitude. */
function measureText(value: number | string | undefined): string {
  return typeof value === "number" && Math.abs(value) >= 1e9 ? value.toExponential(2) : formatNumber(value);
}

/** The trials of a step: what each tried and what it reached, live, in any order. */
export function TrialsTab({ step }: { step: Step }) {
  const ws = useDesigner((state) => state.ws);
  const [chosen, setChosen] = useState<string | null>(null);
  const sort = chosen ?? bestFirst(step);
  const answer = useInfiniteQuery(childrenQuery(ws, partsOf(step), sort));
  const rows = useMemo(() => answer.data?.pages.flatMap((page) => page.results) ?? [], [answer.data]);
  const first = bestFirst(step).replace(/^-?metrics\./, "");
  const columns = useMemo(() => columnsOf(rows, first), [rows, first]);
  if (answer.error) return <ProblemCard problem={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return <SkeletonRows count={6} />;
  if (!rows.length)
    return (
      <EmptyState
        tight
        title="No trials"
        why={
          isFinal(step.status)
            ? "This step tried nothing out."
            : "Trials appear here as soon as the step begins them."
        }
      />
    );
  return (
    <DataTable
      label="Trials"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      sort={sort}
      onSort={setChosen}
      onEnd={() => {
        if (answer.hasNextPage && !answer.isFetchingNextPage) void answer.fetchNextPage();
      }}
      loadingMore={answer.isFetchingNextPage}
    />
  );
}

/** What counts comes first, so that a narrow screen shows it beside the trial's name. */
function columnsOf(rows: ChildRun[], first: string): Column<ChildRun>[] {
  const parameters = [...new Set(rows.flatMap((row) => Object.keys(row.parameters)))];
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const failed = rows.some((row) => row.failure);
  const measure = (name: string): Column<ChildRun> => ({
    id: `metric-${name}`,
    title: metricTitle(name),
    width: 116,
    align: "end",
    sortKey: `metrics.${name}`,
    render: (row) => measureText(row.metrics[name]),
  });
  return [
    {
      id: "name",
      title: "Trial",
      width: 92,
      sortKey: "created_at",
      render: (row) => row.display_name,
    },
    ...metrics.filter((name) => name === first).map(measure),
    {
      id: "status",
      title: "Status",
      width: 112,
      sortKey: "status",
      render: (row) => <StatusMark status={row.status} progress={row.progress} />,
    },
    ...parameters.map(
      (name): Column<ChildRun> => ({
        id: `parameter-${name}`,
        title: sentence(name),
        width: 124,
        align: "end",
        render: (row) => valueText(row.parameters[name]),
      }),
    ),
    ...metrics.filter((name) => name !== first).map(measure),
    {
      id: "duration",
      title: "Duration",
      width: 92,
      align: "end",
      sortKey: "duration_s",
      render: (row) => (
        <Duration
          seconds={row.duration_s}
          startedAt={row.started_at}
          finishedAt={row.finished_at}
          live={!isFinal(row.status)}
        />
      ),
    },
    ...(failed
      ? [
          {
            id: "failure",
            title: "Problem",
            width: 320,
            grow: true,
            render: (row: ChildRun) => (
              <span className={styles.problem} title={row.failure?.detail}>
                {row.failure?.detail}
              </span>
            ),
          },
        ]
      : []),
  ];
}
