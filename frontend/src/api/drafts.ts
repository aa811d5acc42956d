import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace } from "./client";
import { keys } from "./keys";
import type { Draft, DraftSummary, DraftVersion, Graph, GraphView, Page, Plan, Run } from "./types";
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
    queryFn: ({ signal }) => fetchPlan(ws, id, null, signal),
  });
/** What submitting would do, for all steps or for those that some nodes need. */
export const fetchPlan = (ws: string, id: string, nodes: readonly string[] | null, signal?: AbortSignal) =>
  api.get<Plan>(inWorkspace(ws, "drafts", id, "plan"), {
    query: nodes ? { nodes: nodes.join(",") } : {},
    signal,
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
  body: {
    display_name?: string;
    experiment?: string;
    continue_on_step_failure?: boolean;
    selection?: string[];
    plan_digest?: string;
  },
  revision?: number,
) =>
  api.post<Run>(inWorkspace(ws, "drafts", id, "runs"), body, {
    headers: revision === undefined ? {} : { "If-Match": `"${revision}"` },
  });

export const draftVersionsQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.draftVersions(ws, id),
    queryFn: ({ signal }) => api.get<DraftVersion[]>(inWorkspace(ws, "drafts", id, "versions"), { signal }),
  });
export const saveDraftVersion = (ws: string, id: string, body: { name: string; note: string }) =>
  api.post<DraftVersion>(inWorkspace(ws, "drafts", id, "versions"), body);
/** Makes a version the drawing again; what was there before is kept as a version. */
export const restoreDraftVersion = (ws: string, id: string, number: number, revision: number) =>
  api.post<Draft>(inWorkspace(ws, "drafts", id, "versions", number, "restoration"), undefined, {
    headers: { "If-Match": `"${revision}"` },
  });
