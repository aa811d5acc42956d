import { useState } from "react";
import { NumberField } from "@/design/NumberField";
import type { ParameterFieldProps } from "../field";

/** Numbers and integers; a slider joins where both ends are known. */
export function NumericField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
}: ParameterFieldProps) {
  const [text, setText] = useState<string | number>(typeof value === "number" ? value : "");
  const [before, setBefore] = useState(value);
  if (value !== before) {
    setBefore(value);
    setText(typeof value === "number" ? value : "");
  }
  const commit = (next: string | number) => {
    if (next === "" || next === "-") {
      if (value !== null) onChange(null);
      return;
    }
    const number = Number(next);
    if (Number.isFinite(number) && number !== value) onChange(number);
  };
  const integer = parameter.kind === "integer";
  const bounded = parameter.minimum !== null && parameter.maximum !== null;
  const step =
    parameter.step ??
    (integer
      ? 1
      : bounded
        ? Number((((parameter.maximum ?? 1) - (parameter.minimum ?? 0)) / 20).toPrecision(1))
        : 0.1);
  const slider =
    bounded && typeof value === "number" && (parameter.maximum ?? 0) - (parameter.minimum ?? 0) <= 1000;
  return (
    <div style={{ display: "flex", gap: 14, alignItems: "center" }}>
      {slider && (
        <input
          type="range"
          className="studio-range"
          aria-label={`${parameter.title} slider`}
          min={parameter.minimum ?? undefined}
          max={parameter.maximum ?? undefined}
          step={integer ? 1 : (parameter.step ?? step / 10)}
          value={Number(text) || 0}
          disabled={readOnly}
          onChange={(event) => setText(Number(event.currentTarget.value))}
          onPointerUp={() => commit(text)}
          onKeyUp={() => commit(text)}
          onBlur={() => commit(text)}
        />
      )}
      <NumberField
        id={id}
        style={slider ? { width: 92, flex: "none" } : { flex: 1 }}
        aria-describedby={describedBy}
        error={invalid}
        readOnly={readOnly}
        placeholder={parameter.placeholder ?? (parameter.nullable ? "None" : undefined)}
        value={text}
        allowDecimal={!integer}
        step={step}
        hideControls={slider}
        onChange={setText}
        onBlur={() => commit(text)}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(text);
          if (event.key === "ArrowUp" || event.key === "ArrowDown")
            setTimeout(() => commit((event.target as HTMLInputElement).value.replaceAll(",", "")));
        }}
      />
    </div>
  );
}
