import { SelectField } from "@/design/Field";
import { Segmented } from "@/design/Segmented";
import type { ParameterFieldProps } from "../field";

/** Few short choices stand side by side; more, or longer, open a list. */
export function ChoiceField({
  parameter,
  value,
  onChange,
  labelId,
  describedBy,
  invalid,
  readOnly,
}: ParameterFieldProps) {
  const choices = parameter.choices ?? [];
  const letters = choices.reduce((sum, choice) => sum + choice.title.length, 0);
  const chosen = typeof value === "string" ? value : null;
  if (choices.length <= 3 && letters <= 26)
    return (
      <Segmented
        fill
        label={parameter.title}
        describedBy={describedBy}
        value={chosen}
        disabled={readOnly}
        items={choices.map((choice) => ({ value: choice.value, label: choice.title }))}
        onChange={onChange}
      />
    );
  return (
    <SelectField
      aria-labelledby={labelId}
      aria-describedby={describedBy}
      error={invalid}
      readOnly={readOnly}
      searchable={choices.length > 8}
      clearable={parameter.nullable}
      placeholder={parameter.placeholder ?? "Choose"}
      data={choices.map((choice) => ({ value: choice.value, label: choice.title }))}
      value={chosen}
      onChange={(next) => onChange(next)}
    />
  );
}
