import { type ReactNode, useEffect } from "react";
import { create } from "zustand";

export interface Command {
  id: string;
  label: string;
  /** Heading in the palette and in the shortcuts sheet. */
  group: string;
  /** As `<Kbd>` takes it: "mod+enter", "l". Shown, not bound. */
  shortcut?: string;
  icon?: ReactNode;
  keywords?: string;
  enabled?: boolean;
  /** Only listed in the shortcuts sheet. */
  sheetOnly?: boolean;
  perform: () => void;
}

/** What the page on screen can do: the command palette and the shortcuts sheet read it. */
export const useCommandStore = create<{ sources: Record<string, Command[]> }>(() => ({ sources: {} }));

/** Offers commands while the caller is mounted. Memoize the list. */
export function useCommands(source: string, commands: Command[]): void {
  useEffect(() => {
    useCommandStore.setState((state) => ({ sources: { ...state.sources, [source]: commands } }));
    return () =>
      useCommandStore.setState((state) => {
        const { [source]: _gone, ...rest } = state.sources;
        return { sources: rest };
      });
  }, [source, commands]);
}
