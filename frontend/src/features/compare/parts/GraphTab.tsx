import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { runGraphQuery } from "@/api/runs";
import type { GraphDifference, NodeDifference } from "@/api/types";
import { ProblemCard } from "@/design/ProblemCard";
import { Skeleton } from "@/design/Skeleton";
import { differenceText, drawingOf, stateWord } from "../model/drawing";
import { valueText } from "../model/values";
import { DifferenceDrawing } from "./DifferenceDrawing";
import styles from "./Graph.module.css";
import { NodeDetails } from "./NodeDetails";
import { baselineOf, OtherRun, otherOf } from "./OtherRun";
import sections from "./Sections.module.css";
import { StateMark } from "./StateMark";
import type { PartProps, View } from "./view";

/** What one run's drawing has that the baseline's has not, step by step, and what came of it. */
export function GraphTab({ view }: PartProps) {
  const { data, search, set } = view;
  const other = otherOf(view);
  const difference = data.differences.find((found) => found.run === other?.id);
  const chosen = difference?.nodes.find((node) => node.key === search.step);
  const choose = (key: string) => set({ step: key === search.step ? undefined : key });
  return (
    <div className={sections.section}>
      <div className={sections.bar}>
        <OtherRun view={view} />
        {difference && (
          <p className={sections.note} role="status" style={{ alignSelf: "end", paddingBottom: 6 }}>
            {differenceText(difference)}{" "}
            {difference.matched_by === "component_and_title" &&
              "The runs are of different drafts, so steps were matched by component and title."}
          </p>
        )}
      </div>
      {difference && (
        <div className={styles.layout}>
          <Picture view={view} difference={difference} onChoose={choose} />
          <div className={styles.aside}>
            {chosen && <NodeDetails node={chosen} difference={difference} />}
            <StepList nodes={difference.nodes} chosen={search.step} onChoose={choose} />
            {difference.settings.length > 0 && (
              <section>
                <h3 className={styles.heading}>Pipeline</h3>
                <ul className={styles.changes}>
                  {difference.settings.map((change) => (
                    <li key={change.field}>
                      {change.field.replace("settings.", "").replace(/_/g, " ")}: {valueText(change.old)} →{" "}
                      {valueText(change.new)}
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function Picture({
  view,
  difference,
  onChoose,
}: {
  view: View;
  difference: GraphDifference;
  onChoose: (key: string) => void;
}) {
  const { ws, data, search } = view;
  const base = baselineOf(view);
  const before = useQuery(runGraphQuery(ws, data.baseline));
  const after = useQuery(runGraphQuery(ws, difference.run));
  const keys = useMemo(() => {
    const of = (run: string) =>
      new Map(
        data.steps.flatMap((step) => {
          const cell = step.cells.find((each) => each.run === run);
          return cell ? [[cell.node, step.key] as const] : [];
        }),
      );
    return { before: of(data.baseline), after: of(difference.run) };
  }, [data, difference.run]);
  const drawing = useMemo(
    () =>
      before.data && after.data
        ? drawingOf(difference, { ...before.data, keys: keys.before }, { ...after.data, keys: keys.after })
        : null,
    [difference, before.data, after.data, keys],
  );
  const failed = [before, after].find((query) => query.isError);
  if (failed) return <ProblemCard problem={failed.error} onRetry={() => void failed.refetch()} />;
  if (!drawing) return <Skeleton height={420} radius={12} />;
  return (
    <DifferenceDrawing
      drawing={drawing}
      label={`Drawing of ${view.lines.find((line) => line.id === difference.run)?.name}, with what differs from ${base?.name}`}
      chosen={search.step}
      onChoose={onChoose}
    />
  );
}

/** The difference as a list: the same as the drawing, for keyboard and screen reader. */
function StepList({
  nodes,
  chosen,
  onChoose,
}: {
  nodes: readonly NodeDifference[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const order = { changed: 0, added: 1, removed: 2, same: 3 } as const;
  const sorted = [...nodes].sort((a, b) => order[a.state] - order[b.state]);
  return (
    <section>
      <h3 className={styles.heading}>Steps</h3>
      <ul className={styles.steps} aria-label="Steps by what changed">
        {sorted.map((node) => (
          <li key={node.key}>
            <button
              type="button"
              className={styles.step}
              aria-pressed={node.key === chosen}
              data-state={node.state}
              onClick={() => onChoose(node.key)}
            >
              <StateMark state={node.state} />
              <span className={styles.title}>{node.title}</span>
              <span className={styles.word}>{stateWord(node)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
