const COLORS = 10;
const DASHES = ["solid", "dash", "dot", "dashdot"] as const;

/** The color of the n-th series; after ten they begin again, with another line. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % COLORS) + 1})`;
}

export function seriesDash(index: number): (typeof DASHES)[number] {
  return DASHES[Math.floor(index / COLORS) % DASHES.length] ?? "solid";
}
