import type { Command } from "./commands";
import { apply } from "./commands";
import type { PipelineDocument } from "./types";

/** How long a burst of typing, dragging or arrow keys stays one step of undo. */
export const BURST_MS = 1000;
const LIMIT = 1000;

interface Entry {
  forward: Command;
  backward: Command;
  at: number;
}

/** The one log of what was done. Selection, results and previews are not in it: undo never discards them. */
export interface History {
  past: readonly Entry[];
  future: readonly Entry[];
}

export interface Edited {
  document: PipelineDocument;
  history: History;
  label: string;
}

export const emptyHistory: History = { past: [], future: [] };

export function perform(document: PipelineDocument, history: History, command: Command, now: number): Edited {
  const { document: next, inverse } = apply(document, command);
  const last = history.past.at(-1);
  const joins =
    last !== undefined &&
    command.coalesce !== undefined &&
    last.forward.coalesce === command.coalesce &&
    history.future.length === 0 &&
    now - last.at < BURST_MS;
  const entry: Entry = joins
    ? {
        // The inverses stay in full: a burst need not touch the same things each time.
        forward: { ...command, edits: [...last.forward.edits, ...command.edits] },
        backward: { ...inverse, edits: [...inverse.edits, ...last.backward.edits] },
        at: now,
      }
    : { forward: command, backward: inverse, at: now };
  const past = joins ? [...history.past.slice(0, -1), entry] : [...history.past, entry].slice(-LIMIT);
  return { document: next, history: { past, future: [] }, label: command.label };
}

export function undo(document: PipelineDocument, history: History): Edited | null {
  const entry = history.past.at(-1);
  if (!entry) return null;
  return {
    document: apply(document, entry.backward).document,
    history: { past: history.past.slice(0, -1), future: [entry, ...history.future] },
    label: entry.forward.label,
  };
}

export function redo(document: PipelineDocument, history: History): Edited | null {
  const entry = history.future[0];
  if (!entry) return null;
  return {
    document: apply(document, entry.forward).document,
    history: { past: [...history.past, entry], future: history.future.slice(1) },
    label: entry.forward.label,
  };
}
