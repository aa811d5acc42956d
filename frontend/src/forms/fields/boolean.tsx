import { SwitchField } from "@/design/Field";
import type { ParameterFieldProps } from "../field";

export function BooleanField({ value, onChange, id, describedBy, readOnly }: ParameterFieldProps) {
  return (
    <SwitchField
      id={id}
      aria-describedby={describedBy}
      checked={value === true}
      disabled={readOnly}
      label={value === true ? "On" : "Off"}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
