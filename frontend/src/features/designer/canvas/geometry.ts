import type { Position } from "../model/types";

/** The middle of the canvas in the pipeline's own coordinates. */
export function middleOfCanvas(toFlow: (point: Position) => Position): Position {
  const box = document.querySelector("[data-canvas]")?.getBoundingClientRect();
  if (!box || box.width === 0) return { x: 0, y: 0 };
  return toFlow({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
}
