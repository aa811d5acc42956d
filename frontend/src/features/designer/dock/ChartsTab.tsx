import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { outputProfileQuery, outputQuery, runMetricsQuery } from "@/api/runs";
import type { Output, Run, Step } from "@/api/types";
import { ColumnHistogram } from "@/charts/ColumnHistogram";
import { OutputDocumentView } from "@/charts/OutputDocumentView";
import { EmptyState } from "@/design/EmptyState";
import { formatPercent, plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { useDesigner } from "../state/store";
import styles from "./Dock.module.css";
import { SeriesPanels } from "./SeriesPanels";

const FIRST_COLUMNS = 60;

/** An output in pictures: curves of a report, shapes of a model, columns of a table; and what the step logged. */
export function ChartsTab({ run, step, output }: { run: Run | undefined; step: Step; output: Output }) {
  const ws = useDesigner((state) => state.ws);
  const metrics = useQuery({ ...runMetricsQuery(ws, run?.id ?? ""), enabled: run !== undefined });
  const own = (metrics.data?.series ?? []).filter(
    (series) => series.run === step.id || series.node === step.node,
  );
  const titleOf = useCallback(() => step.title, [step.title]);
  return (
    <div className={styles.scroll}>
      {own.some((series) => series.points.length > 1) && (
        <section className={styles.block}>
          <SeriesPanels series={own} titleOf={titleOf} sync={step.id} />
        </section>
      )}
      {output.type === "table" ? (
        <TableCharts step={step} output={output} />
      ) : output.has_document ? (
        <DocumentCharts step={step} output={output} />
      ) : (
        <EmptyState
          tight
          title="No charts for this output"
          why="It is a file. Download it from the button above."
        />
      )}
    </div>
  );
}

function DocumentCharts({ step, output }: { step: Step; output: Output }) {
  const ws = useDesigner((state) => state.ws);
  const detail = useQuery(outputQuery(ws, step.id, output.port));
  if (detail.error) return <ProblemCard problem={detail.error} onRetry={() => void detail.refetch()} />;
  if (!detail.data) return <SkeletonRows count={4} />;
  return <OutputDocumentView document={detail.data.document} />;
}

function TableCharts({ step, output }: { step: Step; output: Output }) {
  const ws = useDesigner((state) => state.ws);
  const answer = useQuery(outputProfileQuery(ws, step.id, output.port));
  if (answer.error) return <ProblemCard problem={answer.error} onRetry={() => void answer.refetch()} />;
  const profile = answer.data?.profile;
  if (!profile) return <SkeletonRows count={4} />;
  if (!profile.columns.length) return <EmptyState tight title="No columns" why="This table is empty." />;
  const shown = profile.columns.slice(0, FIRST_COLUMNS);
  return (
    <>
      <ul className={styles.columns}>
        {shown.map((column) => (
          <li key={column.name} className={styles.column}>
            <p className={styles.columnHead}>
              <b title={column.name}>{column.name}</b>
              <span>
                {column.missing > 0 && profile.row_count > 0
                  ? `${formatPercent(column.missing / profile.row_count)} missing`
                  : column.dtype}
              </span>
            </p>
            <ColumnHistogram column={column} height={72} />
          </li>
        ))}
      </ul>
      {profile.columns.length > shown.length && (
        <p className={styles.more}>
          The first {FIRST_COLUMNS} of {plural(profile.columns.length, "column")}. All of them are in the
          Output tab.
        </p>
      )}
    </>
  );
}
