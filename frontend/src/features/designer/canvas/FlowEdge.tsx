import { BaseEdge, type EdgeProps, getBezierPath, useStore } from "@xyflow/react";
import { memo } from "react";
import { typeColor } from "@/design/TypeGlyph";
import type { FlowEdge as FlowEdgeType } from "../state/flow";
import { WORKING } from "../state/steps";
import { useDesigner } from "../state/store";
import styles from "./FlowEdge.module.css";

/** No text when it could not be read; larger type while the canvas is small. */
const textSize = (state: { transform: [number, number, number] }) =>
  state.transform[2] < 0.55 ? 0 : state.transform[2] < 0.85 ? 14 : 11.5;
const count = new Intl.NumberFormat("en-US");

/** A connection, in the color of what flows through it, with its size once that is known. */
export const FlowEdge = memo(function FlowEdge({
  id,
  source,
  target,
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  selected,
  data,
  interactionWidth,
}: EdgeProps<FlowEdgeType>) {
  const [path, middleX, middleY] = getBezierPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
  });
  const flowing = useDesigner((state) => {
    const status = state.steps[target]?.status;
    return status !== undefined && WORKING.has(status);
  });
  const strong = useDesigner((state) => state.selected.includes(source) || state.selected.includes(target));
  const size = useDesigner((state) => {
    if (!data?.labeled || state.stale.has(source)) return null;
    const output = state.steps[source]?.outputs.find((candidate) => candidate.port === data.edge.source_port);
    return output?.rows !== null && output?.rows !== undefined
      ? `${count.format(output.rows)} × ${count.format(output.columns ?? 0)}`
      : null;
  });
  const text = useStore(textSize);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={interactionWidth}
        className={styles.edge}
        style={{ stroke: data?.type ? typeColor(data.type) : "var(--st-off)" }}
        data-flowing={flowing ? "" : undefined}
        data-strong={strong ? "" : undefined}
        data-selected={selected ? "" : undefined}
      />
      {size && text > 0 && (
        <text className={styles.label} x={middleX} y={middleY} dy="0.35em" style={{ fontSize: text }}>
          {size}
        </text>
      )}
    </>
  );
});
