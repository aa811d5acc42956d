import { Link } from "@tanstack/react-router";
import { seriesColor, seriesDash } from "@/design/series";
import type { RunLine } from "../model/lines";
import styles from "./RunHead.module.css";

/** The line that a run is drawn with. */
export function Swatch({ place }: { place: number }) {
  const dash = seriesDash(place);
  return (
    <svg width="14" height="10" viewBox="0 0 14 10" className={styles.swatch} aria-hidden="true">
      <line
        x1="1"
        x2="13"
        y1="5"
        y2="5"
        stroke={seriesColor(place)}
        strokeWidth="3"
        strokeLinecap={dash === "solid" ? "round" : "butt"}
        strokeDasharray={{ solid: undefined, dash: "4 2", dot: "2 2", dashdot: "4 1.500 1.500 1.500" }[dash]}
      />
    </svg>
  );
}

/** A run as the head of a column or row. */
export function RunHead({ line, ws }: { line: RunLine; ws: string }) {
  return (
    <span className={styles.head}>
      <Swatch place={line.place} />
      <Link
        to="/w/$ws/runs/$run"
        params={{ ws, run: line.id }}
        search={{}}
        className={styles.name}
        title={`${line.name}, run ${line.run.number}`}
      >
        {line.name}
      </Link>
      {line.isBaseline && <span className={styles.baseline}>Baseline</span>}
    </span>
  );
}
