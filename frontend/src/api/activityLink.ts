import type { Activity } from "./types";

type ActivityTarget =
  | { to: "/w/$ws/runs/$run"; params: { ws: string; run: string } }
  | { to: "/w/$ws/data/$dataset"; params: { ws: string; dataset: string } }
  | { to: "/w/$ws/activity"; params: { ws: string } };

/** Where an activity's subject is shown. */
export function activityLink(
  activity: Pick<Activity, "id" | "kind" | "parent" | "subject">,
  ws: string,
): ActivityTarget {
  if (activity.kind === "pipeline_run") return { to: "/w/$ws/runs/$run", params: { ws, run: activity.id } };
  if (activity.kind === "step" && activity.parent)
    return { to: "/w/$ws/runs/$run", params: { ws, run: activity.parent } };
  if (activity.subject?.kind === "dataset")
    return { to: "/w/$ws/data/$dataset", params: { ws, dataset: activity.subject.id } };
  return { to: "/w/$ws/activity", params: { ws } };
}
