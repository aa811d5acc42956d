import type { ReactNode } from "react";
import type { Status } from "@/api/types";
import { classes } from "./classes";
import styles from "./StatusMark.module.css";
import { type Mark, statusMark, statusTone, statusWord, toneColor } from "./status";

const INNER: Partial<Record<Mark, string>> = {
  clock: "M8 5.2V8l1.8 1.3",
  check: "M5.2 8.2 7.2 10.200 10.900 6.100",
  cross: "M6 6l4 4M10 6l-4 4",
  bar: "M5.500 8h5",
  alert: "M8 4.900v3.600M8 10.900v.1",
};

export interface StatusGlyphProps {
  status: Status;
  /** 0 to 1; draws the arc of a running mark. */
  progress?: number | null;
  size?: number;
}

/** The 15 px mark alone: decorative, the word stands beside it or in the accessible name. */
export function StatusGlyph({ status, progress, size = 15 }: StatusGlyphProps) {
  const mark = statusMark(status);
  const color = toneColor(statusTone(status));
  const around = 2 * Math.PI * 6.5;
  const moving = mark === "spin" || (mark === "arc" && (progress === null || progress === undefined));
  const share = moving ? 0.28 : Math.max(0.04, Math.min(1, progress ?? 0));
  const arc = mark === "spin" || mark === "arc";
  return (
    <svg
      className={styles.glyph}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke={color}
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <circle
        cx="8"
        cy="8"
        r="6.5"
        strokeDasharray={mark === "clock" || mark === "bar" ? "2 2.08" : undefined}
        strokeOpacity={arc ? 0.24 : 1}
      />
      {arc ? (
        <circle
          className={moving ? styles.spin : undefined}
          cx="8"
          cy="8"
          r="6.5"
          strokeDasharray={`${share * around} ${around}`}
          transform={moving ? undefined : "rotate(-90 8 8)"}
        />
      ) : (
        <path d={INNER[mark]} />
      )}
    </svg>
  );
}

export interface StatusMarkProps extends StatusGlyphProps {
  /** Shown instead of the status word, for example the phase. */
  label?: string;
  reused?: boolean;
  /** Leaves only the mark to see; the word stays for screen readers. */
  compact?: boolean;
}

export function StatusMark({ label, reused, compact, ...glyph }: StatusMarkProps) {
  const word = label || (reused ? "Reused" : statusWord(glyph.status));
  return (
    <span className={styles.mark} data-status={glyph.status} title={compact ? word : undefined}>
      <StatusGlyph {...glyph} />
      <span className={compact ? "visually-hidden" : styles.word}>{word}</span>
      {reused && !compact && <Bolt />}
    </span>
  );
}

/** The mark of reuse. */
export function Bolt({ size = 11 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" className={styles.bolt}>
      <path d="M6.700.8 2.400 6.900h3L4.900 11.200l4.700-6.300H6.400z" fill="currentColor" />
    </svg>
  );
}

/** A ring around an icon with the mark as a badge: how a step shows its status. */
export function StatusRing({
  status,
  progress,
  size = 28,
  children,
}: StatusGlyphProps & { children: ReactNode }) {
  const mark = statusMark(status);
  const color = toneColor(statusTone(status));
  const radius = size / 2 - 1;
  const around = 2 * Math.PI * radius;
  const arc = mark === "spin" || mark === "arc";
  const unknown = arc && (mark === "spin" || progress === null || progress === undefined);
  const share = unknown ? 0.28 : Math.max(0.03, Math.min(1, progress ?? 0));
  return (
    <span className={styles.ring} style={{ width: size, height: size }} data-status={status}>
      <svg
        className={classes(styles.outline, arc && styles.breathe)}
        width={size}
        height={size}
        fill="none"
        aria-hidden="true"
      >
        <circle
          cx={size / 2}
          cy={size / 2}
          r={radius}
          stroke={color}
          strokeWidth={1.75}
          strokeOpacity={arc ? 0.22 : 1}
          strokeDasharray={mark === "clock" || mark === "bar" ? "3 3" : undefined}
        />
        {arc && (
          <circle
            className={unknown ? styles.spin : undefined}
            cx={size / 2}
            cy={size / 2}
            r={radius}
            stroke={color}
            strokeWidth={1.75}
            strokeLinecap="round"
            strokeDasharray={`${share * around} ${around}`}
            transform={unknown ? undefined : `rotate(-90 ${size / 2} ${size / 2})`}
          />
        )}
      </svg>
      {children}
      {!arc && (
        <svg className={styles.badge} width={13} height={13} viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="7.500" fill={color} />
          <path
            d={INNER[mark]}
            fill="none"
            stroke="var(--node)"
            strokeWidth={1.9}
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      )}
    </span>
  );
}
