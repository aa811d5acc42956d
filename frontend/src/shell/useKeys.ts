import { useEffect, useRef } from "react";

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest?.("input, textarea, select, [contenteditable=true], .cm-editor"));
}

/** Moves focus to the next marked region of the page. */
function cycleRegions(back: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => region.offsetParent !== null,
  );
  if (!regions.length) return;
  // The innermost region that holds the focus is where we are.
  let at = -1;
  regions.forEach((region, i) => {
    if (region.contains(document.activeElement)) at = i;
  });
  const next = regions[(at + (back ? -1 : 1) + regions.length) % regions.length];
  if (!next) return;
  const first =
    next.tabIndex >= 0
      ? next
      : next.querySelector<HTMLElement>(
          "a[href], button:not(:disabled), input:not(:disabled), [tabindex='0']",
        );
  (first ?? next).focus();
}

/** Keys that work on every page. */
export function useKeys(handlers: { onPalette: () => void; onSheet: () => void }): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (
        (event.ctrlKey || event.metaKey) &&
        !event.shiftKey &&
        !event.altKey &&
        event.key.toLowerCase() === "k"
      ) {
        event.preventDefault();
        latest.current.onPalette();
      } else if (event.key === "?" && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        latest.current.onSheet();
      } else if (event.key === "F6") {
        event.preventDefault();
        cycleRegions(event.shiftKey);
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
