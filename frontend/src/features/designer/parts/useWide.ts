import { useSyncExternalStore } from "react";

const query = () => window.matchMedia("(min-width: 1024px)");

function subscribe(listener: () => void): () => void {
  const media = query();
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Is there room for the panels beside the canvas? Else they are sheets. */
export function useWide(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => query().matches,
    () => true,
  );
}
