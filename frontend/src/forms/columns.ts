import type { ColumnRule, ColumnSelection, Dtype, Json, TableSchema } from "@/api/types";

export const DTYPES: Dtype[] = [
  "integer",
  "float",
  "boolean",
  "string",
  "categorical",
  "datetime",
  "date",
  "time",
  "duration",
  "other",
];
export const ROLES = ["feature", "label", "score"] as const;

export function selectionOf(value: Json): ColumnSelection {
  if (value && typeof value === "object" && !Array.isArray(value) && Array.isArray(value.rules))
    return value as unknown as ColumnSelection;
  return { rules: [] };
}

function matches(rule: ColumnRule, column: TableSchema["columns"][number]): boolean {
  switch (rule.by) {
    case "all":
      return true;
    case "names":
      return rule.values.includes(column.name);
    case "types":
      return (
        rule.values.includes(column.dtype) ||
        (column.categorical && rule.values.includes("categorical")) ||
        (rule.values.includes("numeric") && (column.dtype === "integer" || column.dtype === "float"))
      );
    case "roles":
      return column.role !== null && rule.values.includes(column.role);
    case "pattern":
      return rule.values.some((pattern) => {
        try {
          return new RegExp(pattern).test(column.name);
        } catch {
          // Half-typed: matches nothing until it can be read.
          return false;
        }
      });
  }
}

/** The columns a selection takes: rules in order, a later one wins. */
export function selectColumns(selection: ColumnSelection, schema: TableSchema): string[] {
  return schema.columns
    .filter((column) => {
      let taken = false;
      for (const rule of selection.rules) if (matches(rule, column)) taken = rule.action === "include";
      return taken;
    })
    .map((column) => column.name);
}
