import { SelectField, TextField } from "@/design/Field";
import type { ParameterFieldProps } from "../field";
import { useLocalText } from "../useLocalText";

/** One column of the table upstream; typed by hand while its columns cannot be known. */
export function ColumnField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
  schema,
}: ParameterFieldProps) {
  const chosen = typeof value === "string" ? value : null;
  const { text, edit, flush } = useLocalText(chosen ?? "", (next) => onChange(next === "" ? null : next));
  if (!schema)
    return (
      <TextField
        id={id}
        aria-describedby={describedBy}
        error={invalid}
        readOnly={readOnly}
        placeholder={parameter.placeholder ?? "Column name"}
        value={text}
        onChange={(event) => edit(event.currentTarget.value)}
        onBlur={flush}
      />
    );
  const names = schema.columns.map((column) => column.name);
  // A column that has gone is still shown, so that nothing seems to be set when something is.
  const data = [...new Set(chosen !== null && !names.includes(chosen) ? [chosen, ...names] : names)].map(
    (name) => ({
      value: name,
      label: chosen === name && !names.includes(name) ? `${name} (not in the input)` : name,
    }),
  );
  return (
    <SelectField
      id={id}
      aria-describedby={describedBy}
      error={invalid}
      readOnly={readOnly}
      searchable
      clearable={!parameter.required}
      placeholder={parameter.placeholder ?? "Choose a column"}
      nothingFoundMessage="No column has this name."
      limit={400}
      data={data}
      value={chosen}
      onChange={(next) => onChange(next)}
    />
  );
}
