import { FlaskConical } from "lucide-react";
import type { Sample } from "@/api/types";
import styles from "../pages/DraftsPage.module.css";

/** Pipelines to start from, where there are none yet. */
export function Samples({
  samples,
  busy,
  onPick,
}: {
  samples: Sample[];
  busy: boolean;
  onPick: (sample: Sample) => void;
}) {
  if (!samples.length) return null;
  return (
    <section aria-labelledby="samples-head">
      <h2 id="samples-head" className={styles.heading}>
        Start from a sample
      </h2>
      <ul className={styles.grid}>
        {samples.map((sample) => (
          <li key={sample.name}>
            <button
              type="button"
              className={styles.sampleCard}
              disabled={busy}
              onClick={() => onPick(sample)}
            >
              <FlaskConical size={18} strokeWidth={1.75} aria-hidden="true" />
              <b>{sample.title}</b>
              <span>{sample.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
