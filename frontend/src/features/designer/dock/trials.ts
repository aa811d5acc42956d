import type { Step } from "@/api/types";
import { lessIsBetter } from "@/design/metrics";

/** The run whose parts a step shows: its own, or those of the run whose result it took. */
export function partsOf(step: Step): string {
  return step.reused_from?.id ?? step.id;
}

/** The order in which the best comes first, when the step says what it makes best; else as they came. */
export function bestFirst(step: Step): string {
  const told = Object.keys(step.metrics).find((name) => name.startsWith("best "));
  if (!told) return "created_at";
  const name = told.slice("best ".length).replaceAll(" ", "_");
  return `${lessIsBetter(name) ? "" : "-"}metrics.${name}`;
}
