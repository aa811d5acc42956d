import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { runMetricsQuery } from "@/api/runs";
import type { MetricSeries } from "@/api/types";
import { Plot } from "@/charts/Plot";
import { EmptyState } from "@/design/EmptyState";
import { SwitchField } from "@/design/Field";
import { plural } from "@/design/format";
import { metricTitle } from "@/design/metrics";
import { ProblemCard } from "@/design/ProblemCard";
import { Segmented } from "@/design/Segmented";
import { SkeletonRows } from "@/design/Skeleton";
import { type CurvePanel, curvePanels, plotted } from "../model/curves";
import styles from "./Sections.module.css";
import type { PartProps } from "./view";

/** The series that runs logged, over each other. */
export function CurvesTab({ view }: PartProps) {
  const { ws, data, shown, search, set } = view;
  const answers = useQueries({ queries: shown.map((line) => runMetricsQuery(ws, line.id)) });
  const x = search.x ?? "step";
  const smooth = search.smooth ?? 0;
  const loaded = answers.map((answer) => answer.data?.series);
  const failed = answers.find((answer) => answer.isError && !answer.data);
  const titles = useMemo(() => {
    const found = new Map<string, string>();
    for (const step of data.steps)
      for (const cell of step.cells) found.set(`${cell.run} ${cell.node}`, cell.title);
    return found;
  }, [data.steps]);
  // The answers are new arrays at each render; what they hold is not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the series stand for the list of them
  const panels = useMemo(() => {
    const seriesOf = new Map<string, readonly MetricSeries[]>();
    shown.forEach((line, i) => {
      seriesOf.set(line.id, loaded[i] ?? []);
    });
    return curvePanels(shown, seriesOf, x, (run, node) => titles.get(`${run} ${node}`) ?? "run");
  }, [shown, x, titles, ...loaded]);
  return (
    <div className={styles.section}>
      <div className={styles.bar}>
        <Segmented
          label="Horizontal axis"
          value={x}
          items={[
            { value: "step", label: "Step" },
            { value: "time", label: "Time" },
          ]}
          onChange={(next) => set({ x: next === "time" ? "time" : undefined })}
        />
        <SwitchField
          label="Log scale"
          checked={search.scale === "log"}
          onChange={(event) => set({ scale: event.currentTarget.checked ? "log" : undefined })}
        />
        <span className={styles.slider}>
          <label htmlFor="compare-smoothing">Smoothing</label>
          <input
            id="compare-smoothing"
            className="studio-range"
            type="range"
            min={0}
            max={0.98}
            step={0.02}
            value={smooth}
            style={{ "--fill": `${(smooth / 0.98) * 100}%` } as React.CSSProperties}
            onChange={(event) => set({ smooth: Number(event.currentTarget.value) || undefined }, true)}
          />
          <output>{smooth ? smooth.toFixed(2) : "off"}</output>
        </span>
      </div>
      {failed && <ProblemCard problem={failed.error} onRetry={() => void failed.refetch()} />}
      {panels.length ? (
        <div
          className={styles.cards}
          style={{ gridTemplateColumns: "repeat(auto-fill, minmax(min(440px, 100%), 1fr))" }}
        >
          {panels.map((panel) => (
            <Curve key={panel.name} panel={panel} x={x} log={search.scale === "log"} smooth={smooth} />
          ))}
        </div>
      ) : answers.some((answer) => answer.isPending) ? (
        <SkeletonRows count={6} />
      ) : (
        !failed && (
          <EmptyState
            tight
            title="No curves"
            why="None of these runs logged a metric more than once. Boosted trees do in training, and a script does where it logs in a loop."
          />
        )
      )}
    </div>
  );
}

function Curve({
  panel,
  x,
  log,
  smooth,
}: {
  panel: CurvePanel;
  x: "step" | "time";
  log: boolean;
  smooth: number;
}) {
  const title = metricTitle(panel.name);
  const data = useMemo(() => plotted(panel, smooth), [panel, smooth]);
  const layout = useMemo(
    () => ({
      showlegend: true,
      xaxis: { title: { text: x === "time" ? "Seconds since the first value" : "Step" } },
      yaxis: log ? { type: "log" } : { type: "linear" },
    }),
    [x, log],
  );
  const gaps = panel.traces.reduce((sum, trace) => sum + trace.gaps, 0);
  const below = log
    ? panel.traces.reduce((sum, trace) => sum + trace.y.filter((y) => y !== null && y <= 0).length, 0)
    : 0;
  const thinned = panel.traces.filter((trace) => trace.count > trace.x.length);
  const notes = [
    gaps ? `${plural(gaps, "value")} not a number, shown as gaps.` : "",
    below ? `${plural(below, "value")} at or below zero, which a log scale cannot show.` : "",
    thinned.length
      ? `Drawn from ${plural(thinned[0]?.x.length ?? 0, "point")} a line with every extreme; ${plural(
          Math.max(...thinned.map((trace) => trace.count)),
          "point",
        )} were logged.`
      : "",
  ].filter(Boolean);
  return (
    <section className={styles.card} aria-label={title}>
      <h3>{title}</h3>
      <Plot
        label={`${title} of ${panel.traces.map((trace) => trace.name).join(", ")} by ${x}`}
        data={data}
        layout={layout}
        height={300}
        name={panel.name}
        table={{
          columns: ["Run", x === "time" ? "Seconds" : "Step", title],
          rows: panel.traces.flatMap((trace) => trace.x.map((at, i) => [trace.name, at, trace.y[i] ?? null])),
        }}
      />
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
    </section>
  );
}
