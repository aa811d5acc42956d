import type { EventType, StudioEvent } from "@/api/types";

type EventOf<T extends EventType> = Extract<StudioEvent, { type: T }>;
type Listener = (event: StudioEvent) => void;

const listeners = new Map<string, Set<Listener>>();

/** Calls `fn` for each event of a type, in order. Returns the way out. */
export function subscribe<T extends EventType>(type: T, fn: (event: EventOf<T>) => void): () => void {
  const set = listeners.get(type) ?? new Set();
  listeners.set(type, set);
  set.add(fn as Listener);
  return () => set.delete(fn as Listener);
}

export function publish(event: StudioEvent): void {
  for (const listener of listeners.get(event.type) ?? []) listener(event);
}
