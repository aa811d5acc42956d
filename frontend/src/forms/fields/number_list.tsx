import { useState } from "react";
import { TextField } from "@/design/Field";
import type { ParameterFieldProps } from "../field";
import { useLocalText } from "../useLocalText";
import { parseNumbers } from "../validate";

export function NumberListField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
}: ParameterFieldProps) {
  const [wrong, setWrong] = useState(false);
  const shown = Array.isArray(value) ? value.join(", ") : "";
  const { text, edit, flush } = useLocalText(shown, (next) => {
    const numbers = parseNumbers(next);
    setWrong(numbers === null);
    if (numbers) onChange(numbers);
  });
  return (
    <TextField
      id={id}
      aria-describedby={describedBy}
      error={wrong ? "Write numbers separated by commas." : invalid}
      readOnly={readOnly}
      placeholder={parameter.placeholder ?? "0.1, 0.5, 1"}
      value={text}
      onChange={(event) => edit(event.currentTarget.value)}
      onBlur={flush}
    />
  );
}
