import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, inWorkspace } from "./client";
import { fetchProfile, type TableView } from "./datasets";
import { keys } from "./keys";
import type {
  ChildRun,
  Draft,
  Experiment,
  LogPage,
  MetricSeries,
  OutputDetail,
  Page,
  Plan,
  Run,
  RunGraph,
  Step,
  TablePage,
} from "./types";
import { listOf } from "./workspaces";

export interface RunView {
  kind?: "pipeline" | "step";
  status?: string;
  search?: string;
  sort?: string;
  experiment?: string;
  draft?: string;
}

export const runsQuery = (ws: string, view: RunView, limit = 100) =>
  infiniteQueryOptions({
    queryKey: keys.runList(ws, view),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Run>>(inWorkspace(ws, "runs"), {
        query: { kind: "pipeline", ...view, cursor: pageParam, limit },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const runQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.run(ws, id),
    queryFn: ({ signal }) => api.get<Run>(inWorkspace(ws, "runs", id), { signal }),
  });
export const stepsQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.steps(ws, id),
    queryFn: async ({ signal }) =>
      listOf(await api.get<Step[] | Page<Step>>(inWorkspace(ws, "runs", id, "steps"), { signal })),
  });
export const childrenQuery = (ws: string, id: string, sort: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.children(ws, id), sort],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ChildRun>>(inWorkspace(ws, "runs", id, "children"), {
        query: { sort, cursor: pageParam, limit: 200 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const runGraphQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.runGraph(ws, id),
    queryFn: ({ signal }) => api.get<RunGraph>(inWorkspace(ws, "runs", id, "graph"), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const runMetricsQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.runMetrics(ws, id),
    queryFn: ({ signal }) =>
      api.get<{ series: MetricSeries[] }>(inWorkspace(ws, "runs", id, "metrics"), {
        query: { recursive: true },
        signal,
      }),
  });
export const experimentsQuery = (ws: string) =>
  queryOptions({
    queryKey: keys.experiments(ws),
    queryFn: async ({ signal }) =>
      listOf(await api.get<Experiment[] | Page<Experiment>>(inWorkspace(ws, "experiments"), { signal })),
    staleTime: 30_000,
  });
/** What resuming a failed or canceled run would do, and doing it. */
export const fetchResumptionPlan = (ws: string, id: string, signal?: AbortSignal) =>
  api.get<Plan>(inWorkspace(ws, "runs", id, "resumption"), { signal });
export const resumeRun = (ws: string, id: string) => api.post<Run>(inWorkspace(ws, "runs", id, "resumption"));
export const cancelRun = (ws: string, id: string) =>
  api.post<Run>(inWorkspace(ws, "runs", id, "cancellation"));
export const archiveRun = (ws: string, id: string) => api.delete<void>(inWorkspace(ws, "runs", id));
export const updateRun = (
  ws: string,
  id: string,
  body: { display_name?: string; description?: string; tags?: Record<string, string> },
) => api.patch<Run>(inWorkspace(ws, "runs", id), body);
export const cloneRun = (ws: string, id: string) => api.post<Draft>(inWorkspace(ws, "runs", id, "drafts"));
export const fetchRunLog = (ws: string, id: string, offset: number, limit: number, signal?: AbortSignal) =>
  api.get<LogPage>(inWorkspace(ws, "runs", id, "log"), { query: { offset, limit }, signal });

// Outputs of a step's run; finished outputs never change.
export const outputQuery = (ws: string, stepRun: string, port: string) =>
  queryOptions({
    queryKey: keys.output(ws, stepRun, port),
    queryFn: ({ signal }) =>
      api.get<OutputDetail>(inWorkspace(ws, "runs", stepRun, "outputs", port), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const outputProfileQuery = (ws: string, stepRun: string, port: string) =>
  queryOptions({
    queryKey: [...keys.output(ws, stepRun, port), "profile"],
    queryFn: ({ signal }) =>
      fetchProfile(inWorkspace(ws, "runs", stepRun, "outputs", port, "profile"), signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => (query.state.data?.activity ? 4_000 : false),
  });
export const fetchOutputPage = (
  ws: string,
  stepRun: string,
  port: string,
  view: TableView & { offset: number; limit: number },
  signal?: AbortSignal,
) =>
  api.get<TablePage>(inWorkspace(ws, "runs", stepRun, "outputs", port, "table"), {
    query: { ...view },
    signal,
  });
export const outputDownloadPath = (ws: string, stepRun: string, port: string) =>
  inWorkspace(ws, "runs", stepRun, "outputs", port, "download");
