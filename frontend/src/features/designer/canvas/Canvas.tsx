import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  type OnConnectStartParams,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { announce } from "@/design/announce";
import { checkConnection, inputOf, outputOf } from "../model/compat";
import { connectPorts, moveSteps } from "../model/edits";
import type { GraphEdge, Position } from "../model/types";
import {
  type FlowEdge as FlowEdgeType,
  type FlowNode,
  flowEdges,
  flowNodes,
  STEP_HEIGHT,
  STEP_WIDTH,
} from "../state/flow";
import { type Face, faceOf } from "../state/steps";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Canvas.module.css";
import { ConnectionHint } from "./ConnectionHint";
import { FlowEdge } from "./FlowEdge";
import { FIT } from "./fit";
import { StepNode } from "./StepNode";

const nodeTypes = { step: StepNode };
const edgeTypes = { flow: FlowEdge };
/** Above this many steps only those in sight are in the page. */
const MANY = 100;

const FACE_COLOR: Record<Face, string> = {
  idle: "var(--line-strong)",
  queued: "var(--line-strong)",
  stale: "var(--line-strong)",
  off: "var(--st-off)",
  starting: "var(--st-running)",
  running: "var(--st-running)",
  ok: "var(--st-ok)",
  failed: "var(--st-fail)",
  warn: "var(--st-warn)",
};

interface CanvasProps {
  /** Names the place where the viewport of this pipeline is kept for the session. */
  viewportKey: string;
  label: string;
  children?: ReactNode;
}

export function Canvas({ viewportKey, label, children }: CanvasProps) {
  const store = useDesignerStore();
  const document = useDesigner((state) => state.document);
  const catalog = useDesigner((state) => state.catalog);
  const readOnly = useDesigner((state) => state.readOnly);
  const selected = useDesigner((state) => state.selected);
  const selectedEdges = useDesigner((state) => state.selectedEdges);
  const [nodes, setNodes] = useState<FlowNode[]>([]);
  const [edges, setEdges] = useState<FlowEdgeType[]>([]);
  const [ready, setReady] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<FlowNode, FlowEdgeType>();

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
    (changes: EdgeChange<FlowEdgeType>[]) => {
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

  const isValidConnection = useCallback(
    (connection: Connection | FlowEdgeType) => {
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
    [store],
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
    [store, flow],
  );

  const onInit = useCallback(
    (instance: ReactFlowInstance<FlowNode, FlowEdgeType>) => {
      const kept = readViewport(viewportKey);
      if (kept) instance.setViewport(kept);
      // Without steps there is nothing to fit, and the first one must stay where it is dropped.
      else if (store.getState().nodes.size) void instance.fitView(FIT);
      setReady(true);
    },
    [viewportKey, store],
  );

  const onMoveStart = useCallback(() => root.current?.setAttribute("data-moving", ""), []);
  const onMoveEnd = useCallback(
    (_event: unknown, viewport: { x: number; y: number; zoom: number }) => {
      root.current?.removeAttribute("data-moving");
      if (ready) sessionStorage.setItem(viewportKey, JSON.stringify(viewport));
    },
    [viewportKey, ready],
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
        void flow.setViewport({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, { duration: 200 });
      }
      if (reveal.focus) focusStep(root.current, reveal.node);
    });
    return () => cancelAnimationFrame(frame);
  }, [reveal, ready, flow, store]);

  const onNodeContextMenu = useCallback(
    (event: React.MouseEvent, node: FlowNode) => {
      event.preventDefault();
      const { selected: chosen, select, patch } = store.getState();
      if (!chosen.includes(node.id)) select([node.id]);
      patch({ contextMenu: menuAt(event, flow.screenToFlowPosition) });
    },
    [store, flow],
  );
  const onPaneContextMenu = useCallback(
    (event: React.MouseEvent | MouseEvent) => {
      event.preventDefault();
      store.getState().patch({ contextMenu: menuAt(event, flow.screenToFlowPosition) });
    },
    [store, flow],
  );
  const onEdgeContextMenu = useCallback(
    (event: React.MouseEvent, edge: FlowEdgeType) => {
      event.preventDefault();
      store.getState().select([], [edge.id]);
      store.getState().patch({ contextMenu: menuAt(event, flow.screenToFlowPosition) });
    },
    [store, flow],
  );

  const onDoubleClick = useCallback(
    (event: React.MouseEvent) => {
      if (readOnly || !(event.target as Element).closest(".react-flow__pane")) return;
      const screen = { x: event.clientX, y: event.clientY };
      store
        .getState()
        .patch({ quickAdd: { screen, position: flow.screenToFlowPosition(screen), joint: null } });
    },
    [store, flow, readOnly],
  );

  const nodeColor = useCallback(
    (node: FlowNode) => {
      const { steps, stale } = store.getState();
      return FACE_COLOR[faceOf(steps[node.id], stale.has(node.id))];
    },
    [store],
  );
  // The minimap reads colors when it renders: a new function makes it look again.
  const steps = useDesigner((state) => state.steps);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of states must give a new function
  const minimapColor = useMemo(() => (node: FlowNode) => nodeColor(node), [nodeColor, steps]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: double-clicking is a shortcut for the action "Add step"
    <div
      ref={root}
      className={styles.canvas}
      data-region="canvas"
      data-canvas
      tabIndex={-1}
      data-ready={ready ? "" : undefined}
      data-steps={document.graph.nodes.length}
      onDoubleClick={onDoubleClick}
    >
      <ReactFlow<FlowNode, FlowEdgeType>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={onNodeDragStop}
        onSelectionDragStop={(event, dragged) => onNodeDragStop(event, dragged[0] as FlowNode, dragged)}
        isValidConnection={isValidConnection}
        onConnect={onConnect}
        onConnectStart={onConnectStart}
        onConnectEnd={onConnectEnd}
        onInit={onInit}
        onMoveStart={onMoveStart}
        onMoveEnd={onMoveEnd}
        onNodeContextMenu={onNodeContextMenu}
        onPaneContextMenu={onPaneContextMenu}
        onEdgeContextMenu={onEdgeContextMenu}
        onSelectionContextMenu={onPaneContextMenu}
        onPaneClick={() => store.getState().patch({ contextMenu: null, quickAdd: null })}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        nodesFocusable
        edgesFocusable={!readOnly}
        disableKeyboardA11y
        deleteKeyCode={null}
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        selectionKeyCode="Shift"
        selectionMode={SelectionMode.Partial}
        zoomOnDoubleClick={false}
        nodeDragThreshold={4}
        connectionRadius={26}
        connectionDragThreshold={4}
        onlyRenderVisibleElements={nodes.length >= MANY}
        minZoom={0.1}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
        aria-label={label}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1} color="var(--line-strong)" />
        <MiniMap<FlowNode>
          className={styles.minimap}
          nodeColor={minimapColor}
          nodeStrokeWidth={0}
          nodeBorderRadius={10}
          maskColor="color-mix(in srgb, var(--canvas) 62%, transparent)"
          bgColor="var(--raised)"
          pannable
          zoomable
          ariaLabel="Map of the pipeline"
          style={{ width: 150, height: 102 }}
        />
        <ConnectionHint />
      </ReactFlow>
      {children}
    </div>
  );
}

function edgeOf(connection: Connection | FlowEdgeType): GraphEdge | null {
  const { source, sourceHandle, target, targetHandle } = connection;
  return source && sourceHandle && target && targetHandle
    ? { source, source_port: sourceHandle, target, target_port: targetHandle }
    : null;
}

function joinTo(
  { document, catalog, nodes }: ReturnType<ReturnType<typeof useDesignerStore>["getState"]>,
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

function menuAt(event: { clientX: number; clientY: number }, toFlow: (point: Position) => Position) {
  const screen = { x: event.clientX, y: event.clientY };
  return { screen, position: toFlow(screen) };
}

function readViewport(key: string): { x: number; y: number; zoom: number } | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (
      value &&
      typeof value === "object" &&
      ["x", "y", "zoom"].every((name) => Number.isFinite((value as Record<string, unknown>)[name]))
    )
      return value as { x: number; y: number; zoom: number };
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
