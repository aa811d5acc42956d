import { useQuery } from "@tanstack/react-query";
import { workspaceQuery } from "@/api/workspaces";

/** May the person change drafts and submit runs here? Until the answer is known: yes, the server has the last word. */
export function useCan(ws: string): { known: boolean; edit: boolean; submit: boolean } {
  const { data, isPending } = useQuery(workspaceQuery(ws));
  return {
    known: !isPending,
    edit: data ? data.actions.includes("drafts.edit") : true,
    submit: data ? data.actions.includes("runs.submit") : true,
  };
}
