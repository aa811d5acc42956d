import { Plus, X } from "lucide-react";
import { useId } from "react";
import type { Json, Parameter } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import type { ParameterFieldProps } from "../field";
import { currentValue, isShown } from "../kinds";
import { FIELDS } from "./index";
import styles from "./rows.module.css";

type Row = Record<string, Json>;

/** A list of rows that all have the same fields; each field is drawn by its own kind. */
export function RowsField(props: ParameterFieldProps) {
  const { parameter, value, onChange, describedBy, readOnly } = props;
  const rows = Array.isArray(value) ? (value as Row[]) : [];
  const fields = parameter.fields ?? [];
  const change = (at: number, name: string, next: Json) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, [name]: next } : row)));
  return (
    <div className={styles.rows} aria-describedby={describedBy}>
      {rows.map((row, at) => {
        const label = `Row ${at + 1} of ${parameter.title}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place
          <div key={at} className={styles.row} role="group" aria-label={label}>
            <div className={styles.fields}>
              {fields
                .filter((field) => isShown(field, fields, row))
                .map((field) => (
                  <RowField
                    key={field.name}
                    {...props}
                    parameter={field}
                    row={label}
                    value={currentValue(field, row)}
                    onChange={(next) => change(at, field.name, next)}
                  />
                ))}
            </div>
            <IconButton
              label={`Remove ${label.toLowerCase()}`}
              size="compact"
              disabled={readOnly}
              onClick={() => onChange(rows.filter((_, i) => i !== at))}
            >
              <X size={14} />
            </IconButton>
          </div>
        );
      })}
      {!readOnly && (
        <div>
          <Button size="compact" icon={<Plus size={13} />} onClick={() => onChange([...rows, blank(fields)])}>
            Add row
          </Button>
        </div>
      )}
    </div>
  );
}

function RowField({ row, parameter, schemas, ...props }: ParameterFieldProps & { row: string }) {
  const id = useId();
  const Field = FIELDS[parameter.kind];
  return (
    <>
      <label id={`${id}-label`} htmlFor={id} className={styles.label} title={parameter.help || undefined}>
        {parameter.title}
        <span className={styles.hidden}>, {row.toLowerCase()}</span>
      </label>
      <Field
        {...props}
        id={id}
        labelId={`${id}-label`}
        describedBy={undefined}
        invalid={false}
        parameter={parameter}
        schemas={schemas}
        schema={parameter.columns_of ? (schemas[parameter.columns_of] ?? null) : null}
      />
    </>
  );
}

function blank(fields: Parameter[]): Row {
  return Object.fromEntries(fields.map((field) => [field.name, field.default]));
}
