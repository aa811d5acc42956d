import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, send, withQuery } from "./client";
import { keys } from "./keys";
import type {
  Activity,
  DataSource,
  Dataset,
  DatasetKind,
  DatasetSummary,
  DatasetVersion,
  FileList,
  Lineage,
  Page,
  ParseOptions,
  ParsePreview,
  Profile,
  TablePage,
  Upload,
} from "./types";
import { listOf } from "./workspaces";

export interface TableView {
  sort?: string | null;
  direction?: "asc" | "desc";
  columns?: string[];
  search?: string;
}

export type ProfileAnswer = { profile: Profile; activity: null } | { profile: null; activity: Activity };

/** 200 carries the profile, 202 the activity that is making it. */
export async function fetchProfile(path: string, signal?: AbortSignal): Promise<ProfileAnswer> {
  const reply = await send<Profile | Activity>("GET", path, { signal });
  return reply.status === 202
    ? { profile: null, activity: reply.data as Activity }
    : { profile: reply.data as Profile, activity: null };
}

export const datasetsQuery = (
  ws: string,
  view: { search?: string; archived?: boolean; sort?: string; kind?: DatasetKind },
) =>
  infiniteQueryOptions({
    queryKey: keys.datasetList(ws, view),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<DatasetSummary>>(inWorkspace(ws, "datasets"), {
        query: { ...view, archived: view.archived || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
export const datasetQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: keys.dataset(ws, id),
    queryFn: ({ signal }) => api.get<Dataset>(inWorkspace(ws, "datasets", id), { signal }),
  });
export const datasetVersionsQuery = (ws: string, id: string) =>
  queryOptions({
    queryKey: [...keys.dataset(ws, id), "versions"],
    queryFn: async ({ signal }) =>
      listOf(
        await api.get<DatasetVersion[] | Page<DatasetVersion>>(inWorkspace(ws, "datasets", id, "versions"), {
          query: { limit: 200 },
          signal,
        }),
      ),
  });
export const datasetFilesQuery = (ws: string, id: string, version: number) =>
  queryOptions({
    queryKey: keys.datasetPart(ws, id, version, "files"),
    queryFn: ({ signal }) =>
      api.get<FileList>(inWorkspace(ws, "datasets", id, "versions", version, "files"), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const datasetProfileQuery = (ws: string, id: string, version: number) =>
  queryOptions({
    queryKey: keys.datasetPart(ws, id, version, "profile"),
    queryFn: ({ signal }) =>
      fetchProfile(inWorkspace(ws, "datasets", id, "versions", version, "profile"), signal),
    staleTime: Number.POSITIVE_INFINITY,
    // The event announces it; this covers a page whose socket is away.
    refetchInterval: (query) => (query.state.data?.activity ? 4_000 : false),
  });
export const datasetLineageQuery = (ws: string, id: string, version: number) =>
  queryOptions({
    queryKey: keys.datasetPart(ws, id, version, "lineage"),
    queryFn: ({ signal }) =>
      api.get<Lineage>(inWorkspace(ws, "datasets", id, "versions", version, "lineage"), { signal }),
  });
export const fetchDatasetPage = (
  ws: string,
  id: string,
  version: number,
  view: TableView & { offset: number; limit: number },
  signal?: AbortSignal,
) =>
  api.get<TablePage>(inWorkspace(ws, "datasets", id, "versions", version, "preview"), {
    query: { ...view },
    signal,
  });
export const datasetDownloadPath = (ws: string, id: string, version: number) =>
  withQuery(inWorkspace(ws, "datasets", id, "versions", version, "download"));

export const createDataset = (
  ws: string,
  body: {
    name: string;
    description: string;
    tags: Record<string, string>;
    source: DataSource;
    /** None for a file, which is not read. */
    options: ParseOptions | null;
    kind: DatasetKind;
  },
) => api.post<DatasetVersion>(inWorkspace(ws, "datasets"), body);
export const createDatasetVersion = (
  ws: string,
  id: string,
  body: { source: DataSource; options: ParseOptions | null; description: string },
) => api.post<DatasetVersion>(inWorkspace(ws, "datasets", id, "versions"), body);
export const updateDataset = (
  ws: string,
  id: string,
  body: { name?: string; description?: string; tags?: Record<string, string> },
) => api.patch<Dataset>(inWorkspace(ws, "datasets", id), body);
export const archiveDataset = (ws: string, id: string) => api.delete<void>(inWorkspace(ws, "datasets", id));
export const restoreDataset = (ws: string, id: string) =>
  api.post<void>(inWorkspace(ws, "datasets", id, "restoration"));

export const createUpload = (ws: string, body: { file_name: string; size_bytes: number }) =>
  api.post<Upload>(inWorkspace(ws, "uploads"), body);
export const getUpload = (ws: string, id: string, signal?: AbortSignal) =>
  api.get<Upload>(inWorkspace(ws, "uploads", id), { signal });
export const sendChunk = (ws: string, id: string, offset: number, chunk: Blob, signal?: AbortSignal) =>
  api.patch<Upload>(inWorkspace(ws, "uploads", id), chunk, {
    headers: { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" },
    signal,
  });
export const deleteUpload = (ws: string, id: string) => api.delete<void>(inWorkspace(ws, "uploads", id));
export const previewParse = (
  ws: string,
  source: DataSource,
  options: Partial<ParseOptions> | null,
  signal?: AbortSignal,
) => api.post<ParsePreview>(inWorkspace(ws, "parse-previews"), { ...source, options }, { signal });
