import { MultiSelectField } from "@/design/PickField";
import type { ParameterFieldProps } from "../field";

export function ChoicesField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
}: ParameterFieldProps) {
  const choices = parameter.choices ?? [];
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <MultiSelectField
      id={id}
      aria-describedby={describedBy}
      error={invalid}
      readOnly={readOnly}
      searchable
      placeholder={chosen.length ? undefined : (parameter.placeholder ?? "Choose")}
      data={choices.map((choice) => ({ value: choice.value, label: choice.title }))}
      value={chosen}
      onChange={onChange}
    />
  );
}
