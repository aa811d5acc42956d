import { useSyncExternalStore } from "react";

/** One shared tick a second for everything that says "12 s ago"; stopped while nobody looks. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = Date.now();
    timer = setInterval(() => {
      if (document.hidden) return;
      now = Date.now();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (!listeners.size && timer) {
      clearInterval(timer);
      timer = null;
    }
  };
}

const read = () => now;
const still = () => () => undefined;

/** The current time, moving each second while `live`. */
export function useNow(live = true): number {
  return useSyncExternalStore(live ? subscribe : still, read, read);
}
