import { TextAreaField } from "@/design/Field";
import type { ParameterFieldProps } from "../field";
import { useLocalText } from "../useLocalText";

export function MultilineField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
}: ParameterFieldProps) {
  const { text, edit, flush } = useLocalText(typeof value === "string" ? value : "", onChange);
  return (
    <TextAreaField
      id={id}
      aria-describedby={describedBy}
      error={invalid}
      readOnly={readOnly}
      minRows={4}
      maxRows={16}
      styles={{ input: { fontFamily: "var(--mono)", fontSize: 12 } }}
      placeholder={parameter.placeholder ?? undefined}
      value={text}
      onChange={(event) => edit(event.currentTarget.value)}
      onBlur={flush}
    />
  );
}
