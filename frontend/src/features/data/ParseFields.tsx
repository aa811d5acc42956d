import type { ParseOptions } from "@/api/types";
import { SelectField, SwitchField, TextField } from "@/design/Field";
import { NumberField } from "@/design/NumberField";
import { TagsField } from "@/design/PickField";
import styles from "./Import.module.css";

const FORMATS = [
  { value: "csv", label: "CSV" },
  { value: "tsv", label: "TSV" },
  { value: "jsonl", label: "JSON lines" },
  { value: "parquet", label: "Parquet" },
  { value: "excel", label: "Excel" },
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
/** The choices that reading took, each to be corrected; which there are depends on the format. */
export function ParseFields({
  options,
  sheets,
  onChange,
  onReshape,
}: {
  options: ParseOptions;
  sheets: string[];
  onChange: (part: Partial<ParseOptions>) => void;
  /** Other lines, other names: types chosen for the old columns are dropped. */
  onReshape: (part: Partial<ParseOptions>) => void;
}) {
  const text = options.format === "csv" || options.format === "tsv";
  return (
    <div className={styles.options}>
      <SelectField
        label="Format"
        data={FORMATS}
        value={options.format}
        onChange={(value) =>
          onReshape({
            format: value as ParseOptions["format"],
            ...(value === "tsv" ? { delimiter: "\t" } : value === "csv" ? { delimiter: "," } : {}),
          })
        }
      />
      {options.format === "excel" && (
        <SelectField
          label="Sheet"
          data={[...new Set([...sheets, ...(options.sheet ? [options.sheet] : [])])]}
          value={options.sheet || sheets[0] || null}
          onChange={(value) => onReshape({ sheet: value ?? "" })}
        />
      )}
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
            onChange={(value) => onReshape({ delimiter: value ?? "," })}
          />
          <SelectField
            label="Encoding"
            searchable
            data={[...new Set([options.encoding, ...ENCODINGS])]}
            value={options.encoding}
            onChange={(value) => onReshape({ encoding: value ?? "utf-8" })}
          />
          <TextField
            label="Quote"
            maxLength={1}
            value={options.quote}
            onChange={(event) => onReshape({ quote: event.currentTarget.value })}
          />
          <SelectField
            label="Decimal mark"
            data={[
              { value: ".", label: "Point 1.5" },
              { value: ",", label: "Comma 1,5" },
            ]}
            value={options.decimal}
            onChange={(value) => onChange({ decimal: value ?? "." })}
          />
        </>
      )}
      {(text || options.format === "excel") && (
        <>
          <NumberField
            label={text ? "Skip lines" : "Skip rows"}
            min={0}
            max={10_000}
            allowDecimal={false}
            value={options.skip_rows}
            onChange={(value) => onReshape({ skip_rows: Number(value) || 0 })}
          />
          <SwitchField
            label="First row has the names"
            checked={options.header}
            onChange={(event) => onReshape({ header: event.currentTarget.checked })}
            style={{ paddingBottom: 6 }}
          />
          <TagsField
            label="Missing marks"
            className={styles.wide}
            splitChars={[]}
            value={options.missing_values.map((mark) => (mark === "" ? "(empty)" : mark))}
            onChange={(marks) =>
              onChange({ missing_values: marks.map((mark) => (mark === "(empty)" ? "" : mark)) })
            }
          />
        </>
      )}
    </div>
  );
}
