import { useReactFlow } from "@xyflow/react";
import { useEffect, useMemo } from "react";
import { moveSteps } from "../model/edits";
import { useDesignerStore } from "../state/store";
import type { Action, Context } from "./action";
import { ACTIONS } from "./actions";
import { notePointer, pasteText } from "./clipboard";
import { usePageDoings } from "./context";

const mac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.userAgent);

export function useActionContext(): Context {
  const store = useDesignerStore();
  const flow = useReactFlow();
  const page = usePageDoings();
  return useMemo(() => ({ store, flow, page }), [store, flow, page]);
}

/** Listens to the keys of the page: the actions' own, arrows that move steps, and paste. */
export function useKeys(): void {
  const context = useActionContext();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const focus = event.target instanceof Element ? event.target : document.body;
      if (focus.closest("[role=dialog], [role=menu], [role=listbox]")) return;
      const { store, page } = context;
      const state = store.getState();
      const typing = isTyping(focus);
      const inCanvas = focus.closest("[data-region=canvas], [data-region=outline]") !== null;
      const found = ACTIONS.find((action) => action.keys.some((keys) => matches(event, keys)));
      if (found && mayAct(found, event, typing, inCanvas)) {
        // Also when there is nothing left to undo: the browser would undo in the last text field and take the focus there.
        if (found.id === "undo" || found.id === "redo") event.preventDefault();
        if ((found.editing && state.readOnly) || !found.enabled(state, page)) return;
        event.preventDefault();
        void found.perform(context);
        return;
      }
      if (typing || !focus.closest("[data-region=canvas]")) return;
      if (event.key === "Escape") {
        if (state.selected.length || state.selectedEdges.length) state.select([]);
      } else if (event.key === " " && focus instanceof HTMLElement && focus.matches(".react-flow__node")) {
        event.preventDefault();
        const id = focus.dataset.id as string;
        const others = state.selected.filter((other) => other !== id);
        state.select(state.selected.includes(id) ? others : event.shiftKey ? [...others, id] : [id]);
      } else nudge(event, context);
    };
    const onPaste = (event: ClipboardEvent) => {
      const focus = document.activeElement ?? document.body;
      if (context.store.getState().readOnly || isTyping(focus)) return;
      const text = event.clipboardData?.getData("text/plain") || sessionStorage.getItem("studio-steps") || "";
      if (pasteText(context, text)) event.preventDefault();
    };
    const onPointerMove = (event: PointerEvent) => {
      const over = event.target instanceof Element && event.target.closest("[data-canvas]") !== null;
      notePointer(over ? { x: event.clientX, y: event.clientY } : null);
    };
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("paste", onPaste);
    document.addEventListener("pointermove", onPointerMove, { passive: true });
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("paste", onPaste);
      document.removeEventListener("pointermove", onPointerMove);
      notePointer(null);
    };
  }, [context]);
}

function mayAct(action: Action, event: KeyboardEvent, typing: boolean, inCanvas: boolean): boolean {
  // Text fields keep their own undo, copy and paste; only submitting reaches out of them.
  if (typing) return action.id === "submit";
  if (action.scope === "page" && action.id === "search") return true;
  if (action.scope === "page") return true;
  if (event.key === "Enter")
    return inCanvas && event.target instanceof Element && event.target.matches(".react-flow__node");
  return inCanvas;
}

export function isTyping(focus: Element): boolean {
  return (
    focus instanceof HTMLElement &&
    (focus.isContentEditable ||
      focus.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"))
  );
}

export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys === "+" ? ["+"] : keys.split("+");
  const key = parts.at(-1) as string;
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const mod = mac ? event.metaKey : event.ctrlKey;
  const otherMod = mac ? event.ctrlKey : event.metaKey;
  if (mod !== wants("mod") || otherMod || event.altKey) return false;
  // Signs are typed with Shift on some keyboards and without on others.
  if (/^[a-z0-9]$|..+/.test(key) && event.shiftKey !== wants("shift")) return false;
  return event.key.toLowerCase() === key;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function nudge(event: KeyboardEvent, { store }: Context): void {
  const arrow = ARROWS[event.key];
  const { document, selected, readOnly, run } = store.getState();
  if (!arrow || readOnly || !selected.length || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const by = event.shiftKey ? 16 : 4;
  const positions = Object.fromEntries(
    selected.map((id) => {
      const place = document.view.positions[id] ?? { x: 0, y: 0 };
      return [id, { x: place.x + arrow[0] * by, y: place.y + arrow[1] * by }];
    }),
  );
  run(moveSteps(positions, { coalesce: `nudge:${selected.join()}` }));
}
