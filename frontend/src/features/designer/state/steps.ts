import type { PlanStep, PortType, ProblemDetails, Reason, Status } from "@/api/types";
import type { PipelineDocument } from "../model/types";

/** What became of one step in the run that the canvas shows. */
export interface StepState {
  /** The step's own run, where its outputs and log are. */
  run: string;
  status: Status;
  progress: number | null;
  phase: string;
  waitReason: string | null;
  reused: { id: string; run: string; number: number } | null;
  reason: Reason | null;
  startedAt: string | null;
  finishedAt: string | null;
  durationS: number | null;
  outputs: { port: string; type: PortType; rows: number | null; columns: number | null }[];
  failure: ProblemDetails | null;
  failureTitle: string | null;
}

const WORDS: Record<Status, string> = {
  not_started: "not started",
  queued: "queued",
  starting: "starting",
  provisioning: "provisioning",
  preparing: "preparing",
  running: "running",
  finalizing: "finalizing",
  completed: "completed",
  failed: "failed",
  canceling: "canceling",
  canceled: "canceled",
  not_responding: "not responding",
  skipped: "skipped",
};

export const ACTIVE: ReadonlySet<Status> = new Set<Status>([
  "not_started",
  "queued",
  "starting",
  "provisioning",
  "preparing",
  "running",
  "finalizing",
  "canceling",
  "not_responding",
]);

export const WORKING: ReadonlySet<Status> = new Set<Status>([
  "starting",
  "provisioning",
  "preparing",
  "running",
  "finalizing",
  "canceling",
  "not_responding",
]);

/** How a step looks: one of a few faces, so that twelve states stay readable at a glance. */
export type Face = "idle" | "queued" | "starting" | "running" | "ok" | "failed" | "off" | "warn" | "stale";

export function faceOf(step: StepState | undefined, stale: boolean): Face {
  if (!step) return "idle";
  switch (step.status) {
    case "completed":
      return stale ? "stale" : "ok";
    case "failed":
      return stale ? "stale" : "failed";
    case "running":
    case "finalizing":
      return "running";
    case "starting":
    case "provisioning":
    case "preparing":
      return "starting";
    case "canceling":
    case "canceled":
    case "skipped":
      return "off";
    case "not_responding":
      return "warn";
    default:
      return "queued";
  }
}

/** The state in words: what the ring shows by shape and color, for the accessible description. */
export function stateWord(step: StepState | undefined, stale: boolean): string {
  if (!step) return "not run";
  if (stale) return "not run since it changed";
  if (step.status === "completed" && step.reused) return "reused";
  return WORDS[step.status];
}

/**
 * The steps whose shown result is no longer theirs: changed since, or fed by one that changed.
 * A step that merely cannot be reused (a random seed, outside data) keeps its result: it did run as drawn.
 */
export function staleSteps(document: PipelineDocument, plan: readonly PlanStep[]): Set<string> {
  const stale = new Set(
    plan
      .filter(
        ({ decision, reason }) =>
          decision === "run" && (reason.kind === "changed" || reason.kind === "first_run"),
      )
      .map(({ node }) => node),
  );
  const queue = [...stale];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const edge of document.graph.edges)
      if (edge.source === id && !stale.has(edge.target)) {
        stale.add(edge.target);
        queue.push(edge.target);
      }
  return stale;
}
