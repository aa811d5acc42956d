import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RefObject } from "react";
import { submitDraft } from "@/api/drafts";
import { keys } from "@/api/keys";
import { toProblem } from "@/api/problem";
import type { Issue } from "@/api/types";
import { announce } from "@/design/announce";
import type { SubmitOptions } from "../parts/SubmitButton";
import type { Autosave } from "../state/autosave";
import { useDesignerStore } from "../state/store";

/** Saves what is unsaved and submits it; what the server finds wrong goes to the problems of the draft. */
export function useSubmit(
  ws: string,
  draft: string,
  {
    autosave,
    onSubmitted,
    onIssues,
    onRefused,
  }: {
    autosave: RefObject<Autosave | null>;
    onSubmitted: (run: string) => void;
    onIssues: () => void;
    onRefused: (error: unknown) => void;
  },
) {
  const store = useDesignerStore();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (options: SubmitOptions) => {
      if (autosave.current && !(await autosave.current.flush()))
        throw new Error("The draft could not be saved, so it was not submitted.");
      return submitDraft(ws, draft, options, store.getState().revision);
    },
    onSuccess: (made) => {
      client.setQueryData(keys.run(ws, made.id), made);
      onSubmitted(made.id);
      void client.invalidateQueries({ queryKey: keys.runLists(ws) });
      announce(`Run ${made.number} submitted.`);
    },
    onError: (error) => {
      const problem = toProblem(error);
      const found = problem.errors.map(
        (each): Issue => ({
          code: each.code,
          severity: "error",
          node: each.node ?? null,
          port: each.port ?? null,
          parameter: each.parameter ?? null,
          message: each.detail,
          fix: each.fix ?? null,
        }),
      );
      if (problem.status === 422 && found.length) {
        const state = store.getState();
        const codes = new Set(state.issues.map((issue) => `${issue.code} ${issue.node} ${issue.parameter}`));
        state.patch({
          issues: [
            ...state.issues,
            ...found.filter((issue) => !codes.has(`${issue.code} ${issue.node} ${issue.parameter}`)),
          ],
        });
        onIssues();
        announce(`Not submitted. ${found.length === 1 ? found[0]?.message : `${found.length} problems.`}`);
      } else onRefused(error);
    },
  });
}
