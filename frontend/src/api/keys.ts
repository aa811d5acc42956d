/** Every query key in one place, so that live/apply.ts can address what it patches. */
export const keys = {
  session: ["session"] as const,
  tokens: ["tokens"] as const,
  components: ["components"] as const,
  samples: ["samples"] as const,
  workspaces: ["workspaces"] as const,
  /** Prefix of everything in one workspace. */
  workspace: (ws: string) => ["w", ws] as const,
  workspaceDetail: (ws: string) => ["w", ws, "workspace"] as const,
  members: (ws: string) => ["w", ws, "members"] as const,
  home: (ws: string) => ["w", ws, "home"] as const,
  activities: (ws: string) => ["w", ws, "activities"] as const,
  activityList: (ws: string, view: object) => ["w", ws, "activities", "list", view] as const,
  activity: (ws: string, id: string) => ["w", ws, "activities", "one", id] as const,
  unread: (ws: string) => ["w", ws, "activities", "unread"] as const,
  datastores: (ws: string) => ["w", ws, "datastores"] as const,
  tree: (ws: string, datastore: string, path: string) =>
    ["w", ws, "datastores", datastore, "tree", path] as const,
  datasets: (ws: string) => ["w", ws, "datasets"] as const,
  datasetList: (ws: string, view: object) => ["w", ws, "datasets", "list", view] as const,
  dataset: (ws: string, id: string) => ["w", ws, "datasets", "one", id] as const,
  datasetPart: (ws: string, id: string, version: number, part: string, view?: object) =>
    ["w", ws, "datasets", "one", id, version, part, ...(view ? [view] : [])] as const,
  drafts: (ws: string) => ["w", ws, "drafts"] as const,
  draftList: (ws: string) => ["w", ws, "drafts", "list"] as const,
  draft: (ws: string, id: string) => ["w", ws, "drafts", "one", id] as const,
  plan: (ws: string, id: string, revision: number) =>
    ["w", ws, "drafts", "one", id, "plan", revision] as const,
  runs: (ws: string) => ["w", ws, "runs"] as const,
  runLists: (ws: string) => ["w", ws, "runs", "list"] as const,
  runList: (ws: string, view: object) => ["w", ws, "runs", "list", view] as const,
  run: (ws: string, id: string) => ["w", ws, "runs", "one", id] as const,
  steps: (ws: string, id: string) => ["w", ws, "runs", "one", id, "steps"] as const,
  runGraph: (ws: string, id: string) => ["w", ws, "runs", "one", id, "graph"] as const,
  runMetrics: (ws: string, id: string) => ["w", ws, "runs", "one", id, "metrics"] as const,
  comparisons: (ws: string) => ["w", ws, "comparisons"] as const,
  comparison: (ws: string, runs: string, baseline: string) =>
    ["w", ws, "comparisons", runs, baseline] as const,
  output: (ws: string, stepRun: string, port: string) => ["w", ws, "outputs", stepRun, port] as const,
  experiments: (ws: string) => ["w", ws, "experiments"] as const,
  search: (ws: string, q: string) => ["w", ws, "search", q] as const,
};
