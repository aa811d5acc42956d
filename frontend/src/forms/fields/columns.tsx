import { Plus, X } from "lucide-react";
import type { ColumnRule, Json } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { SelectField } from "@/design/Field";
import { plural, sentence } from "@/design/format";
import { MultiSelectField, TagsField } from "@/design/PickField";
import { DTYPES, ROLES, selectColumns, selectionOf } from "../columns";
import type { ParameterFieldProps } from "../field";
import styles from "./columns.module.css";

const BY = [
  { value: "all", label: "All columns" },
  { value: "names", label: "Names" },
  { value: "types", label: "Types" },
  { value: "roles", label: "Roles" },
  { value: "pattern", label: "Name pattern" },
];
const SHOWN = 300;

/** Rules in order, a later one wins, with the columns they take shown as they change. */
export function ColumnsField({
  parameter,
  value,
  onChange,
  describedBy,
  readOnly,
  schema,
}: ParameterFieldProps) {
  const { rules } = selectionOf(value);
  const commit = (next: ColumnRule[]) => onChange({ rules: next } as unknown as Json);
  const change = (at: number, part: Partial<ColumnRule>) =>
    commit(rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)));
  const taken = schema ? new Set(selectColumns({ rules }, schema)) : null;
  const names = schema ? [...new Set(schema.columns.map((column) => column.name))] : [];
  return (
    <div className={styles.rules} aria-describedby={describedBy}>
      {rules.map((rule, at) => {
        const label = `Rule ${at + 1} of ${parameter.title}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by its place
          <div key={at} className={styles.rule} role="group" aria-label={label}>
            <div className={styles.line}>
              <SelectField
                aria-label={`${label}: include or exclude`}
                readOnly={readOnly}
                data={[
                  { value: "include", label: "Include" },
                  { value: "exclude", label: "Exclude" },
                ]}
                value={rule.action}
                onChange={(next) => change(at, { action: next as ColumnRule["action"] })}
              />
              <SelectField
                aria-label={`${label}: by`}
                readOnly={readOnly}
                data={BY}
                value={rule.by}
                onChange={(next) => change(at, { by: next as ColumnRule["by"], values: [] })}
              />
              <IconButton
                label={`Remove ${label.toLowerCase()}`}
                size="compact"
                disabled={readOnly}
                onClick={() => commit(rules.filter((_, i) => i !== at))}
              >
                <X size={14} />
              </IconButton>
            </div>
            {rule.by === "names" &&
              (schema ? (
                <MultiSelectField
                  aria-label={`${label}: columns`}
                  readOnly={readOnly}
                  searchable
                  hidePickedOptions
                  limit={400}
                  placeholder={rule.values.length ? undefined : "Choose columns"}
                  nothingFoundMessage="No column has this name."
                  data={[...new Set([...names, ...rule.values])]}
                  value={rule.values}
                  onChange={(values) => change(at, { values })}
                />
              ) : (
                <TagsField
                  aria-label={`${label}: columns`}
                  readOnly={readOnly}
                  placeholder={rule.values.length ? undefined : "Type a name, then Enter"}
                  value={rule.values}
                  onChange={(values) => change(at, { values })}
                />
              ))}
            {rule.by === "types" && (
              <MultiSelectField
                aria-label={`${label}: types`}
                readOnly={readOnly}
                placeholder={rule.values.length ? undefined : "Choose types"}
                data={["numeric", ...DTYPES].map((dtype) => ({ value: dtype, label: sentence(dtype) }))}
                value={rule.values}
                onChange={(values) => change(at, { values })}
              />
            )}
            {rule.by === "roles" && (
              <MultiSelectField
                aria-label={`${label}: roles`}
                readOnly={readOnly}
                placeholder={rule.values.length ? undefined : "Choose roles"}
                data={ROLES.map((role) => ({ value: role, label: sentence(role) }))}
                value={rule.values}
                onChange={(values) => change(at, { values })}
              />
            )}
            {rule.by === "pattern" && (
              <TagsField
                aria-label={`${label}: regular expressions`}
                readOnly={readOnly}
                splitChars={[]}
                placeholder={rule.values.length ? undefined : "^price_  then Enter"}
                error={
                  rule.values.some((pattern) => !isPattern(pattern))
                    ? "This is not a regular expression."
                    : undefined
                }
                value={rule.values}
                onChange={(values) => change(at, { values })}
              />
            )}
          </div>
        );
      })}
      {!readOnly && (
        <div className={styles.foot}>
          <Button
            size="compact"
            icon={<Plus size={13} />}
            onClick={() =>
              commit([...rules, { action: "include", by: rules.length ? "names" : "all", values: [] }])
            }
          >
            {rules.length ? "Add rule" : "Choose columns"}
          </Button>
        </div>
      )}
      {schema && taken ? (
        <details className={styles.result}>
          <summary>
            Takes {taken.size} of {plural(schema.columns.length, "column")}
          </summary>
          <div className={styles.names}>
            {schema.columns.slice(0, SHOWN).map((column) => (
              <span
                key={column.name}
                className={styles.name}
                data-taken={taken.has(column.name)}
                title={`${column.name}, ${column.dtype}`}
              >
                {column.name}
              </span>
            ))}
            {schema.columns.length > SHOWN && <span>and {schema.columns.length - SHOWN} more</span>}
          </div>
        </details>
      ) : (
        <p className={styles.result}>The columns are known once the input is connected and can be read.</p>
      )}
    </div>
  );
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
