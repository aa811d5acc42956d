import { RotateCcw } from "lucide-react";
import type { Json, Parameter, TableSchema } from "@/api/types";
import { FieldFrame } from "@/design/FieldFrame";
import { FIELDS, GROUPED } from "./fields";
import { currentValue, grouped, isEdited, isShown } from "./kinds";
import styles from "./SchemaForm.module.css";
import { check } from "./validate";

export interface SchemaFormProps {
  workspace: string;
  parameters: Parameter[];
  /** Only what was set; a missing name has its default. */
  values: Record<string, Json>;
  /** Columns known at each input port. */
  schemas?: Record<string, TableSchema | null>;
  /** Messages of the server or the validator, by parameter. */
  errors?: Record<string, string>;
  readOnly?: boolean;
  /** `undefined` takes the value back to its default. */
  onChange: (name: string, value: Json | undefined) => void;
}

/** A form made from declarations: one field per parameter kind, never per component. */
export function SchemaForm({
  workspace,
  parameters,
  values,
  schemas = {},
  errors = {},
  readOnly = false,
  onChange,
}: SchemaFormProps) {
  const shown = parameters.filter((parameter) => isShown(parameter, parameters, values));
  return (
    <div className={styles.form}>
      {grouped(shown).map((group) => (
        <div key={group.name ?? ""} className={styles.group}>
          {group.name && <h3 className={styles.heading}>{group.name}</h3>}
          {group.parameters.map((parameter) => {
            const Field = FIELDS[parameter.kind] ?? FIELDS.text;
            const value = currentValue(parameter, values);
            const edited = isEdited(parameter, values);
            // A field nobody touched is not scolded before the validator does.
            const error = errors[parameter.name] ?? (edited ? check(parameter, value) : null);
            const boolean = parameter.kind === "boolean";
            return (
              <div key={parameter.name} data-parameter={parameter.name} data-kind={parameter.kind}>
                <FieldFrame
                  label={parameter.title}
                  note={parameter.required && !boolean ? "required" : undefined}
                  group={GROUPED.has(parameter.kind)}
                  help={parameter.help || undefined}
                  error={error ?? undefined}
                  aside={
                    edited && (
                      <button
                        type="button"
                        className={styles.edited}
                        disabled={readOnly}
                        aria-label={`Edited: reset ${parameter.title} to its default`}
                        title={readOnly ? "Differs from the default" : "Reset to the default"}
                        onClick={() => onChange(parameter.name, undefined)}
                      >
                        <span className={styles.dot} aria-hidden="true" />
                        Edited
                        {!readOnly && <RotateCcw size={12} aria-hidden="true" />}
                      </button>
                    )
                  }
                >
                  {(ids) => (
                    <Field
                      {...ids}
                      parameter={parameter}
                      value={value}
                      invalid={Boolean(error)}
                      readOnly={readOnly}
                      workspace={workspace}
                      schema={parameter.columns_of ? (schemas[parameter.columns_of] ?? null) : null}
                      schemas={schemas}
                      onChange={(next) => onChange(parameter.name, next)}
                    />
                  )}
                </FieldFrame>
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
