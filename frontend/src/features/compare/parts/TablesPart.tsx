import { useMemo } from "react";
import { keys } from "@/api/keys";
import { fetchOutputPage } from "@/api/runs";
import { DataGrid } from "@/charts/DataGrid";
import { formatNumber } from "@/design/format";
import { columnChanges, type OutputChoice, type RunOutput } from "../model/outputs";
import { Distribution } from "./Distribution";
import { OtherRun, otherOf } from "./OtherRun";
import styles from "./Outputs.module.css";
import { RunHead } from "./RunHead";
import sections from "./Sections.module.css";
import { useScrollTogether } from "./useScrollTogether";
import type { View } from "./view";

/** Tables of several runs: their sizes and columns, one column of all of them, and two beside each other. */
export function TablesPart({ view, choice }: { view: View; choice: OutputChoice }) {
  const other = otherOf(view);
  const base = choice.runs.find(({ line }) => line.isBaseline) ?? choice.runs[0];
  const second = choice.runs.find(({ line }) => line.id === other?.id && line.id !== base?.line.id);
  const scroller = useScrollTogether();
  return (
    <>
      <Sizes view={view} choice={choice} base={base} />
      <Distribution view={view} choice={choice} />
      {base && (
        <section className={styles.tables} aria-label="Rows">
          <div className={sections.bar}>
            <h2>Rows</h2>
            <span className={sections.grow} />
            {view.lines.length > 2 && <OtherRun view={view} />}
          </div>
          <div className={styles.pair}>
            {[base, second].map(
              (each, i) =>
                each && (
                  <Rows
                    key={each.line.id}
                    view={view}
                    run={each}
                    scroller={i === 0 ? scroller.first : scroller.second}
                  />
                ),
            )}
          </div>
          {second && base.output.digest === second.output.digest && (
            <p className={sections.note}>Both tables are the same, byte for byte.</p>
          )}
        </section>
      )}
    </>
  );
}

function Rows({
  view,
  run,
  scroller,
}: {
  view: View;
  run: RunOutput;
  scroller: (element: HTMLDivElement | null) => void;
}) {
  const { line, cell, output } = run;
  const fetchPage = useMemo(
    () => (page: Parameters<typeof fetchOutputPage>[3], signal: AbortSignal) =>
      fetchOutputPage(view.ws, cell.id, output.port, page, signal),
    [view.ws, cell.id, output.port],
  );
  return (
    <div className={styles.rows}>
      <header className={styles.documentHead}>
        <RunHead line={line} ws={view.ws} />
      </header>
      <div className={styles.grid}>
        <DataGrid
          key={`${cell.id} ${output.port}`}
          label={`${line.name}: ${output.title || output.port}`}
          queryKey={keys.output(view.ws, cell.id, output.port)}
          fetchPage={fetchPage}
          scroller={scroller}
          bare
        />
      </div>
    </div>
  );
}

function Sizes({ view, choice, base }: { view: View; choice: OutputChoice; base: RunOutput | undefined }) {
  const schemaOf = (run: RunOutput | undefined) =>
    run && run.output.schema !== null ? view.data.schemas[run.output.schema] : undefined;
  return (
    <div className={sections.scroll}>
      <table className={sections.table} aria-label={`Sizes of ${choice.stepTitle}: ${choice.title}`}>
        <thead>
          <tr>
            <th scope="col">Table</th>
            {choice.runs.map(({ line }) => (
              <th key={line.id} scope="col">
                <RunHead line={line} ws={view.ws} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(["rows", "columns"] as const).map((name) => (
            <tr key={name}>
              <th scope="row">{name === "rows" ? "Rows" : "Columns"}</th>
              {choice.runs.map(({ line, output }) => {
                const [value, was] = [output[name], base?.output[name]];
                const away = typeof value === "number" && typeof was === "number" ? value - was : 0;
                return (
                  <td key={line.id}>
                    <span className={sections.value}>
                      {away !== 0 && (
                        <span className={sections.delta}>
                          {away > 0 ? "+" : ""}
                          {formatNumber(away)}
                        </span>
                      )}
                      {formatNumber(value) || "–"}
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
          <tr>
            <th scope="row">Schema</th>
            {choice.runs.map((run) => {
              const changes = run === base ? [] : columnChanges(schemaOf(base), schemaOf(run));
              return (
                <td key={run.line.id}>
                  {run === base ? (
                    "–"
                  ) : changes.length ? (
                    <details>
                      <summary>
                        {changes.length === 1 ? changes[0]?.text : `${changes.length} columns differ`}
                      </summary>
                      <ul className={styles.changes}>
                        {changes.map((change) => (
                          <li key={`${change.kind} ${change.name}`}>{change.text}</li>
                        ))}
                      </ul>
                    </details>
                  ) : (
                    "the same"
                  )}
                </td>
              );
            })}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
