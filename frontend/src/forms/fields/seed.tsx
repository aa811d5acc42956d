import { Dices } from "lucide-react";
import { IconButton } from "@/design/Button";
import type { ParameterFieldProps } from "../field";
import { NumericField } from "./number";

/** A whole number, or none: random at each run. */
export function SeedField(props: ParameterFieldProps) {
  const { parameter, value, onChange, readOnly } = props;
  return (
    <div style={{ display: "grid", gridTemplateColumns: "1fr auto", gap: 6 }}>
      <NumericField
        {...props}
        parameter={{ ...parameter, kind: "integer", placeholder: "Random each run", nullable: true }}
      />
      <IconButton
        label={
          value === null ? `Draw a number for ${parameter.title}` : `Make ${parameter.title} random each run`
        }
        variant="secondary"
        aria-pressed={value === null}
        disabled={readOnly}
        onClick={() => onChange(value === null ? Math.floor(Math.random() * 2 ** 31) : null)}
      >
        <Dices size={15} strokeWidth={1.75} />
      </IconButton>
    </div>
  );
}
