import { seriesColor, seriesDash } from "./series";

const STROKE = { solid: undefined, dash: "4 2", dot: "2 2", dashdot: "4 1.500 1.500 1.500" } as const;

/** The line that a series is drawn with. */
export function SeriesSwatch({ index }: { index: number }) {
  const dash = seriesDash(index);
  return (
    <svg width="14" height="10" viewBox="0 0 14 10" style={{ flex: "none" }} aria-hidden="true">
      <line
        x1="1"
        x2="13"
        y1="5"
        y2="5"
        stroke={seriesColor(index)}
        strokeWidth="3"
        strokeLinecap={dash === "solid" ? "round" : "butt"}
        strokeDasharray={STROKE[dash]}
      />
    </svg>
  );
}
