import type { Json, Parameter } from "@/api/types";

/** What a parameter's value is when nobody set it. */
export function currentValue(parameter: Parameter, values: Record<string, Json>): Json {
  const value = values[parameter.name];
  return value === undefined ? parameter.default : value;
}

/** Whether the conditions of `shown_when` hold; all must, each by any of its values. */
export function isShown(parameter: Parameter, all: Parameter[], values: Record<string, Json>): boolean {
  if (!parameter.shown_when) return true;
  return Object.entries(parameter.shown_when).every(([name, wanted]) => {
    const other = all.find((each) => each.name === name);
    if (!other) return true;
    // A field that hangs on a hidden one is hidden with it.
    if (
      !isShown(
        { ...other },
        all.filter((each) => each.name !== parameter.name),
        values,
      )
    )
      return false;
    return wanted.some((value) => same(value, currentValue(other, values)));
  });
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export function isEdited(parameter: Parameter, values: Record<string, Json>): boolean {
  const value = values[parameter.name];
  return value !== undefined && !same(value, parameter.default);
}

/** Groups in order of first mention; the nameless one first. */
export function grouped(parameters: Parameter[]): { name: string | null; parameters: Parameter[] }[] {
  const groups: { name: string | null; parameters: Parameter[] }[] = [];
  for (const parameter of parameters) {
    const name = parameter.group ?? null;
    let group = groups.find((each) => each.name === name);
    if (!group) {
      group = { name, parameters: [] };
      groups.push(group);
    }
    group.parameters.push(parameter);
  }
  return groups.sort((a, b) => Number(a.name !== null) - Number(b.name !== null));
}
