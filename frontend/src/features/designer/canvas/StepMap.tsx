import { MiniMap } from "@xyflow/react";
import { useCallback, useMemo } from "react";
import type { FlowNode } from "../state/flow";
import { type Face, faceOf } from "../state/steps";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./Canvas.module.css";

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

/** The whole pipeline small, each step in the color of its state. */
export function StepMap() {
  const store = useDesignerStore();
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
  );
}
