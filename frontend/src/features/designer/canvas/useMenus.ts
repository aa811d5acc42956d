import { useReactFlow } from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useCallback } from "react";
import type { Position } from "../model/types";
import type { FlowEdge, FlowNode } from "../state/flow";
import { useDesigner, useDesignerStore } from "../state/store";

/** Context menus where they are asked for, and adding a step by double-clicking the bare canvas. */
export function useMenus() {
  const store = useDesignerStore();
  const flow = useReactFlow();
  const readOnly = useDesigner((state) => state.readOnly);

  const onNodeContextMenu = useCallback(
    (event: ReactMouseEvent, node: FlowNode) => {
      event.preventDefault();
      const { selected: chosen, select, patch } = store.getState();
      if (!chosen.includes(node.id)) select([node.id]);
      patch({ contextMenu: menuAt(event, flow.screenToFlowPosition) });
    },
    [store, flow],
  );
  const onPaneContextMenu = useCallback(
    (event: ReactMouseEvent | MouseEvent) => {
      event.preventDefault();
      store.getState().patch({ contextMenu: menuAt(event, flow.screenToFlowPosition) });
    },
    [store, flow],
  );
  const onEdgeContextMenu = useCallback(
    (event: ReactMouseEvent, edge: FlowEdge) => {
      event.preventDefault();
      store.getState().select([], [edge.id]);
      store.getState().patch({ contextMenu: menuAt(event, flow.screenToFlowPosition) });
    },
    [store, flow],
  );

  const onDoubleClick = useCallback(
    (event: ReactMouseEvent) => {
      if (readOnly || !(event.target as Element).closest(".react-flow__pane")) return;
      const screen = { x: event.clientX, y: event.clientY };
      store
        .getState()
        .patch({ quickAdd: { screen, position: flow.screenToFlowPosition(screen), joint: null } });
    },
    [store, flow, readOnly],
  );

  return { onNodeContextMenu, onPaneContextMenu, onEdgeContextMenu, onDoubleClick };
}

function menuAt(event: { clientX: number; clientY: number }, toFlow: (point: Position) => Position) {
  const screen = { x: event.clientX, y: event.clientY };
  return { screen, position: toFlow(screen) };
}
