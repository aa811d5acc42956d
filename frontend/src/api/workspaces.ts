import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace } from "./client";
import { keys } from "./keys";
import type {
  Datastore,
  Home,
  Invitation,
  Member,
  OpenInvitation,
  Page,
  Role,
  SearchHit,
  TreePage,
  Workspace,
} from "./types";

/** Lists come paged; short ones may come bare. */
export function listOf<T>(answer: T[] | Page<T>): T[] {
  return Array.isArray(answer) ? answer : answer.results;
}

export const workspacesQuery = () =>
  queryOptions({
    queryKey: keys.workspaces,
    queryFn: async ({ signal }) =>
      listOf(
        await api.get<Workspace[] | Page<Workspace>>("/api/workspaces", { query: { limit: 200 }, signal }),
      ),
  });
export const workspaceQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.workspaceDetail(ws),
    queryFn: ({ signal }) => api.get<Workspace>(inWorkspace(ws), { signal }),
    staleTime: 60_000,
  });
export const createWorkspace = (body: { name: string; friendly_name: string; description: string }) =>
  api.post<Workspace>("/api/workspaces", body);
export const updateWorkspace = (ws: string, body: { friendly_name?: string; description?: string }) =>
  api.patch<Workspace>(inWorkspace(ws), body);
export const archiveWorkspace = (ws: string) => api.delete<void>(inWorkspace(ws));

export const membersQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.members(ws),
    queryFn: async ({ signal }) =>
      listOf(
        await api.get<Member[] | Page<Member>>(inWorkspace(ws, "members"), { query: { limit: 200 }, signal }),
      ),
  });
export const addMember = (ws: string, body: { username: string; role: Role }) =>
  api.post<Member>(inWorkspace(ws, "members"), body);
export const changeMember = (ws: string, user: string | number, role: Role) =>
  api.patch<Member>(inWorkspace(ws, "members", user), { role });
export const removeMember = (ws: string, user: string | number) =>
  api.delete<void>(inWorkspace(ws, "members", user));

export const invitationsQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.invitations(ws),
    queryFn: ({ signal }) => api.get<Invitation[]>(inWorkspace(ws, "invitations"), { signal }),
  });
export const createInvitation = (ws: string, body: { role: Role; days: number; note: string }) =>
  api.post<Invitation>(inWorkspace(ws, "invitations"), body);
export const withdrawInvitation = (ws: string, id: string) =>
  api.delete<void>(inWorkspace(ws, "invitations", id));
export const openInvitationQuery = (secret: string) =>
  queryOptions({
    queryKey: keys.invitation(secret),
    queryFn: ({ signal }) =>
      api.get<OpenInvitation>(`/api/invitations/${encodeURIComponent(secret)}`, { signal }),
    retry: false,
  });
/** Joins with the account that is signed in, or with the new one that is described. */
export const acceptInvitation = (secret: string, account: { username: string; password: string } | null) =>
  api.post<Workspace>(`/api/invitations/${encodeURIComponent(secret)}/acceptance`, account ?? {});

export const homeQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.home(ws),
    queryFn: ({ signal }) => api.get<Home>(inWorkspace(ws, "home"), { signal }),
  });
export const dismissGettingStarted = (ws: string) => api.post<void>(inWorkspace(ws, "home", "dismissal"));

export const datastoresQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.datastores(ws),
    queryFn: async ({ signal }) =>
      listOf(await api.get<Datastore[] | Page<Datastore>>(inWorkspace(ws, "datastores"), { signal })),
    staleTime: 60_000,
  });
export const fetchTree = (
  ws: string,
  datastore: string,
  path: string,
  cursor: string | null,
  signal?: AbortSignal,
) => api.get<TreePage>(inWorkspace(ws, "datastores", datastore, "tree"), { query: { path, cursor }, signal });

export const searchQuery = (ws: string, q: string) =>
  queryOptions({
    queryKey: keys.search(ws, q),
    queryFn: async ({ signal }) =>
      listOf(
        await api.get<SearchHit[] | Page<SearchHit>>(inWorkspace(ws, "search"), { query: { q }, signal }),
      ),
    staleTime: 10_000,
  });
