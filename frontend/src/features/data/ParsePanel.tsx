import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { previewParse } from "@/api/datasets";
import type { DataSource, Dtype, ParseOptions } from "@/api/types";
import { Button } from "@/design/Button";
import { SelectField, SwitchField, TextField } from "@/design/Field";
import { formatNumber, plural, sentence } from "@/design/format";
import { NumberField } from "@/design/NumberField";
import { TagsField } from "@/design/PickField";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import styles from "./Import.module.css";

const FORMATS = [
  { value: "csv", label: "CSV" },
  { value: "tsv", label: "TSV" },
  { value: "jsonl", label: "JSON lines" },
  { value: "parquet", label: "Parquet" },
];
const DELIMITERS = [
  { value: ",", label: "Comma ," },
  { value: ";", label: "Semicolon ;" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar |" },
  { value: " ", label: "Space" },
];
const ENCODINGS = [
  "utf-8",
  "utf-16",
  "latin-1",
  "cp1252",
  "iso-8859-15",
  "cp1250",
  "cp1251",
  "shift_jis",
  "gb18030",
];
const TYPES: Dtype[] = ["string", "integer", "float", "boolean", "date", "datetime", "time", "categorical"];
const AUTOMATIC = "automatic";
const FEW = 60;
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
  const ready = settled && current && preview.data.columns.length > 0;
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
  } = preview.data ?? { columns: [], rows: [], issues: [], row_estimate: null };
  const text = options.format === "csv" || options.format === "tsv";
  const shown = all ? columns : columns.slice(0, FEW);
  return (
    <>
      <div className={styles.heading}>
        Read as
        <span className={styles.note}>Every change is tried at once on the first rows.</span>
      </div>
      <div className={styles.options}>
        <SelectField
          label="Format"
          data={FORMATS}
          value={options.format}
          onChange={(value) =>
            reshape({
              format: value as ParseOptions["format"],
              ...(value === "tsv" ? { delimiter: "\t" } : value === "csv" ? { delimiter: "," } : {}),
            })
          }
        />
        {text && (
          <>
            <SelectField
              label="Delimiter"
              data={
                DELIMITERS.some((each) => each.value === options.delimiter)
                  ? DELIMITERS
                  : [...DELIMITERS, { value: options.delimiter, label: options.delimiter }]
              }
              value={options.delimiter}
              onChange={(value) => reshape({ delimiter: value ?? "," })}
            />
            <SelectField
              label="Encoding"
              searchable
              data={[...new Set([options.encoding, ...ENCODINGS])]}
              value={options.encoding}
              onChange={(value) => reshape({ encoding: value ?? "utf-8" })}
            />
            <TextField
              label="Quote"
              maxLength={1}
              value={options.quote}
              onChange={(event) => reshape({ quote: event.currentTarget.value })}
            />
            <SelectField
              label="Decimal mark"
              data={[
                { value: ".", label: "Point 1.5" },
                { value: ",", label: "Comma 1,5" },
              ]}
              value={options.decimal}
              onChange={(value) => set({ decimal: value ?? "." })}
            />
            <NumberField
              label="Skip lines"
              min={0}
              max={10_000}
              allowDecimal={false}
              value={options.skip_rows}
              onChange={(value) => reshape({ skip_rows: Number(value) || 0 })}
            />
            <SwitchField
              label="First row has the names"
              checked={options.header}
              onChange={(event) => reshape({ header: event.currentTarget.checked })}
              style={{ paddingBottom: 6 }}
            />
            <TagsField
              label="Missing marks"
              className={styles.wide}
              splitChars={[]}
              value={options.missing_values.map((mark) => (mark === "" ? "(empty)" : mark))}
              onChange={(marks) =>
                set({ missing_values: marks.map((mark) => (mark === "(empty)" ? "" : mark)) })
              }
            />
          </>
        )}
      </div>
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
      {columns.length === 0 && preview.isError ? null : columns.length === 0 ? (
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
