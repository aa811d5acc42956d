import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { runMetricsQuery } from "@/api/runs";
import type { MetricSeries, Run, Step } from "@/api/types";
import { Card } from "@/design/Card";
import { EmptyState } from "@/design/EmptyState";
import { sentence } from "@/design/format";
import { Num } from "@/design/Num";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { isFinal } from "@/design/status";
import { SeriesPanels } from "../dock/SeriesPanels";
import { stepTitle } from "../model/selectors";
import { useDesigner } from "../state/store";
import styles from "./RunMetrics.module.css";

/** Every number that the run and its steps reported: last values as a table, series as panels. */
export function RunMetrics({ ws, run, steps }: { ws: string; run: Run; steps: readonly Step[] }) {
  const metrics = useQuery(runMetricsQuery(ws, run.id));
  const nodes = useDesigner((state) => state.nodes);
  const catalog = useDesigner((state) => state.catalog);
  const titleOf = useCallback(
    (id: string | null) => {
      const node = id === null ? undefined : nodes.get(id);
      return node ? stepTitle(node, catalog) : (steps.find((step) => step.node === id)?.title ?? "Run");
    },
    [nodes, catalog, steps],
  );
  const series = metrics.data?.series;
  const table = useMemo(() => tabulate(series ?? []), [series]);
  if (metrics.error && !series)
    return (
      <div className={styles.page}>
        <ProblemCard problem={metrics.error} onRetry={() => void metrics.refetch()} />
      </div>
    );
  if (!series)
    return (
      <div className={styles.page}>
        <SkeletonRows count={6} />
      </div>
    );
  if (!series.length)
    return (
      <EmptyState
        title="No metrics"
        why={
          isFinal(run.status)
            ? "No step of this run reported a number. Training and evaluation do, and so can a script."
            : "Numbers appear here as soon as a step reports them."
        }
      />
    );
  return (
    <div className={styles.page}>
      <SeriesPanels series={series} titleOf={titleOf} sync={run.id} />
      <Card title="Last values" flush>
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                {table.nodes.map((node) => (
                  <th scope="col" key={node ?? ""}>
                    {titleOf(node)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.names.map((name) => (
                <tr key={name}>
                  <th scope="row">{sentence(name)}</th>
                  {table.nodes.map((node) => (
                    <td key={node ?? ""}>
                      <Num value={table.values.get(`${node} ${name}`)} digits={5} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}

function tabulate(series: readonly MetricSeries[]) {
  const values = new Map<string, number | string>();
  for (const { node, name, last } of series) values.set(`${node} ${name}`, last);
  return {
    values,
    nodes: [...new Set(series.map(({ node }) => node))],
    names: [...new Set(series.map(({ name }) => name))],
  };
}
