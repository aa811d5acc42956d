import type { Comparison, Run } from "@/api/types";
import { listed } from "../search";

/** A run as every section shows it: with its series, and whether it is looked at. */
export interface RunLine {
  run: Run;
  id: string;
  name: string;
  /** Which series it is drawn as: its place in the address, so that hiding another changes no color. */
  place: number;
  hidden: boolean;
  isBaseline: boolean;
}

export function runName(run: Run): string {
  return run.display_name || `Run ${run.number}`;
}

/** Names by id; the number is added where two are called alike. */
export function distinctNames(runs: readonly Run[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(runName(run), (counts.get(runName(run)) ?? 0) + 1);
  return new Map(
    runs.map((run) => {
      const name = runName(run);
      return [run.id, (counts.get(name) ?? 0) > 1 ? `${name} #${run.number}` : name];
    }),
  );
}

/** The runs of an address in its order, as far as the answer has them. */
export function linesOf(
  data: Comparison,
  runs: string | undefined,
  hidden: string | undefined,
  baseline: string | undefined,
): RunLine[] {
  const byId = new Map(data.runs.map((run) => [run.id, run]));
  const away = new Set(listed(hidden));
  const names = distinctNames(data.runs);
  const ids = listed(runs);
  const base = baseline ?? ids[0];
  return ids.flatMap((id, place) => {
    const run = byId.get(id);
    return run
      ? [{ run, id, name: names.get(id) ?? id, place, hidden: away.has(id), isBaseline: id === base }]
      : [];
  });
}

/** What is shown, the baseline first. */
export function shownLines(lines: readonly RunLine[]): RunLine[] {
  return lines.filter((line) => !line.hidden).sort((a, b) => Number(b.isBaseline) - Number(a.isBaseline));
}
