import "uplot/dist/uPlot.min.css";
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import { formatNumber } from "@/design/format";
import { useTheme } from "@/design/useTheme";
import type { LinePanelProps, LineSeries } from "./LinePanel";
import styles from "./LinePanel.module.css";

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** One x for all lines; a point that is not a number is a gap. */
function aligned(series: LineSeries[]): { data: uPlot.AlignedData; gaps: number } {
  const xs = [...new Set(series.flatMap((line) => line.points.map((point) => point.x)))].sort(
    (a, b) => a - b,
  );
  const at = new Map(xs.map((x, i) => [x, i]));
  let gaps = 0;
  const ys = series.map((line) => {
    const values: (number | null | undefined)[] = new Array(xs.length).fill(undefined);
    for (const point of line.points) {
      const i = at.get(point.x);
      if (i === undefined) continue;
      const finite = typeof point.y === "number" && Number.isFinite(point.y);
      if (!finite) gaps += 1;
      values[i] = finite ? (point.y as number) : null;
    }
    return values;
  });
  return { data: [xs, ...ys] as uPlot.AlignedData, gaps };
}

/** Live lines on canvas: cheap enough to be drawn on every event. */
export function LineCanvas({ label, series, xLabel = "step", height = 200, sync }: LinePanelProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const { theme } = useTheme();
  const { data, gaps } = useMemo(() => aligned(series), [series]);
  const latest = useRef(data);
  latest.current = data;
  const names = series.map((line) => line.name).join("\u0000");

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for other lines or colors; data follow below
  useEffect(() => {
    if (!host.current) return;
    const axis = {
      stroke: color("--text-2"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line-strong"), width: 1, size: 4 },
      font: "11px Inter Variable, sans-serif",
      gap: 4,
    };
    const made = new uPlot(
      {
        width: host.current.clientWidth || 320,
        height,
        legend: { show: false },
        cursor: {
          y: false,
          points: { size: 6 },
          ...(sync ? { sync: { key: sync } } : {}),
        },
        scales: { x: { time: false } },
        axes: [
          { ...axis, size: 26 },
          {
            ...axis,
            size: 52,
            values: (_chart, splits) => splits.map((value) => formatNumber(value, { digits: 3 })),
          },
        ],
        series: [
          { label: xLabel },
          ...series.map((line, i) => ({
            label: line.name,
            stroke: color(`--series-${(i % 10) + 1}`),
            width: 1.5,
            points: { show: line.points.length < 2 },
            spanGaps: false,
          })),
        ],
        hooks: { setCursor: [(self) => setCursor(self.cursor.idx ?? null)] },
      },
      latest.current,
      host.current,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => {
      const width = host.current?.clientWidth;
      if (width) made.setSize({ width, height });
    });
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [names, theme, height, sync, xLabel]);

  useEffect(() => chart.current?.setData(data), [data]);

  const said = series
    .map((line) => `${line.name}: ${line.points.length} points, last ${formatNumber(line.points.at(-1)?.y)}`)
    .join("; ");
  return (
    <figure className={styles.panel}>
      <div ref={host} role="img" aria-label={`${label}. ${said}`} style={{ height }} />
      <figcaption className={styles.legend}>
        {series.map((line, i) => {
          const value = cursor === null ? line.points.at(-1)?.y : (data[i + 1]?.[cursor] ?? undefined);
          return (
            <span key={line.name} className={styles.key}>
              <i style={{ background: `var(--series-${(i % 10) + 1})` }} />
              {line.name}
              <b>{formatNumber(value)}</b>
            </span>
          );
        })}
        {cursor !== null && data[0][cursor] !== undefined && (
          <span>
            {xLabel} {formatNumber(data[0][cursor])}
          </span>
        )}
        {gaps > 0 && <span>{gaps} not a number</span>}
      </figcaption>
    </figure>
  );
}
