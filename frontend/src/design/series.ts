const COLORS = 10;
const DASHES = ["solid", "dash", "dot", "dashdot"] as const;
const SYMBOLS = ["circle", "diamond-open", "square-open", "cross"] as const;
const PATTERNS = ["", "/", ".", "x"] as const;

function round<V>(list: readonly V[], index: number): V {
  return list[Math.floor(index / COLORS) % list.length] as V;
}

/** The color of the n-th series; after ten they begin again, with another line, mark and filling. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % COLORS) + 1})`;
}

export function seriesDash(index: number): (typeof DASHES)[number] {
  return round(DASHES, index);
}

/** The mark of its points. */
export function seriesSymbol(index: number): (typeof SYMBOLS)[number] {
  return round(SYMBOLS, index);
}

/** The filling of its bars; empty is plain. */
export function seriesPattern(index: number): (typeof PATTERNS)[number] {
  return round(PATTERNS, index);
}
