import { keys } from "@/api/keys";
import type {
  Activity,
  ActivityChanged,
  DatasetVersion,
  EventPayloads,
  EventType,
  MetricSeries,
  Run,
  Status,
  Step,
  StudioEvent,
} from "@/api/types";

/** What an event does to the query cache. Keys are prefixes. */
export type Effect =
  | { kind: "patch"; key: readonly unknown[]; update: (data: unknown) => unknown }
  | { kind: "invalidate"; key: readonly unknown[] };

const FINAL: ReadonlySet<Status> = new Set(["completed", "failed", "canceled", "skipped"]);

const invalidate = (key: readonly unknown[]): Effect => ({ kind: "invalidate", key });

/**
 * Replaces every object with this id, in any answer shape: one object, a list, a page, pages of an
 * infinite query, or the home document. Returns the same reference when nothing changed.
 */
export function replaceById<T extends { id: string }>(
  data: unknown,
  id: string,
  change: (found: T) => T,
): unknown {
  if (Array.isArray(data)) {
    let changed = false;
    const next = data.map((item) => {
      const replaced = replaceById(item, id, change);
      if (replaced !== item) changed = true;
      return replaced;
    });
    return changed ? next : data;
  }
  if (data === null || typeof data !== "object") return data;
  const record = data as Record<string, unknown>;
  if (record.id === id) return change(record as T);
  let next: Record<string, unknown> | null = null;
  for (const name of ["pages", "results", "running", "recent_runs", "failed", "versions"]) {
    if (!Array.isArray(record[name])) continue;
    const replaced = replaceById(record[name], id, change);
    if (replaced !== record[name]) {
      next ??= { ...record };
      next[name] = replaced;
    }
  }
  return next ?? data;
}

interface Lively {
  id: string;
  status: Status;
  attempt: number;
  phase: string;
  progress: number | null;
  wait_reason: string | null;
  started_at: string | null;
  finished_at: string | null;
  duration_s: number | null;
  can_cancel: boolean;
}

/** A fetch may be newer than an event still on its way: an outcome is never taken back within an attempt. */
function outrun(found: Lively, event: { status: Status; attempt: number }): boolean {
  if (found.attempt > event.attempt) return true;
  return found.attempt === event.attempt && FINAL.has(found.status) && !FINAL.has(event.status);
}

function withChange<T extends Lively>(event: ActivityChanged): (found: T) => T {
  return (found) => {
    if (outrun(found, event)) return found;
    const done = FINAL.has(event.status);
    const duration =
      event.started_at && event.finished_at
        ? (Date.parse(event.finished_at) - Date.parse(event.started_at)) / 1000
        : found.duration_s;
    return {
      ...found,
      status: event.status,
      phase: event.phase,
      progress: event.progress,
      attempt: event.attempt,
      wait_reason: event.wait_reason,
      started_at: event.started_at,
      finished_at: event.finished_at,
      duration_s: duration,
      can_cancel: done || event.status === "canceling" ? false : found.can_cancel,
    };
  };
}

type Table = { [T in EventType]: (payload: EventPayloads[T], ws: string) => Effect[] };

/** Every event type has its row; the test walks the types. */
export const TABLE: Table = {
  "activity.changed": (event, ws) => {
    const patch = (key: readonly unknown[]): Effect => ({
      kind: "patch",
      key,
      update: (data) => replaceById<Activity & Run>(data, event.id, withChange(event)),
    });
    // Trials come and go by the hundred, and no list but their step's shows them.
    if (event.kind === "trial") return event.parent ? [invalidate(keys.children(ws, event.parent))] : [];
    const done = FINAL.has(event.status);
    const born = event.previous === null;
    const effects: Effect[] = [patch(keys.activities(ws))];
    if (born || done) effects.push(invalidate(keys.activities(ws)));
    if (event.kind === "pipeline_run") {
      effects.push(patch(keys.runs(ws)), patch(keys.home(ws)));
      if (born || done) {
        effects.push(
          invalidate(keys.runLists(ws)),
          invalidate(keys.comparisons(ws)),
          invalidate(keys.home(ws)),
          invalidate(keys.draftList(ws)),
        );
        effects.push(invalidate(keys.experiments(ws)));
      }
      if (done) effects.push(invalidate(keys.run(ws, event.id)));
    } else if (event.kind === "step" && event.parent) {
      effects.push(patch(keys.steps(ws, event.parent)));
      // Outputs, reasons and the parent's counts are not in the event.
      if (done) {
        effects.push(invalidate(keys.steps(ws, event.parent)), invalidate(keys.run(ws, event.parent)));
        effects.push(invalidate(keys.runLists(ws)), invalidate(keys.comparisons(ws)));
      }
    } else if (event.kind === "dataset_version") {
      effects.push({
        kind: "patch",
        key: keys.datasets(ws),
        update: (data) => patchVersion(data, event),
      });
      if (born || done) effects.push(invalidate(keys.datasets(ws)), invalidate(keys.home(ws)));
    }
    return effects;
  },
  "activity.progressed": (event, ws) => {
    const update = (data: unknown) =>
      replaceById<Activity | Run | Step>(data, event.id, (found) =>
        FINAL.has(found.status)
          ? found
          : { ...found, progress: event.progress, phase: event.phase ?? found.phase },
      );
    const effects: Effect[] = [{ kind: "patch", key: keys.activities(ws), update }];
    if (event.parent) effects.push({ kind: "patch", key: keys.steps(ws, event.parent), update });
    else
      effects.push(
        { kind: "patch", key: keys.runs(ws), update },
        { kind: "patch", key: keys.home(ws), update },
      );
    return effects;
  },
  // Log text goes to the views that follow it, through subscribe().
  "activity.logged": () => [],
  "experiments.metrics_logged": (event, ws) => [
    {
      kind: "patch",
      key: keys.runMetrics(ws, event.parent ?? event.run),
      update: (data) => appendPoints(data, event),
    },
  ],
  "experiments.run_updated": (event, ws) => [
    invalidate(keys.run(ws, event.run)),
    invalidate(keys.runLists(ws)),
    invalidate(keys.comparisons(ws)),
    invalidate(keys.home(ws)),
  ],
  "datasets.dataset_changed": (event, ws) => [
    invalidate([...keys.datasets(ws), "list"]),
    invalidate(keys.dataset(ws, event.dataset)),
    invalidate(keys.home(ws)),
  ],
  "datasets.version_registered": (event, ws) => [
    invalidate([...keys.datasets(ws), "list"]),
    invalidate(keys.dataset(ws, event.dataset)),
    invalidate(keys.home(ws)),
  ],
  "datasets.profile_stored": (event, ws) => {
    if (event.dataset && event.version !== null)
      return [invalidate(keys.datasetPart(ws, event.dataset, event.version, "profile"))];
    return [invalidate(["w", ws, "outputs"])];
  },
  "pipelines.draft_saved": (event, ws) => [
    invalidate(keys.draftList(ws)),
    invalidate(keys.draft(ws, event.draft)),
  ],
  "pipelines.draft_changed": (event, ws) => [
    invalidate(keys.draftList(ws)),
    invalidate(keys.draft(ws, event.draft)),
    invalidate(keys.home(ws)),
  ],
  "workspaces.workspace_changed": (_event, ws) => [
    invalidate(keys.workspaceDetail(ws)),
    invalidate(keys.workspaces),
  ],
  "workspaces.member_changed": (_event, ws) => [
    invalidate(keys.members(ws)),
    invalidate(keys.workspaceDetail(ws)),
    invalidate(keys.workspaces),
  ],
};

function patchVersion(data: unknown, event: ActivityChanged): unknown {
  if (data === null || typeof data !== "object" || !("versions" in data)) return data;
  const dataset = data as { versions: DatasetVersion[] };
  if (!Array.isArray(dataset.versions)) return data;
  let changed = false;
  const versions = dataset.versions.map((version) => {
    if (version.activity?.id !== event.id || outrun(version.activity, event)) return version;
    changed = true;
    return { ...version, status: event.status, activity: withChange<Activity>(event)(version.activity) };
  });
  return changed ? { ...dataset, versions } : data;
}

function appendPoints(data: unknown, event: EventPayloads["experiments.metrics_logged"]): unknown {
  const answer = data as { series?: MetricSeries[] } | undefined;
  if (!answer?.series) return data;
  const series = [...answer.series];
  for (const { name, ...point } of event.points) {
    const at = series.findIndex((each) => each.run === event.run && each.name === name);
    const found = series[at];
    if (!found) {
      series.push({ run: event.run, node: event.node, name, last: point.value, points: [point], count: 1 });
      continue;
    }
    // A replayed event, or one that the fetch already held.
    if (found.points.some((each) => each.step === point.step && each.at === point.at)) continue;
    series[at] = { ...found, last: point.value, points: [...found.points, point], count: found.count + 1 };
  }
  return { ...answer, series };
}

export function isKnown(event: { type: string }): event is StudioEvent {
  return Object.hasOwn(TABLE, event.type);
}

/** The effects of one event; none for a type this build does not know. */
export function effectsOf(event: StudioEvent, ws: string): Effect[] {
  const row = TABLE[event.type] as (payload: unknown, ws: string) => Effect[];
  return row(event.payload, ws);
}
