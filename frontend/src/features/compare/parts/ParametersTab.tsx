import { useMemo } from "react";
import type { Json } from "@/api/types";
import { EmptyState } from "@/design/EmptyState";
import { SwitchField } from "@/design/Field";
import { plural } from "@/design/format";
import { parameterTable } from "../model/parameters";
import { isLong, sameValue, valueText } from "../model/values";
import { RunHead } from "./RunHead";
import styles from "./Sections.module.css";
import type { PartProps } from "./view";

/** Parameters of every step beside each other; those that are equal wait behind a switch. */
export function ParametersTab({ view }: PartProps) {
  const { ws, data, shown, search, set } = view;
  const all = search.all === true;
  const table = useMemo(() => parameterTable(data, shown, all), [data, shown, all]);
  return (
    <div className={styles.section}>
      <div className={styles.bar}>
        <p className={styles.note} role="status">
          {table.differing} of {plural(table.total, "parameter")}{" "}
          {table.differing === 1 ? "differs" : "differ"}.
        </p>
        <span className={styles.grow} />
        <SwitchField
          label="Show equal parameters"
          checked={all}
          onChange={(event) => set({ all: event.currentTarget.checked || undefined })}
        />
      </div>
      {table.groups.length === 0 ? (
        <EmptyState
          tight
          title={table.total ? "Every parameter is the same" : "These runs have no parameters"}
          why={table.total ? "What differs in the drawing is in Graph." : undefined}
        />
      ) : (
        <div className={styles.scroll}>
          <table className={`${styles.table} ${styles.text}`} aria-label="Parameters of the runs">
            <thead>
              <tr>
                <th scope="col">Parameter</th>
                {shown.map((line) => (
                  <th key={line.id} scope="col">
                    <RunHead line={line} ws={ws} />
                  </th>
                ))}
              </tr>
            </thead>
            {table.groups.map((group) => (
              <tbody key={group.step}>
                <tr>
                  <th scope="rowgroup" colSpan={shown.length + 1} className={styles.group}>
                    {group.title}
                  </th>
                </tr>
                {group.rows.map((row) => {
                  const base = shown[0] && row.values.get(shown[0].id);
                  return (
                    <tr key={row.key}>
                      <th scope="row">{row.title}</th>
                      {shown.map((line, i) => {
                        const value = row.values.get(line.id);
                        const differs = i > 0 && row.differs && !sameValue(value, base);
                        return (
                          <td key={line.id} data-differs={differs} data-absent={value === undefined}>
                            <Value value={value} differs={differs} />
                          </td>
                        );
                      })}
                    </tr>
                  );
                })}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </div>
  );
}

function Value({ value, differs }: { value: Json | undefined; differs: boolean }) {
  const text = valueText(value);
  const mark = differs && (
    <>
      <span className={styles.mark} aria-hidden="true">
        ≠
      </span>
      <span className="visually-hidden">differs: </span>
    </>
  );
  if (isLong(value))
    return (
      <details>
        <summary>
          {mark}
          {text}
        </summary>
        <pre className={styles.whole}>{value}</pre>
      </details>
    );
  return (
    <span className={styles.cell} title={value === undefined ? "This run has no such parameter" : text}>
      {mark}
      {text}
      {value === undefined && <span className="visually-hidden"> (not in this run)</span>}
    </span>
  );
}
