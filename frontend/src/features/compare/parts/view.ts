import type { Comparison } from "@/api/types";
import type { RunLine } from "../model/lines";
import type { CompareSearch } from "../search";

/** What every section gets. */
export interface View {
  ws: string;
  data: Comparison;
  /** All runs, in the order of the address. */
  lines: RunLine[];
  /** Those that are not hidden, the baseline first. */
  shown: RunLine[];
  search: CompareSearch;
  /** Changes the address; `replace` while typing or sliding. */
  set: (part: Partial<CompareSearch>, replace?: boolean) => void;
}

export interface PartProps {
  view: View;
}
