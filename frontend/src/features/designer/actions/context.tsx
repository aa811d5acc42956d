import { createContext, useContext } from "react";

/** What the actions of a page need beside the store: things only the page can do. */
export interface PageDoings {
  submit: () => void;
  canSubmit: boolean;
  /** Shows what running all steps, or those that some need, would do; null where nothing can be run. */
  plan: ((selection: readonly string[] | null) => void) | null;
  stop: (() => void) | null;
  focusSearch: () => void;
  showOutline: (shown: boolean) => void;
  outline: boolean;
  openDock: (tab: "output" | "charts" | "trials" | "logs" | "problems") => void;
  toggleDock: () => void;
  cloneToDraft: (() => void) | null;
  /** Opens the named versions of the draft. */
  versions: (() => void) | null;
  /** Shows what resuming a failed or canceled run would do. */
  resume: (() => void) | null;
}

const DoingsContext = createContext<PageDoings | null>(null);
export const PageDoingsProvider = DoingsContext.Provider;

export function usePageDoings(): PageDoings {
  const doings = useContext(DoingsContext);
  if (!doings) throw new Error("Actions need a page around them.");
  return doings;
}
