import { Link } from "@tanstack/react-router";
import { SeriesSwatch } from "@/design/SeriesSwatch";
import type { RunLine } from "../model/lines";
import styles from "./RunHead.module.css";

/** A run as the head of a column or row. */
export function RunHead({ line, ws }: { line: RunLine; ws: string }) {
  return (
    <span className={styles.head}>
      <SeriesSwatch index={line.place} />
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
