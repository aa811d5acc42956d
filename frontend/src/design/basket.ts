import { useMemo } from "react";
import { create } from "zustand";
import type { Run } from "@/api/types";

/** As many as a page can tell apart; the API takes more. */
export const BASKET_LIMIT = 20;

/** What a list must know of a run to put it in the basket. */
export interface BasketRun {
  id: string;
  number: number;
  name: string;
}

interface BasketStore {
  baskets: Record<string, BasketRun[]>;
  put: (ws: string, runs: BasketRun[]) => void;
}

const storageKey = (ws: string) => `studio-basket-${ws}`;

function isRun(value: unknown): value is BasketRun {
  const run = value as Partial<BasketRun> | null;
  return typeof run?.id === "string" && typeof run.number === "number" && typeof run.name === "string";
}

/** What storage holds, as far as it is a basket. */
export function readBasket(text: string | null): BasketRun[] {
  if (!text) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isRun).slice(0, BASKET_LIMIT) : [];
  } catch {
    // Something else is stored under this name: an empty basket it is.
    return [];
  }
}

function stored(ws: string): BasketRun[] {
  try {
    return readBasket(localStorage.getItem(storageKey(ws)));
  } catch {
    // Storage is forbidden: the basket lasts as long as the page.
    return [];
  }
}

const useStore = create<BasketStore>((set) => ({
  baskets: {},
  put: (ws, runs) => {
    set((state) => ({ baskets: { ...state.baskets, [ws]: runs } }));
    try {
      localStorage.setItem(storageKey(ws), JSON.stringify(runs));
    } catch {
      // Remembering is a convenience; the basket works without it.
    }
  },
}));

// Another tab added or removed something.
if (typeof window !== "undefined")
  window.addEventListener("storage", (event) => {
    const ws = event.key?.startsWith(storageKey("")) ? event.key.slice(storageKey("").length) : null;
    if (ws)
      useStore.setState((state) => ({ baskets: { ...state.baskets, [ws]: readBasket(event.newValue) } }));
  });

/** Runs added to a basket as far as there is room; `left` counts those that did not fit. */
export function withRuns(basket: BasketRun[], added: BasketRun[]): { runs: BasketRun[]; left: number } {
  const known = new Set(basket.map((run) => run.id));
  const fresh = added.filter((run) => !known.has(run.id));
  const room = Math.max(0, BASKET_LIMIT - basket.length);
  return { runs: [...basket, ...fresh.slice(0, room)], left: Math.max(0, fresh.length - room) };
}

export function basketRun(run: Run): BasketRun {
  return { id: run.id, number: run.number, name: run.display_name || `Run ${run.number}` };
}

/** The rows from the last one chosen to this one, as a click with Shift means; else this one alone. */
export function rowsBetween<Row extends { id: string }>(
  rows: readonly Row[],
  from: string | null,
  to: string,
): Row[] {
  const end = rows.findIndex((row) => row.id === to);
  const start = rows.findIndex((row) => row.id === from);
  if (end < 0) return [];
  return rows.slice(start < 0 ? end : Math.min(start, end), Math.max(start, end) + 1);
}

/** The runs chosen for comparing, kept for each workspace. */
export function useBasket(ws: string) {
  const kept = useStore((state) => state.baskets[ws]);
  const put = useStore((state) => state.put);
  return useMemo(() => {
    const runs = kept ?? stored(ws);
    const ids = new Set(runs.map((run) => run.id));
    return {
      runs,
      has: (id: string) => ids.has(id),
      /** Adds runs and returns how many did not fit. */
      add: (added: BasketRun[]): number => {
        const next = withRuns(runs, added);
        put(ws, next.runs);
        return next.left;
      },
      remove: (gone: readonly string[]) =>
        put(
          ws,
          runs.filter((run) => !gone.includes(run.id)),
        ),
      clear: () => put(ws, []),
    };
  }, [kept, put, ws]);
}

export const basketFull = `A comparison holds ${BASKET_LIMIT} runs, as many as one can tell apart. Remove one first.`;
