import type { ReactFlowInstance, Viewport } from "@xyflow/react";
import { useReactFlow } from "@xyflow/react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { STEP_HEIGHT, STEP_WIDTH } from "../model/placing";
import type { FlowEdge, FlowNode } from "../state/flow";
import { useDesigner, useDesignerStore } from "../state/store";
import { FIT, glide } from "./fit";

/** What of the pipeline is in sight: kept for the session, and moved to what wants to be seen. */
export function useViewport(root: RefObject<HTMLDivElement | null>, viewportKey: string) {
  const store = useDesignerStore();
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const [ready, setReady] = useState(false);

  const onInit = useCallback(
    (instance: ReactFlowInstance<FlowNode, FlowEdge>) => {
      const kept = readViewport(viewportKey);
      if (kept) instance.setViewport(kept);
      // Without steps there is nothing to fit, and the first one must stay where it is dropped.
      else if (store.getState().nodes.size) void instance.fitView(FIT);
      setReady(true);
    },
    [viewportKey, store],
  );

  // Where steps cannot be dragged, pressing one begins to move the canvas: steps must take the click all the same,
  // so they only step aside once something moves.
  const from = useRef<Viewport | null>(null);
  const onMoveStart = useCallback((_event: unknown, viewport: Viewport) => {
    from.current = viewport;
  }, []);
  const onMove = useCallback(
    (_event: unknown, viewport: Viewport) => {
      const start = from.current;
      if (start && start.zoom === viewport.zoom && Math.hypot(start.x - viewport.x, start.y - viewport.y) < 4)
        return;
      root.current?.setAttribute("data-moving", "");
    },
    [root],
  );
  const onMoveEnd = useCallback(
    (_event: unknown, viewport: Viewport) => {
      root.current?.removeAttribute("data-moving");
      if (ready) sessionStorage.setItem(viewportKey, JSON.stringify(viewport));
    },
    [viewportKey, ready, root],
  );

  // A new step, or one that a problem points to, is brought into sight and given the focus.
  const reveal = useDesigner((state) => state.reveal);
  useEffect(() => {
    if (!reveal || !ready) return;
    const frame = requestAnimationFrame(() => {
      const place = store.getState().document.view.positions[reveal.node];
      const box = root.current?.getBoundingClientRect();
      if (!place || !box) return;
      // Only as far as it takes: a canvas that jumps loses the eye.
      const zoom = flow.getZoom();
      const at = flow.flowToScreenPosition(place);
      const over = (start: number, size: number, from: number, to: number) =>
        start < from ? from - start : start + size > to ? Math.max(from - start, to - start - size) : 0;
      const dx = over(at.x, STEP_WIDTH * zoom, box.left + 24, box.right - 24);
      const dy = over(at.y, STEP_HEIGHT * zoom, box.top + 56, box.bottom - 64);
      if (dx || dy) {
        const viewport = flow.getViewport();
        void flow.setViewport(
          { ...viewport, x: viewport.x + dx, y: viewport.y + dy },
          { duration: glide(200) },
        );
      }
      if (reveal.focus) focusStep(root.current, reveal.node);
    });
    return () => cancelAnimationFrame(frame);
  }, [reveal, ready, flow, store, root]);

  return { ready, onInit, onMoveStart, onMove, onMoveEnd };
}

function readViewport(key: string): Viewport | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (
      value &&
      typeof value === "object" &&
      ["x", "y", "zoom"].every((name) => Number.isFinite((value as Record<string, unknown>)[name]))
    )
      return value as Viewport;
  } catch {
    // A viewport that cannot be read is no viewport: the pipeline is fitted instead.
  }
  return null;
}

export function focusStep(root: ParentNode | null, id: string): void {
  root
    ?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    ?.focus({ preventScroll: true });
}
