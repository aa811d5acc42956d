import { type KeyboardEvent, type PointerEvent, type ReactNode, useCallback, useState } from "react";
import { classes } from "./classes";
import styles from "./SplitPane.module.css";
import { useStored } from "./useStored";

export interface SplitPaneProps {
  /** Key under which the size is remembered. */
  name: string;
  /** Where the sized panel is. */
  side: "left" | "right" | "bottom";
  /** The accessible name of the divider. */
  label: string;
  initial: number;
  min?: number;
  max?: number;
  /** The panel is hidden; the rest takes the room. */
  collapsed?: boolean;
  panel: ReactNode;
  children: ReactNode;
}

/** Two panes with a divider that moves by pointer and by arrows, and is remembered. */
export function SplitPane({
  name,
  side,
  label,
  initial,
  min = 160,
  max = 720,
  collapsed,
  panel,
  children,
}: SplitPaneProps) {
  const [size, setSize] = useStored<number>(`split-${name}`, initial);
  const [dragging, setDragging] = useState(false);
  const vertical = side === "bottom";
  const clamp = useCallback((value: number) => Math.round(Math.max(min, Math.min(max, value))), [min, max]);
  const start = (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget;
    const from = vertical ? event.clientY : event.clientX;
    handle.setPointerCapture(event.pointerId);
    setDragging(true);
    const moved = (now: globalThis.PointerEvent) => {
      const delta = (vertical ? now.clientY : now.clientX) - from;
      setSize(clamp(size + (side === "left" ? delta : -delta)));
    };
    const done = () => {
      setDragging(false);
      handle.removeEventListener("pointermove", moved);
      handle.removeEventListener("pointerup", done);
      handle.removeEventListener("pointercancel", done);
    };
    handle.addEventListener("pointermove", moved);
    handle.addEventListener("pointerup", done);
    handle.addEventListener("pointercancel", done);
  };
  const nudge = (event: KeyboardEvent) => {
    const grow = { left: "ArrowRight", right: "ArrowLeft", bottom: "ArrowUp" }[side];
    const shrink = { left: "ArrowLeft", right: "ArrowRight", bottom: "ArrowDown" }[side];
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    setSize(clamp(size + (event.key === grow ? 16 : -16)));
  };
  const sized = collapsed ? null : (
    <div className={styles.fixed} style={vertical ? { height: size, maxHeight: "80%" } : { width: size }}>
      {panel}
    </div>
  );
  const handle = collapsed ? null : (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={vertical ? "horizontal" : "vertical"}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      className={styles.handle}
      data-dragging={dragging}
      onPointerDown={start}
      onKeyDown={nudge}
      onDoubleClick={() => setSize(initial)}
    />
  );
  return (
    <div className={classes(styles.split, vertical ? styles.vertical : styles.row)}>
      {side === "left" && sized}
      {side === "left" && handle}
      <div className={styles.grow}>{children}</div>
      {side !== "left" && handle}
      {side !== "left" && sized}
    </div>
  );
}
