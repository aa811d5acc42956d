import { useMemo } from "react";
import type { MetricSeries } from "@/api/types";
import { LinePanel, type LineSeries } from "@/charts/LinePanel";
import { sentence } from "@/design/format";
import styles from "./Dock.module.css";

/** A panel for each metric that has more than one point; steps that report the same one share it. */
export function SeriesPanels({
  series,
  titleOf,
  sync,
}: {
  series: readonly MetricSeries[];
  titleOf: (node: string | null) => string;
  sync: string;
}) {
  const panels = useMemo(() => {
    const found = new Map<string, LineSeries[]>();
    for (const { name, node, points } of series) {
      if (points.length < 2) continue;
      const lines = found.get(name) ?? [];
      lines.push({
        name: titleOf(node),
        points: points.map((point, at) => ({ x: point.step ?? at, y: point.value })),
      });
      found.set(name, lines);
    }
    return [...found];
  }, [series, titleOf]);
  if (!panels.length) return null;
  return (
    <div className={styles.charts}>
      {panels.map(([name, lines]) => (
        <figure key={name} className={styles.panel}>
          <figcaption className={styles.subhead}>{sentence(name)}</figcaption>
          <LinePanel label={sentence(name)} series={lines} sync={sync} />
        </figure>
      ))}
    </div>
  );
}
