import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useState } from "react";
import { moveSteps } from "../model/edits";
import type { Position } from "../model/types";
import { type FlowEdge, type FlowNode, flowEdges, flowNodes } from "../state/flow";
import { useDesigner, useDesignerStore } from "../state/store";

/** The document as React Flow draws it, and what people do to it by pointer as commands on the document. */
export function useFlowElements() {
  const store = useDesignerStore();
  const document = useDesigner((state) => state.document);
  const catalog = useDesigner((state) => state.catalog);
  const readOnly = useDesigner((state) => state.readOnly);
  const selected = useDesigner((state) => state.selected);
  const selectedEdges = useDesigner((state) => state.selectedEdges);
  const [nodes, setNodes] = useState<FlowNode[]>([]);
  const [edges, setEdges] = useState<FlowEdge[]>([]);

  useEffect(() => {
    setNodes((before) => flowNodes(document, catalog, new Set(selected), before, readOnly));
  }, [document, catalog, selected, readOnly]);
  useEffect(() => {
    setEdges((before) => flowEdges(document, catalog, new Set(selectedEdges), before, readOnly));
  }, [document, catalog, selectedEdges, readOnly]);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const moves = new Map<string, { position?: Position; dragging?: boolean }>();
      const measured = new Map<string, { width: number; height: number }>();
      let chosen: Set<string> | null = null;
      for (const change of changes) {
        if (change.type === "position") moves.set(change.id, change);
        if (change.type === "dimensions" && change.dimensions) measured.set(change.id, change.dimensions);
        if (change.type === "select") {
          chosen ??= new Set(store.getState().selected);
          if (change.selected) chosen.add(change.id);
          else chosen.delete(change.id);
        }
      }
      if (moves.size || measured.size)
        setNodes((before) =>
          before.map((node) => {
            const move = moves.get(node.id);
            const size = measured.get(node.id);
            if (!move && !size) return node;
            return {
              ...node,
              ...(move && { position: move.position ?? node.position, dragging: move.dragging }),
              ...(size && { measured: size }),
            };
          }),
        );
      if (chosen) store.getState().select([...chosen], store.getState().selectedEdges);
    },
    [store],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      let chosen: Set<string> | null = null;
      for (const change of changes) {
        if (change.type !== "select") continue;
        chosen ??= new Set(store.getState().selectedEdges);
        if (change.selected) chosen.add(change.id);
        else chosen.delete(change.id);
      }
      if (chosen) store.getState().select(store.getState().selected, [...chosen]);
    },
    [store],
  );

  const onNodeDragStop = useCallback(
    (_event: unknown, _node: FlowNode, dragged: FlowNode[]) => {
      const { document: now, run } = store.getState();
      const moved = dragged.filter(({ id, position }) => {
        const was = now.view.positions[id];
        return !was || was.x !== position.x || was.y !== position.y;
      });
      if (moved.length)
        run(
          moveSteps(
            Object.fromEntries(
              moved.map(({ id, position }) => [id, { x: Math.round(position.x), y: Math.round(position.y) }]),
            ),
          ),
        );
    },
    [store],
  );

  return { nodes, edges, onNodesChange, onEdgesChange, onNodeDragStop };
}
