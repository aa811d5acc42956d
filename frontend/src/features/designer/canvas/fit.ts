/** How a whole pipeline is brought into sight: never larger than life, and clear of what floats over the canvas. */
export const FIT = {
  padding: { top: "64px", bottom: "60px", left: "36px", right: "36px" },
  maxZoom: 1,
  minZoom: 0.1,
} as const;

/** How long the canvas takes to get somewhere: no time at all for who asked for less motion. */
export function glide(milliseconds: number): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : milliseconds;
}
