import type { Problem } from "@/api/problem";

/** Where a chunked upload stands. A pure machine: {@link Uploader} carries out what it says. */
export interface UploadState {
  phase: "creating" | "sending" | "paused" | "waiting" | "complete" | "failed" | "canceled";
  id: string | null;
  offset: number;
  size: number;
  chunk: number;
  /** Failures in a row; a chunk that arrives forgets them. */
  failures: number;
  problem: Problem | null;
}

export type UploadSignal =
  | { type: "accepted"; id: string; offset: number; chunk: number; complete: boolean }
  | { type: "arrived"; offset: number; complete: boolean }
  /** The server is at another offset than we thought: it is right. */
  | { type: "corrected"; offset: number }
  | { type: "refused"; problem: Problem }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "cancel" };

const PATIENCE = 6;

export function newUpload(size: number): UploadState {
  return { phase: "creating", id: null, offset: 0, size, chunk: 0, failures: 0, problem: null };
}

const passing = (problem: Problem) => problem.status === 0 || problem.status === 429 || problem.status >= 500;

export function nextUpload(state: UploadState, signal: UploadSignal): UploadState {
  if (state.phase === "canceled" || state.phase === "complete") return state;
  switch (signal.type) {
    case "accepted":
      return {
        ...state,
        id: signal.id,
        offset: signal.offset,
        chunk: signal.chunk,
        failures: 0,
        problem: null,
        phase: signal.complete ? "complete" : state.phase === "paused" ? "paused" : "sending",
      };
    case "arrived":
      return {
        ...state,
        offset: signal.offset,
        failures: 0,
        problem: null,
        phase: signal.complete ? "complete" : state.phase === "paused" ? "paused" : "sending",
      };
    case "corrected":
      return {
        ...state,
        offset: signal.offset,
        failures: state.failures + 1,
        phase: state.failures >= PATIENCE ? "failed" : state.phase,
      };
    case "refused": {
      const failures = state.failures + 1;
      if (state.phase === "paused") return { ...state, failures, problem: null };
      const hopeless = !passing(signal.problem) || failures > PATIENCE;
      return { ...state, failures, problem: signal.problem, phase: hopeless ? "failed" : "waiting" };
    }
    case "pause":
      return state.phase === "sending" || state.phase === "waiting"
        ? { ...state, phase: "paused", problem: null }
        : state;
    case "resume":
      if (state.phase === "paused" || state.phase === "waiting")
        return { ...state, phase: "sending", problem: null };
      return state.phase === "failed"
        ? { ...state, phase: state.id ? "sending" : "creating", failures: 0, problem: null }
        : state;
    case "cancel":
      return { ...state, phase: "canceled", problem: null };
  }
}

/** Pause before the next try, in milliseconds. */
export function waitOf(failures: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.max(0, failures - 1));
}
