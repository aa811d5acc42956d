import { useReactFlow } from "@xyflow/react";
import { type PointerEvent, useCallback, useRef } from "react";
import { addAt, addNearSelection, spliceTarget } from "../actions/adding";
import { middleOfCanvas } from "../canvas/geometry";
import { useDesignerStore } from "../state/store";
import type { Entry } from "./entries";
import styles from "./Palette.module.css";

const THRESHOLD = 5;

/**
 * Dragging from the palette by pointer events, so that mouse, pen and touch are one path. A press without movement
 * is a click and adds too. The native drag of HTML does not exist for touch, and has no pointer in its events.
 */
export function usePaletteDrag(onAdded?: () => void) {
  const store = useDesignerStore();
  const flow = useReactFlow();
  const dragged = useRef(false);

  const onPointerDown = useCallback(
    (event: PointerEvent<HTMLElement>, entry: Entry) => {
      if (event.button !== 0) return;
      dragged.current = false;
      // On touch screens a row scrolls the list; only its grip starts a drag.
      if (event.pointerType === "touch" && !(event.target as Element).closest("[data-grip]")) return;
      const row = event.currentTarget;
      const start = { x: event.clientX, y: event.clientY };
      let ghost: HTMLElement | null = null;
      let over: Element | null = null;
      const mark = (next: Element | null) => {
        if (next === over) return;
        over?.removeAttribute("data-splice");
        next?.setAttribute("data-splice", "");
        over = next;
      };
      const targetAt = (x: number, y: number) => {
        const under = document.elementFromPoint(x, y);
        const canvas = under?.closest("[data-canvas]") ?? null;
        const edge = under?.closest<HTMLElement>(".react-flow__edge") ?? null;
        const id = edge?.dataset.id;
        return { canvas, edge: id && spliceTarget(store, entry.component, id) ? edge : null };
      };
      const move = (now: globalThis.PointerEvent) => {
        if (!ghost && Math.hypot(now.clientX - start.x, now.clientY - start.y) < THRESHOLD) return;
        if (!ghost) {
          dragged.current = true;
          ghost = document.createElement("div");
          ghost.className = styles.ghost ?? "";
          ghost.textContent = entry.label;
          document.body.append(ghost);
          row.setPointerCapture(now.pointerId);
        }
        const { canvas, edge } = targetAt(now.clientX, now.clientY);
        ghost.style.transform = `translate(${now.clientX}px, ${now.clientY}px) translate(-50%, -50%)`;
        ghost.dataset.allowed = canvas ? "" : "no";
        mark(edge);
      };
      const end = (now: globalThis.PointerEvent) => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", end);
        window.removeEventListener("pointercancel", end);
        window.removeEventListener("keydown", cancel, true);
        const wasDragged = ghost !== null;
        ghost?.remove();
        ghost = null;
        if (wasDragged && now.type === "pointerup") {
          const { canvas, edge } = targetAt(now.clientX, now.clientY);
          if (canvas) {
            addAt(
              store,
              entry,
              flow.screenToFlowPosition({ x: now.clientX, y: now.clientY }),
              edge?.dataset.id ?? null,
            );
            onAdded?.();
          }
        }
        mark(null);
      };
      const cancel = (key: KeyboardEvent) => {
        if (key.key !== "Escape" || !ghost) return;
        key.stopPropagation();
        end(new globalThis.PointerEvent("pointercancel"));
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", end);
      window.addEventListener("pointercancel", end);
      window.addEventListener("keydown", cancel, true);
    },
    [store, flow, onAdded],
  );

  const onClick = useCallback(
    (event: { detail: number }, entry: Entry) => {
      // The second click of a double click has already been served by the first.
      if (dragged.current || event.detail > 1) return;
      addNearSelection(store, entry, middleOfCanvas(flow.screenToFlowPosition));
      onAdded?.();
    },
    [store, flow, onAdded],
  );

  return { onPointerDown, onClick };
}
