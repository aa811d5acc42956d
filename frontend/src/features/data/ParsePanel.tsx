import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { previewParse } from "@/api/datasets";
import type { DataSource, Dtype, ParseOptions } from "@/api/types";
import { Button } from "@/design/Button";
import { SelectField } from "@/design/Field";
import { formatNumber, plural, sentence } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import styles from "./Import.module.css";
import { ParseFields } from "./ParseFields";

const TYPES: Dtype[] = ["string", "integer", "float", "boolean", "date", "datetime", "time", "categorical"];
const AUTOMATIC = "automatic";
const FEW = 60;
/** A file that is read whole later, too large to be shown before. */
const NOT_PREVIEWED = "not_previewed";
/** Where to begin when the reader could make nothing of the file. */
const BLANK: ParseOptions = {
  format: "csv",
  delimiter: ",",
  quote: '"',
  header: true,
  encoding: "utf-8",
  skip_rows: 0,
  missing_values: ["", "NA", "N/A", "null", "NULL", "NaN", "nan", "None"],
  column_types: {},
  decimal: ".",
  sheet: "",
};

/** What the reader made of the file, and every choice it took, to be corrected. */
export function ParsePanel({
  ws,
  source,
  onOptions,
}: {
  ws: string;
  source: DataSource;
  onOptions: (options: ParseOptions | null) => void;
}) {
  const [changes, setChanges] = useState<Partial<ParseOptions>>({});
  const [asked, setAsked] = useState<ParseOptions | null>(null);
  const [all, setAll] = useState(false);
  const preview = useQuery({
    queryKey: ["w", ws, "parse", source, asked],
    queryFn: ({ signal }) => previewParse(ws, source, asked, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const detected = useRef<ParseOptions | null>(null);
  if (preview.data && !detected.current) detected.current = preview.data.options;
  const options = { ...(preview.data?.options ?? BLANK), ...changes };
  const settled = preview.isSuccess && !preview.isPlaceholderData;

  useEffect(() => {
    if (!Object.keys(changes).length) return;
    // The whole of the options goes: what is left out would be a default, not what was detected.
    const whole = { ...(detected.current ?? BLANK), column_types: {}, ...changes };
    const timer = setTimeout(() => setAsked(whole), 350);
    return () => clearTimeout(timer);
  }, [changes]);
  const current = Object.entries(changes).every(
    ([name, value]) => JSON.stringify(asked?.[name as keyof ParseOptions]) === JSON.stringify(value),
  );
  const unseen = preview.data?.issues.some((issue) => issue.code === NOT_PREVIEWED) ?? false;
  const ready = settled && current && (preview.data.columns.length > 0 || unseen);
  useEffect(() => {
    onOptions(ready ? (preview.data?.options ?? null) : null);
  }, [ready, preview.data, onOptions]);

  const set = (part: Partial<ParseOptions>) => setChanges((before) => ({ ...before, ...part }));
  /** Other lines, other names: types chosen for the old columns are dropped. */
  const reshape = (part: Partial<ParseOptions>) =>
    setChanges((before) => ({ ...before, ...part, column_types: {} }));

  if (preview.isPending) return <SkeletonRows count={8} />;
  const {
    columns,
    rows,
    issues,
    row_estimate: estimate,
    sheets,
  } = preview.data ?? { columns: [], rows: [], issues: [], row_estimate: null, sheets: [] };
  const shown = all ? columns : columns.slice(0, FEW);
  return (
    <>
      <div className={styles.heading}>
        Read as
        <span className={styles.note}>Every change is tried at once on the first rows.</span>
      </div>
      <ParseFields options={options} sheets={sheets} onChange={set} onReshape={reshape} />
      {preview.isError && <ProblemCard problem={preview.error} onRetry={() => preview.refetch()} />}
      {issues.length > 0 && (
        <ul className={styles.issues} aria-label="Notes on the file">
          {issues.map((issue) => (
            <li key={`${issue.code}-${issue.line}-${issue.column}-${issue.message}`} className={styles.issue}>
              <TriangleAlert size={15} aria-hidden="true" />
              <span>
                {issue.message} {issue.line ? <small>Line {formatNumber(issue.line)}. </small> : null}
                {issue.fix && <small>{issue.fix}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.heading}>
        Preview
        <span className={styles.note}>
          {plural(columns.length, "column")}
          {estimate !== null && `, about ${plural(estimate, "row")}`}
        </span>
      </div>
      {columns.length === 0 && (preview.isError || unseen) ? null : columns.length === 0 ? (
        <p className={styles.note}>No columns were found. Try another delimiter or encoding.</p>
      ) : (
        <div
          className={`${styles.preview} ${!settled || !current ? styles.stale : ""}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
          tabIndex={0}
          role="region"
          aria-label="Preview of the first rows"
          aria-busy={!settled}
        >
          <table>
            <thead>
              <tr>
                {shown.map((column) => (
                  <th key={column.name} scope="col">
                    <span
                      className={styles.columnName}
                      title={
                        column.original_name === column.name
                          ? column.name
                          : `${column.name}, called ${column.original_name} in the file`
                      }
                    >
                      {column.name}
                    </span>
                    <SelectField
                      aria-label={`Type of ${column.name}`}
                      data={[
                        ...(changes.column_types?.[column.name]
                          ? [{ value: AUTOMATIC, label: "Automatic" }]
                          : []),
                        ...[...new Set<Dtype>([column.dtype, ...TYPES])].map((dtype) => ({
                          value: dtype,
                          label: sentence(dtype),
                        })),
                      ]}
                      value={changes.column_types?.[column.name] ?? column.dtype}
                      disabled={options.format === "parquet"}
                      onChange={(value) => {
                        const { [column.name]: _old, ...others } = changes.column_types ?? {};
                        set({
                          column_types:
                            value && value !== AUTOMATIC
                              ? { ...others, [column.name]: value as Dtype }
                              : others,
                        });
                      }}
                    />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row of a preview is its place
                <tr key={i}>
                  {shown.map((column, j) => {
                    const value = row[j] ?? null;
                    return (
                      <td
                        key={column.name}
                        data-missing={value === null}
                        data-number={column.dtype === "integer" || column.dtype === "float"}
                        title={value === null ? undefined : String(value)}
                      >
                        {value === null ? "missing" : String(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          {columns.length > shown.length && (
            <div className={styles.more}>
              {FEW} of {formatNumber(columns.length)} columns shown.
              <Button size="compact" onClick={() => setAll(true)}>
                Show all
              </Button>
            </div>
          )}
          {rows.length === 0 && <p className={styles.more}>The file has a header but no rows.</p>}
        </div>
      )}
    </>
  );
}
