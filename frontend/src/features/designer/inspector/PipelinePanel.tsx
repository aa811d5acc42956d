import type { Run } from "@/api/types";
import { SwitchField } from "@/design/Field";
import { plural } from "@/design/format";
import { changeSettings } from "../model/edits";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Inspector.module.css";
import { RunsTab } from "./RunsTab";

/** Nothing is chosen: the pipeline as a whole. */
export function PipelinePanel({ draftId, run }: { draftId: string | null; run: Run | undefined }) {
  const store = useDesignerStore();
  const graph = useDesigner((state) => state.document.graph);
  const readOnly = useDesigner((state) => state.readOnly);
  return (
    <div className={styles.body}>
      <section className={styles.section}>
        <h2 className={styles.many}>Pipeline</h2>
        <p className={styles.quiet}>
          {plural(graph.nodes.length, "step")}, {plural(graph.edges.length, "connection")}. Choose a step to
          see its parameters and results.
        </p>
        <SwitchField
          label="Continue when a step fails"
          description="Steps that do not depend on the failed one still run."
          disabled={readOnly}
          checked={graph.settings.continue_on_step_failure === true}
          onChange={(event) =>
            store
              .getState()
              .run(
                changeSettings({ ...graph.settings, continue_on_step_failure: event.currentTarget.checked }),
              )
          }
        />
      </section>
      <hr className={styles.rule} />
      <section className={styles.section}>
        <h2 className={styles.many}>Runs</h2>
        <RunsTab id={null} draftId={draftId} run={run} />
      </section>
    </div>
  );
}
