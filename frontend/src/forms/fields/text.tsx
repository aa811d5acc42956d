import { TextField } from "@/design/Field";
import type { ParameterFieldProps } from "../field";
import { useLocalText } from "../useLocalText";

export function PlainTextField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
}: ParameterFieldProps) {
  const { text, edit, flush } = useLocalText(typeof value === "string" ? value : "", (next) =>
    onChange(next === "" && parameter.nullable ? null : next),
  );
  return (
    <TextField
      id={id}
      aria-describedby={describedBy}
      error={invalid}
      readOnly={readOnly}
      placeholder={parameter.placeholder ?? undefined}
      value={text}
      onChange={(event) => edit(event.currentTarget.value)}
      onBlur={flush}
      onKeyDown={(event) => event.key === "Enter" && flush()}
    />
  );
}
