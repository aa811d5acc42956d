import { CircleAlert, TriangleAlert } from "lucide-react";
import type { Step } from "@/api/types";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { ProblemCard } from "@/design/ProblemCard";
import { stepTitle } from "../model/selectors";
import type { Issue } from "../model/types";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Dock.module.css";

/** What failed and what stands in the way; each line leads to its step and field. */
export function ProblemsTab({ steps }: { steps: readonly Step[] }) {
  const store = useDesignerStore();
  const issues = useDesigner((state) => state.issues);
  const nodes = useDesigner((state) => state.nodes);
  const catalog = useDesigner((state) => state.catalog);
  const failed = steps.filter((step) => step.status === "failed");
  const titleOf = (id: string) => {
    const node = nodes.get(id);
    return node ? stepTitle(node, catalog) : id;
  };
  const go = ({ node, parameter }: Issue) => {
    if (node) store.getState().show(node, parameter, parameter === null);
  };
  if (!issues.length && !failed.length)
    return (
      <EmptyState
        tight
        title="No problems"
        why="The pipeline is complete, and nothing failed in the run that is shown."
      />
    );
  return (
    <div className={styles.problems}>
      {failed.map((step) => (
        <div key={step.id} className={styles.pad}>
          <ProblemCard
            problem={
              step.failure ?? {
                title: `${titleOf(step.node)} failed`,
                detail: "It left no further word. Its log may say more.",
                errors: [],
              }
            }
            actions={
              <Button size="compact" onClick={() => store.getState().show(step.node)}>
                Go to {titleOf(step.node)}
              </Button>
            }
          />
        </div>
      ))}
      {failed.length > 0 && issues.length > 0 && <h3 className={styles.group}>Before the next run</h3>}
      <ul>
        {issues.map((issue) => (
          <li key={`${issue.code} ${issue.node} ${issue.port} ${issue.parameter} ${issue.message}`}>
            <button
              type="button"
              className={styles.problem}
              data-severity={issue.severity}
              disabled={!issue.node}
              onClick={() => go(issue)}
            >
              {issue.severity === "error" ? (
                <CircleAlert size={15} aria-label="Error" />
              ) : (
                <TriangleAlert size={15} aria-label="Warning" />
              )}
              <span className={styles.message}>
                {issue.message}
                {issue.fix && <span className={styles.fix}>{issue.fix}</span>}
              </span>
              <span className={styles.where}>{issue.node ? titleOf(issue.node) : "Pipeline"}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
