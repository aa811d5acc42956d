import { useEffect, useRef } from "react";
import type { Status } from "@/api/types";
import { announce } from "@/design/announce";
import { isFinal } from "@/design/status";
import { useDesigner, useDesignerStore } from "../state/store";

/** Says when the run ends; its progress is only shown. */
export function useAnnounceRun(
  id: string | undefined,
  status: Status | undefined,
  number: number | undefined,
): void {
  const before = useRef<{ id?: string; final: boolean }>({ final: true });
  useEffect(() => {
    if (!status) return;
    const final = isFinal(status);
    if (before.current.id === id && !before.current.final && final) announce(`Run ${number} ${status}.`);
    before.current = { id, final };
  }, [id, status, number]);
}

/** Shows the step that fails before one's eyes. */
export function useRevealFailure(run: string | undefined, open: () => void): void {
  const store = useDesignerStore();
  const failed = useDesigner((state) =>
    Object.keys(state.steps).find((node) => state.steps[node]?.status === "failed"),
  );
  const seen = useRef<{ run?: string; failed?: string }>({});
  const doOpen = useRef(open);
  doOpen.current = open;
  useEffect(() => {
    const fresh =
      seen.current.run === run && run !== undefined && !seen.current.failed && failed !== undefined;
    seen.current = { run, failed };
    // Only a failure that happens before one's eyes: an old one must not take over a page that just opened.
    if (!fresh || !failed) return;
    store.getState().show(failed);
    doOpen.current();
  }, [store, run, failed]);
}
