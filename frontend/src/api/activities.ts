import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, inWorkspace } from "./client";
import { keys } from "./keys";
import type { Activity, EventPage, LogPage, Page } from "./types";

export interface ActivityView {
  status?: string;
  kind?: string;
  mine?: boolean;
}

export const activitiesQuery = (ws: string, view: ActivityView) =>
  infiniteQueryOptions({
    queryKey: keys.activityList(ws, view),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Activity>>(inWorkspace(ws, "activities"), {
        query: { ...view, mine: view.mine || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const activityQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.activity(ws, id),
    queryFn: ({ signal }) => api.get<Activity>(inWorkspace(ws, "activities", id), { signal }),
  });
export const unreadQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.unread(ws),
    queryFn: ({ signal }) =>
      api.get<{ count: number; results: Activity[] }>(inWorkspace(ws, "activities", "unread"), { signal }),
  });
export const markRead = (ws: string) =>
  api.post<void>(inWorkspace(ws, "activities", "read"), { up_to: null });
export const cancelActivity = (ws: string, id: string) =>
  api.post<Activity>(inWorkspace(ws, "activities", id, "cancellation"));
export const fetchActivityLog = (
  ws: string,
  id: string,
  offset: number,
  limit: number,
  signal?: AbortSignal,
) => api.get<LogPage>(inWorkspace(ws, "activities", id, "log"), { query: { offset, limit }, signal });
export const fetchEvents = (ws: string, after: number | null, signal?: AbortSignal) =>
  api.get<EventPage>(inWorkspace(ws, "events"), { query: { after, limit: 500 }, signal });
