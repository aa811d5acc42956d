import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { useDesigner, useDesignerStore } from "../state/store";

export const DOCK_TABS = ["output", "charts", "trials", "logs", "problems"] as const;
export type DockTab = (typeof DOCK_TABS)[number];
export function isDockTab(tab: string): tab is DockTab {
  return (DOCK_TABS as readonly string[]).includes(tab);
}
export const RUN_VIEWS = ["graph", "steps", "metrics"] as const;
export type RunView = (typeof RUN_VIEWS)[number];

/** What of the screen is in the address: the chosen step, and the tab. A copied link shows the same. */
export interface DesignerSearch {
  step?: string;
  tab?: DockTab | RunView;
}

/** Validates the search part of the designer's addresses: what is unknown is dropped. */
export function validateDesignerSearch(search: Record<string, unknown>): DesignerSearch {
  const tab = [...DOCK_TABS, ...RUN_VIEWS].find((known) => known === search.tab);
  const step = typeof search.step === "string" && search.step !== "" ? search.step : undefined;
  return { ...(step && { step }), ...(tab && { tab }) };
}

export function useView(): {
  search: DesignerSearch;
  set: (part: Partial<DesignerSearch>, replace?: boolean) => void;
} {
  const search = validateDesignerSearch(useSearch({ strict: false }) as Record<string, unknown>);
  const navigate = useNavigate();
  const set = useCallback(
    (part: Partial<DesignerSearch>, replace = false) => {
      void navigate({
        to: ".",
        search: ((before: DesignerSearch) => {
          const next = { ...before, ...part };
          for (const key of Object.keys(next) as (keyof DesignerSearch)[])
            if (next[key] === undefined) delete next[key];
          return next;
        }) as never,
        replace,
      });
    },
    [navigate],
  );
  return { search, set };
}

/** Keeps the chosen step and the address the same, whichever of them moves. */
export function useStepInAddress(ready: boolean): void {
  const store = useDesignerStore();
  const { search, set } = useView();
  const only = useDesigner((state) => (state.selected.length === 1 ? state.selected[0] : undefined));
  const applied = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!ready || search.step === applied.current) return;
    applied.current = search.step;
    if (search.step) store.getState().show(search.step);
  }, [ready, search.step, store]);
  useEffect(() => {
    if (!ready || only === applied.current) return;
    // Dragging a frame chooses many steps one after another: the address follows when it is quiet.
    const timer = setTimeout(() => {
      applied.current = only;
      set({ step: only }, true);
    }, 150);
    return () => clearTimeout(timer);
  }, [ready, only, set]);
}
