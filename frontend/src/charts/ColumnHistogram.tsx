import type { ProfileColumn } from "@/api/types";
import { formatNumber, formatPercent } from "@/design/format";
import styles from "./ColumnHistogram.module.css";

const WORD: Record<string, string> = { unique: "Unique", constant: "Constant", all_missing: "All missing" };

export function edgeText(edge: number | string | undefined): string {
  if (typeof edge === "number") return formatNumber(edge, { digits: 3 });
  // Dates come as text; their day is enough at the end of an axis.
  return edge && /^\d{4}-\d\d-\d\d/.test(edge) ? edge.slice(0, 10) : formatNumber(edge);
}

/** One column in the head of a grid: bars, or its most frequent values. */
export function ColumnHistogram({ column, height = 32 }: { column: ProfileColumn; height?: number }) {
  const word = column.notes.map((note) => WORD[note]).find(Boolean);
  const histogram = column.histogram;
  if (word && !(histogram && word === "Unique")) return <div className={styles.hatch}>{word}</div>;
  if (histogram?.counts.length) {
    const most = Math.max(1, ...histogram.counts);
    const bar = 100 / histogram.counts.length;
    const low = edgeText(histogram.edges[0]);
    const high = edgeText(histogram.edges.at(-1));
    return (
      <figure
        className={styles.bars}
        role="img"
        aria-label={`Histogram of ${column.name} from ${low} to ${high}`}
      >
        <svg
          width="100%"
          height={height}
          viewBox={`0 0 100 ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {histogram.counts.map((count, i) => {
            const tall = count ? Math.max(1, (count / most) * height) : 0;
            return (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
                key={i}
                x={i * bar + bar * 0.05}
                width={bar * 0.9}
                y={height - tall}
                height={tall}
                fill="var(--bar)"
              >
                <title>{`${edgeText(histogram.edges[i])} to ${edgeText(histogram.edges[i + 1])}: ${formatNumber(count)}`}</title>
              </rect>
            );
          })}
        </svg>
        <div className={styles.ends}>
          <span>{low}</span>
          <span>{high}</span>
        </div>
      </figure>
    );
  }
  return <TopValues column={column} limit={3} />;
}

export function TopValues({ column, limit }: { column: ProfileColumn; limit: number }) {
  const present = Math.max(1, column.count);
  const top = (column.top ?? []).slice(0, limit);
  if (!top.length) return <div className={styles.hatch}>No values</div>;
  const most = Math.max(1, ...top.map((item) => item.count));
  return (
    <ul className={styles.top} aria-label={`Most frequent values of ${column.name}`}>
      {top.map((item) => (
        <li
          key={String(item.value)}
          className={styles.item}
          title={`${String(item.value)}: ${formatNumber(item.count)}`}
        >
          <i style={{ width: `${(item.count / most) * 62}%` }} />
          <span>{item.value === "" ? "(empty)" : String(item.value)}</span>
          <b>{formatPercent(item.count / present)}</b>
        </li>
      ))}
    </ul>
  );
}
