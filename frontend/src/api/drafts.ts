import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace } from "./client";
import { keys } from "./keys";
import type { Draft, DraftSummary, Graph, GraphView, Page, Plan, Run } from "./types";
import { listOf } from "./workspaces";

export const draftsQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.draftList(ws),
    queryFn: async ({ signal }) =>
      listOf(
        await api.get<DraftSummary[] | Page<DraftSummary>>(inWorkspace(ws, "drafts"), {
          query: { limit: 200 },
          signal,
        }),
      ),
  });
export const draftQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.draft(ws, id),
    queryFn: ({ signal }) => api.get<Draft>(inWorkspace(ws, "drafts", id), { signal }),
  });
export const planQuery = (ws: string, id: string, revision: number) =>
  queryOptions({
    queryKey: keys.plan(ws, id, revision),
    queryFn: ({ signal }) => api.get<Plan>(inWorkspace(ws, "drafts", id, "plan"), { signal }),
  });
export const createDraft = (
  ws: string,
  body: { name: string; description?: string; graph?: Graph; view?: GraphView; sample?: string },
) => api.post<Draft>(inWorkspace(ws, "drafts"), body);
/** Saves a revision; a stale one is refused with 412 and code `stale`. */
export const saveDraft = (
  ws: string,
  id: string,
  revision: number,
  body: { graph: Graph; view: GraphView },
) => api.put<Draft>(inWorkspace(ws, "drafts", id), body, { headers: { "If-Match": `"${revision}"` } });
export const renameDraft = (ws: string, id: string, body: { name?: string; description?: string }) =>
  api.patch<Draft>(inWorkspace(ws, "drafts", id), body);
export const deleteDraft = (ws: string, id: string) => api.delete<void>(inWorkspace(ws, "drafts", id));
export const copyDraft = (ws: string, id: string) => api.post<Draft>(inWorkspace(ws, "drafts", id, "copies"));
export const submitDraft = (
  ws: string,
  id: string,
  body: { display_name?: string; experiment?: string; continue_on_step_failure?: boolean },
  revision?: number,
) =>
  api.post<Run>(inWorkspace(ws, "drafts", id, "runs"), body, {
    headers: revision === undefined ? {} : { "If-Match": `"${revision}"` },
  });
