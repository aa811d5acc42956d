import type { UseMutationResult } from "@tanstack/react-query";
import { fetchPlan } from "@/api/drafts";
import { keys } from "@/api/keys";
import type { Run } from "@/api/types";
import { plural } from "@/design/format";
import { stepTitle } from "../model/selectors";
import { PlanDialog } from "../parts/PlanDialog";
import type { SubmitOptions } from "../parts/SubmitButton";
import { type DesignerState, useDesignerStore } from "../state/store";

/** The plan of a draft, of all of it or of what some steps need; what is run is what it showed. */
export function DraftPlan({
  ws,
  draft,
  revision,
  selection,
  submit,
  flush,
  onClose,
}: {
  ws: string;
  draft: string;
  revision: number;
  selection: readonly string[] | null;
  submit: UseMutationResult<Run, Error, SubmitOptions>;
  /** Saves what is unsaved; false when it could not be. */
  flush: () => Promise<boolean>;
  onClose: () => void;
}) {
  const store = useDesignerStore();
  return (
    <PlanDialog
      title={titleOf(selection, store.getState())}
      verb="Run"
      queryKey={[...keys.plan(ws, draft, revision), selection]}
      load={async (signal) => {
        if (!(await flush())) throw new Error("The draft could not be saved, so there is no plan of it.");
        return fetchPlan(ws, draft, selection, signal);
      }}
      busy={submit.isPending}
      problem={submit.error}
      onRun={(plan) =>
        submit.mutate({ plan_digest: plan.digest, ...(selection ? { selection: [...selection] } : {}) })
      }
      onClose={() => {
        submit.reset();
        onClose();
      }}
    />
  );
}

function titleOf(selection: readonly string[] | null, state: DesignerState): string {
  if (!selection) return "Plan";
  const [only] = selection;
  const node = only === undefined ? undefined : state.nodes.get(only);
  return selection.length === 1 && node
    ? `Run to ${stepTitle(node, state.catalog)}`
    : `Run ${plural(selection.length, "selected step")}`;
}
