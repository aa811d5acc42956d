import { useMemo } from "react";
import type { Output, Step } from "@/api/types";
import { type Column, DataTable } from "@/design/DataTable";
import { Duration } from "@/design/Duration";
import { EmptyState } from "@/design/EmptyState";
import { formatNumber } from "@/design/format";
import { StatusMark } from "@/design/StatusMark";
import { isFinal } from "@/design/status";
import { Time } from "@/design/Time";
import { flowOrder, stepTitle } from "../model/selectors";
import { useDesigner } from "../state/store";
import styles from "./StepsTable.module.css";

/** The steps of a run as a table, in the order of data: what the graph shows, in words. */
export function StepsTable({ steps, onOpen }: { steps: readonly Step[]; onOpen: (node: string) => void }) {
  const document = useDesigner((state) => state.document);
  const catalog = useDesigner((state) => state.catalog);
  const rows = useMemo(() => {
    const order = new Map(flowOrder(document).map(({ node }, at) => [node.id, at]));
    return [...steps].sort((a, b) => (order.get(a.node) ?? 0) - (order.get(b.node) ?? 0));
  }, [steps, document]);
  const columns = useMemo<Column<Step>[]>(() => {
    const titleOf = (component: string, { port, title }: Output) =>
      catalog.byId.get(component)?.outputs.find(({ name }) => name === port)?.title ?? title;
    return [
      {
        id: "title",
        title: "Step",
        width: 220,
        grow: true,
        render: (step) => {
          const node = document.graph.nodes.find(({ id }) => id === step.node);
          return <b className={styles.name}>{node ? stepTitle(node, catalog) : step.title}</b>;
        },
      },
      {
        id: "status",
        title: "Status",
        width: 150,
        render: (step) => (
          <StatusMark
            status={step.status}
            progress={step.progress}
            reused={step.reused_from !== null && step.status === "completed"}
            label={isFinal(step.status) ? undefined : step.phase || undefined}
          />
        ),
      },
      {
        id: "duration",
        title: "Duration",
        width: 96,
        align: "end",
        render: (step) => (
          <Duration
            seconds={step.duration_s}
            startedAt={step.started_at}
            finishedAt={step.finished_at}
            live={!isFinal(step.status)}
          />
        ),
      },
      {
        id: "outputs",
        title: "Output",
        width: 150,
        align: "end",
        render: (step) => {
          const table = step.outputs.find((output) => output.rows !== null);
          return table
            ? `${formatNumber(table.rows)} × ${formatNumber(table.columns)}`
            : step.outputs.length
              ? step.outputs.map((output) => titleOf(step.component, output)).join(", ")
              : "";
        },
      },
      { id: "started", title: "Started", width: 100, render: (step) => <Time at={step.started_at} /> },
      {
        id: "reason",
        title: "Why",
        width: 320,
        grow: true,
        render: (step) => {
          const text = step.failure
            ? `${step.failure.title}. ${step.failure.detail}`
            : (step.reason?.text ?? step.wait_reason ?? "");
          return (
            <span className={step.failure ? styles.bad : styles.why} title={text}>
              {text}
            </span>
          );
        },
      },
    ];
  }, [document, catalog]);
  if (!rows.length) return <EmptyState title="No steps yet" why="The run has not been divided into steps." />;
  return (
    <div className={styles.table}>
      <DataTable
        label="Steps of the run"
        columns={columns}
        rows={rows}
        rowKey={(step) => step.id}
        onOpen={(step) => onOpen(step.node)}
      />
    </div>
  );
}
