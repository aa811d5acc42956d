import { Background, BackgroundVariant, ReactFlow, SelectionMode } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type ReactNode, useRef } from "react";
import type { FlowEdge as FlowEdgeType, FlowNode } from "../state/flow";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Canvas.module.css";
import { ConnectionHint } from "./ConnectionHint";
import { FlowEdge } from "./FlowEdge";
import { StepMap } from "./StepMap";
import { StepNode } from "./StepNode";
import { useConnecting } from "./useConnecting";
import { useFlowElements } from "./useFlowElements";
import { useMenus } from "./useMenus";
import { useViewport } from "./useViewport";

const nodeTypes = { step: StepNode };
const edgeTypes = { flow: FlowEdge };
/** Above this many steps only those in sight are in the page. */
const MANY = 100;

interface CanvasProps {
  /** Names the place where the viewport of this pipeline is kept for the session. */
  viewportKey: string;
  label: string;
  children?: ReactNode;
}

export function Canvas({ viewportKey, label, children }: CanvasProps) {
  const store = useDesignerStore();
  const readOnly = useDesigner((state) => state.readOnly);
  const root = useRef<HTMLDivElement>(null);
  const { nodes, edges, onNodesChange, onEdgesChange, onNodeDragStop } = useFlowElements();
  const { ready, onInit, onMoveStart, onMove, onMoveEnd } = useViewport(root, viewportKey);
  const { isValidConnection, onConnect, onConnectStart, onConnectEnd } = useConnecting(root);
  const { onNodeContextMenu, onPaneContextMenu, onEdgeContextMenu, onDoubleClick } = useMenus();

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: double-clicking is a shortcut for the action "Add step"
    <div
      ref={root}
      className={styles.canvas}
      data-region="canvas"
      data-canvas
      tabIndex={-1}
      data-ready={ready ? "" : undefined}
      data-steps={nodes.length}
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
        onMove={onMove}
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
        <StepMap />
        <ConnectionHint />
      </ReactFlow>
      {children}
    </div>
  );
}
