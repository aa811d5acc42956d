import type { ComparedParameter, ComparedStep, Json } from "@/api/types";
import type { RunLine } from "./lines";
import { sameValue } from "./values";

export interface ParameterRow {
  key: string;
  title: string;
  values: Map<string, Json>;
  differs: boolean;
}

export interface ParameterGroup {
  step: string;
  title: string;
  rows: ParameterRow[];
}

export interface ParameterTable {
  groups: ParameterGroup[];
  differing: number;
  total: number;
}

/** A step as the shown runs call it: all its names, where it was renamed. */
function titleOf(step: ComparedStep, shown: ReadonlySet<string>): string {
  return [...new Set(step.cells.filter((cell) => shown.has(cell.run)).map((cell) => cell.title))].join(" / ");
}

/** Parameters of the shown runs by step; what differs is asked of these runs only. */
export function parameterTable(
  { parameters, steps }: { parameters: readonly ComparedParameter[]; steps: readonly ComparedStep[] },
  lines: readonly RunLine[],
  all: boolean,
): ParameterTable {
  const shown = new Set(lines.map((line) => line.id));
  const titles = new Map(steps.map((step) => [step.key, titleOf(step, shown)]));
  const groups = new Map<string, ParameterGroup>();
  let differing = 0;
  let total = 0;
  for (const each of parameters) {
    const values = new Map(
      each.values.filter(({ run }) => shown.has(run)).map(({ run, value }) => [run, value]),
    );
    if (!values.size) continue;
    const [first, ...others] = values.values();
    const differs = values.size < shown.size || others.some((value) => !sameValue(value, first));
    total += 1;
    if (differs) differing += 1;
    if (!differs && !all) continue;
    const group = groups.get(each.step) ?? {
      step: each.step,
      title: titles.get(each.step) || each.step_title,
      rows: [],
    };
    group.rows.push({ key: `${each.step} ${each.name}`, title: each.title, values, differs });
    groups.set(each.step, group);
  }
  return { groups: [...groups.values()], differing, total };
}
