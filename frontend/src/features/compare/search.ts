import { flagPart, idsPart, onePart, present, textPart } from "@/api/searchParts";

export const COMPARE_TABS = ["metrics", "parameters", "curves", "graph", "outputs"] as const;
export type CompareTab = (typeof COMPARE_TABS)[number];

export interface CompareSearch {
  /** Ids in the order of their colors. */
  runs?: string;
  /** The run that the others are measured against, when it is not the first. */
  baseline?: string;
  /** Runs that charts and tables leave out. */
  hidden?: string;
  tab?: CompareTab;
  /** The other run where two are shown. */
  with?: string;
  step?: string;
  port?: string;
  column?: string;
  x?: "time";
  scale?: "log";
  /** Smoothing of curves, in (0, 1). */
  smooth?: number;
  /** Parameters that are equal, too. */
  all?: true;
}

export function listed(ids: string | undefined): string[] {
  return ids ? ids.split(",") : [];
}

export function validateCompareSearch(search: Record<string, unknown>): CompareSearch {
  const runs = idsPart(search, "runs");
  const known = listed(runs);
  const among = (name: string) => {
    const value = typeof search[name] === "string" ? search[name].toLowerCase() : "";
    return known.includes(value) ? value : undefined;
  };
  const baseline = among("baseline");
  const smooth = Math.round(Number(search.smooth) * 100) / 100;
  return present<CompareSearch>({
    runs,
    baseline: baseline === known[0] ? undefined : baseline,
    hidden:
      listed(idsPart(search, "hidden"))
        .filter((id) => known.includes(id))
        .join(",") || undefined,
    tab: onePart(search, "tab", COMPARE_TABS, "metrics"),
    with: among("with"),
    step: textPart(search, "step"),
    port: textPart(search, "port"),
    column: textPart(search, "column"),
    x: search.x === "time" ? "time" : undefined,
    scale: search.scale === "log" ? "log" : undefined,
    smooth: smooth > 0 && smooth < 1 ? smooth : undefined,
    all: flagPart(search, "all"),
  });
}

/** The address without a run: no trace of it is left. */
export function withoutRun(search: CompareSearch, id: string): CompareSearch {
  const kept = listed(search.runs).filter((each) => each !== id);
  return validateCompareSearch({ ...search, runs: kept.join(",") });
}
