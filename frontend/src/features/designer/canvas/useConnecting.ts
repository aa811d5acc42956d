import type { Connection, FinalConnectionState, OnConnectStartParams } from "@xyflow/react";
import { useReactFlow } from "@xyflow/react";
import { type RefObject, useCallback } from "react";
import { announce } from "@/design/announce";
import { checkConnection, inputOf, outputOf } from "../model/compat";
import { connectPorts } from "../model/edits";
import type { GraphEdge } from "../model/types";
import type { FlowEdge } from "../state/flow";
import { type DesignerState, useDesignerStore } from "../state/store";

/** Connections that are drawn by pointer: checked while they are drawn, refused with the reason. */
export function useConnecting(root: RefObject<HTMLDivElement | null>) {
  const store = useDesignerStore();
  const flow = useReactFlow();
  const isValidConnection = useCallback(
    (connection: Connection | FlowEdge) => {
      const edge = edgeOf(connection);
      const { document: now, catalog: known } = store.getState();
      return edge !== null && checkConnection(now, known, edge).ok;
    },
    [store],
  );

  const onConnect = useCallback(
    (connection: Connection) => {
      const edge = edgeOf(connection);
      const { document: now, catalog: known, run } = store.getState();
      if (edge) run(connectPorts(now, known, edge));
    },
    [store],
  );

  const onConnectStart = useCallback(
    (_event: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
      const { document: now, catalog: known } = store.getState();
      if (!nodeId || !handleId || !root.current) return;
      const port =
        handleType === "source"
          ? outputOf(now, known, nodeId, handleId)
          : inputOf(now, known, nodeId, handleId);
      // CSS dims what does not fit; no step has to hear of the connection.
      root.current.dataset.connecting = port?.type ?? "file";
      root.current.dataset.seeks = handleType === "source" ? "input" : "output";
    },
    [store, root],
  );

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, end: FinalConnectionState) => {
      if (root.current) {
        delete root.current.dataset.connecting;
        delete root.current.dataset.seeks;
      }
      if (end.isValid || !end.fromNode || !end.fromHandle?.id) return;
      const { document: now, catalog: known, run, patch } = store.getState();
      const fromSource = end.fromHandle.type === "source";
      const point = "changedTouches" in event ? (event.changedTouches[0] as Touch) : event;
      if (end.toHandle?.id && end.toNode) {
        const from = { node: end.fromNode.id, port: end.fromHandle.id };
        const to = { node: end.toNode.id, port: end.toHandle.id };
        const [source, target] = fromSource ? [from, to] : [to, from];
        const check = checkConnection(now, known, {
          source: source.node,
          source_port: source.port,
          target: target.node,
          target_port: target.port,
        });
        if (!check.ok) announce(`Not connected. ${check.reason}`);
        return;
      }
      const under = window.document.elementFromPoint(point.clientX, point.clientY);
      const body = under?.closest<HTMLElement>(".react-flow__node");
      if (body?.dataset.id && body.dataset.id !== end.fromNode.id) {
        // Dropped on a step, not on a port: the first port that takes it.
        const edge = joinTo(
          store.getState(),
          end.fromNode.id,
          end.fromHandle.id,
          fromSource,
          body.dataset.id,
        );
        if (edge) run(connectPorts(now, known, edge));
        else announce("Not connected. This step has no free port that fits.");
        return;
      }
      if (!under?.closest(".react-flow__pane")) return;
      patch({
        quickAdd: {
          screen: { x: point.clientX, y: point.clientY },
          position: flow.screenToFlowPosition({ x: point.clientX, y: point.clientY }),
          joint: { node: end.fromNode.id, port: end.fromHandle.id, side: fromSource ? "source" : "target" },
        },
      });
    },
    [store, flow, root],
  );

  return { isValidConnection, onConnect, onConnectStart, onConnectEnd };
}

function edgeOf(connection: Connection | FlowEdge): GraphEdge | null {
  const { source, sourceHandle, target, targetHandle } = connection;
  return source && sourceHandle && target && targetHandle
    ? { source, source_port: sourceHandle, target, target_port: targetHandle }
    : null;
}

function joinTo(
  { document, catalog, nodes }: DesignerState,
  from: string,
  port: string,
  fromSource: boolean,
  other: string,
): GraphEdge | null {
  const spec = catalog.byId.get(nodes.get(other)?.component ?? "");
  if (!spec) return null;
  const candidates: GraphEdge[] = fromSource
    ? spec.inputs.map((input) => ({
        source: from,
        source_port: port,
        target: other,
        target_port: input.name,
      }))
    : spec.outputs.map((output) => ({
        source: other,
        source_port: output.name,
        target: from,
        target_port: port,
      }));
  return candidates.find((edge) => checkConnection(document, catalog, edge).ok) ?? null;
}
