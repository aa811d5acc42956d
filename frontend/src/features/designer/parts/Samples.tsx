import type { Sample } from "@/api/types";
import { Dialog } from "@/design/Dialog";
import { plural } from "@/design/format";
import { Thumbnail } from "@/design/Thumbnail";
import styles from "./Samples.module.css";

/** Pipelines to start from, each with its picture. */
export function Samples({
  samples,
  busy,
  onPick,
}: {
  samples: readonly Sample[];
  busy: boolean;
  onPick: (sample: Sample) => void;
}) {
  return (
    <ul className={styles.grid} aria-label="Samples">
      {samples.map((sample) => (
        <li key={sample.name}>
          <button type="button" className={styles.card} disabled={busy} onClick={() => onPick(sample)}>
            <span className={styles.picture}>
              <Thumbnail thumbnail={sample.thumbnail} count={sample.node_count} />
            </span>
            <span className={styles.words}>
              <b>{sample.title}</b>
              <span>{sample.description}</span>
              <small>
                {plural(sample.node_count, "step")}
                {sample.datasets.length > 0 && `, reads ${sample.datasets.join(", ")}`}
              </small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The same, over a page that has drafts already. */
export function SamplesDialog({
  problem,
  onClose,
  ...samples
}: Parameters<typeof Samples>[0] & { problem: React.ReactNode; onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title="Start from a sample" size={860}>
      <p className={styles.lead}>A sample opens as a draft of your own: change it as you like.</p>
      {problem}
      <Samples {...samples} />
    </Dialog>
  );
}
