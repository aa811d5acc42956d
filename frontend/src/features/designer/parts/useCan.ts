import { useQuery } from "@tanstack/react-query";
import { workspaceQuery } from "@/api/workspaces";

/** May the person change drafts and submit runs here? Until the answer is known: yes, the server has the last word. */
export function useCan(ws: string): { edit: boolean; submit: boolean } {
  const { data } = useQuery(workspaceQuery(ws));
  return {
    edit: data ? data.actions.includes("drafts.edit") : true,
    submit: data ? data.actions.includes("runs.submit") : true,
  };
}
