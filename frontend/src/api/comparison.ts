import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, inWorkspace } from "./client";
import { keys } from "./keys";
import type { Comparison } from "./types";

/** Several runs beside each other; the old answer stays while another baseline is asked for. */
export const comparisonQuery = (ws: string, runs: string, baseline = "") =>
  queryOptions({
    queryKey: keys.comparison(ws, runs, baseline),
    queryFn: ({ signal }) =>
      api.get<Comparison>(inWorkspace(ws, "comparison"), { query: { runs, baseline }, signal }),
    placeholderData: keepPreviousData,
    enabled: runs !== "",
  });
