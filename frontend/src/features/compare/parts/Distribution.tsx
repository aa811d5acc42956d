import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { outputProfileQuery } from "@/api/runs";
import { Plot } from "@/charts/Plot";
import { SelectField } from "@/design/Field";
import { plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Skeleton } from "@/design/Skeleton";
import { distribution } from "../model/distribution";
import type { OutputChoice } from "../model/outputs";
import sections from "./Sections.module.css";
import type { View } from "./view";

/** One column of the tables of all runs, over each other. */
export function Distribution({ view, choice }: { view: View; choice: OutputChoice }) {
  const { ws, data, search, set } = view;
  const names = useMemo(() => {
    const found = new Set<string>();
    for (const { output } of choice.runs)
      for (const column of output.schema === null ? [] : (data.schemas[output.schema] ?? []))
        found.add(column.name);
    return [...found];
  }, [choice, data.schemas]);
  const column = names.find((name) => name === search.column) ?? names[0];
  const answers = useQueries({
    queries: choice.runs.map(({ cell, output }) => outputProfileQuery(ws, cell.id, output.port)),
  });
  const failed = answers.find((answer) => answer.isError && !answer.data);
  const waiting = answers.some((answer) => answer.isPending || answer.data?.activity);
  const profiles = answers.map((answer) => answer.data?.profile);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the profiles stand for the list of them
  const columns = useMemo(
    () =>
      choice.runs.flatMap(({ line }, i) => {
        const found = profiles[i]?.columns.find((each) => each.name === column);
        return found ? [{ line, column: found }] : [];
      }),
    [choice, column, ...profiles],
  );
  const plot = useMemo(() => distribution(columns), [columns]);
  const layout = useMemo(
    () => ({
      barmode: "group",
      showlegend: true,
      xaxis: { title: { text: column ?? "" } },
      yaxis: { title: { text: "Share of rows, %" }, rangemode: "tozero" },
    }),
    [column],
  );
  if (!column) return null;
  return (
    <section className={sections.card} aria-label="Distribution of a column">
      <div className={sections.bar}>
        <h3>Distribution</h3>
        <span className={sections.grow} />
        <SelectField
          aria-label="Column"
          w={240}
          searchable
          limit={300}
          nothingFoundMessage="No column has this name."
          data={names}
          value={column}
          onChange={(name) => set({ column: name ?? undefined })}
        />
      </div>
      {failed && <ProblemCard problem={failed.error} onRetry={() => void failed.refetch()} />}
      {plot ? (
        <Plot
          label={`Distribution of ${column} in ${columns.map(({ line }) => line.name).join(", ")}`}
          data={plot.data}
          layout={layout}
          height={260}
          name={column}
          table={{
            columns: plot.kind === "histogram" ? ["Run", "From", "To", "Rows"] : ["Run", "Value", "", "Rows"],
            rows: plot.rows,
          }}
        />
      ) : waiting ? (
        <Skeleton height={260} radius={8} />
      ) : (
        !failed && <p className={sections.note}>{column} has no values that could be drawn.</p>
      )}
      {plot && waiting && (
        <p className={sections.note} role="status">
          Statistics of {columns.length} of {plural(answers.length, "table")} are ready; the others follow.
        </p>
      )}
    </section>
  );
}
