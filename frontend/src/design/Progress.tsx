import { classes } from "./classes";
import styles from "./Progress.module.css";
import { type Tone, toneColor } from "./status";

/** A thin bar; without a value it says only that something goes on. */
export function Progress({
  value,
  label,
  tone = "running",
}: {
  value: number | null | undefined;
  label: string;
  tone?: Tone;
}) {
  const known = value !== null && value !== undefined;
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(value * 100) : undefined}
    >
      <div
        className={classes(styles.fill, !known && styles.wait)}
        style={{
          background: toneColor(tone),
          ...(known ? { width: `${Math.max(0, Math.min(1, value)) * 100}%` } : {}),
        }}
      />
    </div>
  );
}
