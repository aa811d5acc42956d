import type { DraftSummary, Status } from "@/api/types";
import { statusTone, toneColor } from "./status";
import { STEP_HEIGHT, STEP_WIDTH } from "./step";
import styles from "./Thumbnail.module.css";

/** A pipeline drawn small: where its steps stand, what joins them, what became of them. */
export function Thumbnail({
  thumbnail,
  count,
}: {
  thumbnail: DraftSummary["thumbnail"];
  /** How many steps there are: a pipeline made by a script has no places until it is drawn. */
  count?: number;
}) {
  const nodes = thumbnail?.nodes ?? [];
  if (!nodes.length)
    return <div className={styles.blank} data-text={count ? "Not laid out yet" : "No steps yet"} />;
  const left = Math.min(...nodes.map(({ x }) => x));
  const top = Math.min(...nodes.map(({ y }) => y));
  const width = Math.max(...nodes.map(({ x }) => x)) - left + STEP_WIDTH;
  const height = Math.max(...nodes.map(({ y }) => y)) - top + STEP_HEIGHT;
  const pad = Math.max(width, height) * 0.08;
  const color = (status: Status | undefined) =>
    status ? toneColor(statusTone(status)) : "var(--line-strong)";
  return (
    <svg
      className={styles.drawing}
      viewBox={`${left - pad} ${top - pad} ${Math.max(width, 900) + 2 * pad} ${Math.max(height, 480) + 2 * pad}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      <g transform={`translate(${Math.max(0, (900 - width) / 2)} ${Math.max(0, (480 - height) / 2)})`}>
        {(thumbnail?.edges ?? []).map(([from, to]) => {
          const a = nodes[from];
          const b = nodes[to];
          if (!a || !b) return null;
          const [x1, y1, x2, y2] = [a.x + STEP_WIDTH / 2, a.y + STEP_HEIGHT, b.x + STEP_WIDTH / 2, b.y];
          const bend = Math.max(24, (y2 - y1) / 2);
          return (
            <path
              key={`${from}-${to}`}
              d={`M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`}
              className={styles.edge}
            />
          );
        })}
        {nodes.map(({ x, y, status }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a thumbnail's steps have no other identity
          <g key={at}>
            <rect x={x} y={y} width={STEP_WIDTH} height={STEP_HEIGHT} rx={14} className={styles.step} />
            <circle cx={x + 36} cy={y + STEP_HEIGHT / 2} r={13} fill={color(status)} />
            <rect
              x={x + 64}
              y={y + STEP_HEIGHT / 2 - 6}
              width={STEP_WIDTH - 100}
              height={12}
              rx={6}
              className={styles.line}
            />
          </g>
        ))}
      </g>
    </svg>
  );
}
