import type { Json, Parameter } from "@/api/types";
import { formatNumber } from "@/design/format";
import { currentValue, isShown } from "./kinds";

/** The limits as a phrase: "at least 0 and below 1". */
export function rangeText(parameter: Parameter): string {
  const parts: string[] = [];
  if (parameter.minimum !== null)
    parts.push(`${parameter.exclusive_minimum ? "above" : "at least"} ${formatNumber(parameter.minimum)}`);
  if (parameter.maximum !== null)
    parts.push(`${parameter.exclusive_maximum ? "below" : "at most"} ${formatNumber(parameter.maximum)}`);
  return parts.join(" and ");
}

function inRange(value: number, parameter: Parameter): boolean {
  const { minimum, maximum } = parameter;
  if (minimum !== null && (parameter.exclusive_minimum ? value <= minimum : value < minimum)) return false;
  if (maximum !== null && (parameter.exclusive_maximum ? value >= maximum : value > maximum)) return false;
  return true;
}

function isEmpty(parameter: Parameter, value: Json): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (parameter.kind === "columns") {
    const rules = (value as { rules?: unknown[] }).rules;
    return !rules?.length;
  }
  return Array.isArray(value) && value.length === 0;
}

/** What is wrong with a value, or null. The server has the last word; this one is at once. */
export function check(parameter: Parameter, value: Json): string | null {
  if (isEmpty(parameter, value)) {
    if (parameter.nullable && value === null) return null;
    return parameter.required ? `${parameter.title} is required.` : null;
  }
  switch (parameter.kind) {
    case "integer":
    case "number":
    case "seed": {
      if (typeof value !== "number" || !Number.isFinite(value)) return `${parameter.title} must be a number.`;
      if (parameter.kind !== "number" && !Number.isInteger(value))
        return `${parameter.title} must be a whole number.`;
      if (parameter.kind === "seed" && value < 0) return `${parameter.title} must be at least 0.`;
      return inRange(value, parameter) ? null : `${parameter.title} must be ${rangeText(parameter)}.`;
    }
    case "number_list": {
      const list = Array.isArray(value) ? value : [];
      if (list.some((item) => typeof item !== "number" || !Number.isFinite(item)))
        return `${parameter.title} must be numbers separated by commas.`;
      return list.every((item) => inRange(item as number, parameter))
        ? null
        : `Each number of ${parameter.title.toLowerCase()} must be ${rangeText(parameter)}.`;
    }
    case "rows": {
      const fields = parameter.fields ?? [];
      const rows = (Array.isArray(value) ? value : []) as Record<string, Json>[];
      for (const [at, row] of rows.entries())
        for (const field of fields.filter((each) => isShown(each, fields, row))) {
          const wrong = check(field, currentValue(field, row));
          if (wrong) return `${parameter.title}, row ${at + 1}: ${wrong}`;
        }
      return null;
    }
    case "choice":
      return parameter.choices?.some((choice) => choice.value === value)
        ? null
        : `${parameter.title} must be one of the choices.`;
    default:
      return null;
  }
}

/** Text of a number list as numbers; null when a part is not a number. */
export function parseNumbers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return numbers.every(Number.isFinite) ? numbers : null;
}
