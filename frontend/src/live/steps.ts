import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { ActivityChanged, PortType, Status, Step, StudioEvent } from "@/api/types";

export interface StepState {
  /** The step's own run. */
  id: string;
  status: Status;
  progress: number | null;
  phase: string;
  attempt: number;
  waitReason: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  reusedFrom: { id: string; run: string; number: number } | null;
  failureTitle: string | null;
  outputs: { port: string; type: PortType; rows: number | null; columns: number | null }[];
}

interface StepStore {
  /** run → node → state */
  runs: Record<string, Record<string, StepState>>;
}

const FINAL: ReadonlySet<Status> = new Set(["completed", "failed", "canceled", "skipped"]);

/** Per-step painting: an event changes one step's state, and only its reader renders. */
export const useStepStore = create<StepStore>(() => ({ runs: {} }));

function put(run: string, node: string, next: (found: StepState | undefined) => StepState | undefined): void {
  useStepStore.setState((state) => {
    const steps = state.runs[run] ?? {};
    const found = steps[node];
    const changed = next(found);
    if (!changed || changed === found) return state;
    return { runs: { ...state.runs, [run]: { ...steps, [node]: changed } } };
  });
}

function isOlder(found: StepState | undefined, attempt: number, status: Status): boolean {
  if (!found) return false;
  if (found.attempt > attempt) return true;
  return found.attempt === attempt && FINAL.has(found.status) && !FINAL.has(status);
}

const CHAIN: readonly Status[] = [
  "not_started",
  "queued",
  "starting",
  "provisioning",
  "preparing",
  "running",
  "finalizing",
];

/** Events come in order, a fetch may have been read before the last of them: it never takes a step back. */
function wasOutrun(found: StepState | undefined, step: Step): boolean {
  if (isOlder(found, step.attempt, step.status)) return true;
  if (found?.attempt !== step.attempt) return false;
  const at = CHAIN.indexOf(step.status);
  return at >= 0 && at < CHAIN.indexOf(found.status);
}

/** A fetched list of steps is the truth at its moment; events that came later win. */
export function seedSteps(run: string, steps: Step[]): void {
  for (const step of steps)
    put(run, step.node, (found) =>
      wasOutrun(found, step)
        ? found
        : {
            id: step.id,
            status: step.status,
            progress: step.progress,
            phase: step.phase,
            attempt: step.attempt,
            waitReason: step.wait_reason,
            startedAt: step.started_at,
            finishedAt: step.finished_at,
            reusedFrom: step.reused_from,
            failureTitle: step.failure?.title ?? null,
            outputs: step.outputs.map(({ port, type, rows, columns }) => ({ port, type, rows, columns })),
          },
    );
}

export function forgetSteps(run: string): void {
  useStepStore.setState((state) => {
    const { [run]: _gone, ...runs } = state.runs;
    return { runs };
  });
}

function changed(event: ActivityChanged): void {
  const { parent, node } = event;
  if (event.kind !== "step" || !parent || !node) return;
  put(parent, node, (found) =>
    isOlder(found, event.attempt, event.status)
      ? found
      : {
          id: event.id,
          status: event.status,
          progress: event.progress,
          phase: event.phase,
          attempt: event.attempt,
          waitReason: event.wait_reason,
          startedAt: event.started_at,
          finishedAt: event.finished_at,
          reusedFrom: event.reused_from,
          failureTitle: event.failure_title,
          outputs: event.outputs ?? found?.outputs ?? [],
        },
  );
}

/** Fed by the socket with every event. */
export function paintStep(event: StudioEvent): void {
  if (event.type === "activity.changed") changed(event.payload);
  else if (event.type === "activity.progressed") {
    const { parent, node, progress, phase } = event.payload;
    if (parent && node)
      put(parent, node, (found) =>
        found && !FINAL.has(found.status) ? { ...found, progress, phase: phase ?? found.phase } : found,
      );
  }
}

/** The state of one step of one run; renders only when that step changes. */
export function useStepState(run: string | null | undefined, node: string): StepState | undefined {
  return useStepStore((state) => (run ? state.runs[run]?.[node] : undefined));
}

/** Something small computed over all steps of a run, for run bars and edges. */
export function useRunSteps<T>(
  run: string | null | undefined,
  select: (steps: Record<string, StepState>) => T,
): T {
  return useStepStore(useShallow((state) => select((run && state.runs[run]) || NONE)));
}

const NONE: Record<string, StepState> = {};
