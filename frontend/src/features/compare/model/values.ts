import type { Json } from "@/api/types";
import { formatNumber, plural } from "@/design/format";

type Rule = { action?: string; by?: string; values?: Json[] };

function rulesText(rules: readonly Rule[]): string {
  return rules
    .map((rule) => {
      const what = (rule.values ?? []).map(String).join(", ");
      const words =
        rule.by === "all" ? "all columns" : rule.by === "names" ? what : `${rule.by ?? ""} ${what}`;
      return rule.action === "exclude" ? `not ${words.trim()}` : words.trim();
    })
    .join("; ");
}

/** A parameter's value in one line. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "–";
  if (value === null) return "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, { digits: 6 });
  if (typeof value === "string") {
    const lines = value.split("\n").length;
    return value === "" ? "empty" : lines > 1 ? plural(lines, "line") : value;
  }
  if (Array.isArray(value)) return value.length ? value.map((each) => valueText(each)).join(", ") : "none";
  const object = value as Record<string, Json>;
  if (Array.isArray(object.rules)) return rulesText(object.rules as Rule[]) || "no columns";
  if (typeof object.name === "string")
    return object.version === undefined ? object.name : `${object.name}, version ${String(object.version)}`;
  return JSON.stringify(value);
}

/** Does the line leave something out, so that the whole is worth opening? */
export function isLong(value: Json | undefined): value is string {
  return typeof value === "string" && value.includes("\n");
}

export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, Json>;
  const right = b as Record<string, Json>;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => name in right && sameValue(left[name], right[name]))
  );
}
