import type { ComparedCell, ComparedOutput, Comparison, EvaluationDocument, PortType } from "@/api/types";
import type { RunLine } from "./lines";

/** An output of one run. */
export interface RunOutput {
  line: RunLine;
  cell: ComparedCell & { id: string };
  output: ComparedOutput;
}

/** A port of a step, in every run that has it. */
export interface OutputChoice {
  value: string;
  step: string;
  port: string;
  stepTitle: string;
  title: string;
  type: PortType;
  runs: RunOutput[];
}

/** What can be looked at side by side, in the order of the pipeline. */
export function outputChoices(data: Comparison, lines: readonly RunLine[]): OutputChoice[] {
  const choices: OutputChoice[] = [];
  for (const step of data.steps) {
    const found = new Map<string, OutputChoice>();
    for (const line of lines) {
      const cell = step.cells.find((each) => each.run === line.id);
      if (!cell?.id) continue;
      const { id } = cell;
      for (const output of cell.outputs) {
        const choice = found.get(output.port) ?? {
          value: `${step.key}/${output.port}`,
          step: step.key,
          port: output.port,
          stepTitle: step.title,
          title: output.title || output.port,
          type: output.type,
          runs: [],
        };
        choice.runs.push({ line, cell: { ...cell, id }, output });
        found.set(output.port, choice);
      }
    }
    choices.push(...found.values());
  }
  return choices;
}

/** The chosen output; a step alone means its first; else the last report, else the last of all. */
export function chosenOutput(
  choices: readonly OutputChoice[],
  step: string | undefined,
  port: string | undefined,
): OutputChoice | undefined {
  const ofStep = choices.filter((choice) => choice.step === step);
  return (
    ofStep.find((choice) => choice.port === port) ??
    ofStep[0] ??
    [...choices].reverse().find((choice) => choice.type === "metrics") ??
    choices.at(-1)
  );
}

/** The evaluations of several runs as one: results named for their runs, with the series of each. */
export function joinedEvaluation(
  parts: readonly { line: RunLine; document: EvaluationDocument }[],
): { document: EvaluationDocument; places: number[] } | null {
  const first = parts[0];
  if (!first) return null;
  const places: number[] = [];
  const results = parts.flatMap(({ line, document }) =>
    document.results.map((result, i) => {
      // A second result of a run has its run's color and another line.
      places.push(line.place + i * 10);
      return { ...result, name: document.results.length > 1 ? `${line.name}, ${result.name}` : line.name };
    }),
  );
  return { document: { kind: "evaluation", task: first.document.task, results }, places };
}

export interface ColumnChange {
  name: string;
  kind: "added" | "removed" | "type";
  text: string;
}

type Columns = Comparison["schemas"][number];

/** Columns that one table has and the other has not, and those of another type. */
export function columnChanges(before: Columns | undefined, after: Columns | undefined): ColumnChange[] {
  if (!before || !after) return [];
  const old = new Map(before.map((column) => [column.name, column]));
  const now = new Map(after.map((column) => [column.name, column]));
  return [
    ...after
      .filter((column) => !old.has(column.name))
      .map(({ name, dtype }) => ({ name, kind: "added" as const, text: `${name} (${dtype}) added` })),
    ...before
      .filter((column) => !now.has(column.name))
      .map(({ name }) => ({ name, kind: "removed" as const, text: `${name} removed` })),
    ...after.flatMap(({ name, dtype }) => {
      const was = old.get(name)?.dtype;
      return was && was !== dtype
        ? [{ name, kind: "type" as const, text: `${name} was ${was}, is ${dtype}` }]
        : [];
    }),
  ];
}
