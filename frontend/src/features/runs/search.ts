import { manyPart, onePart, present, textPart } from "@/api/searchParts";

export const RUN_STATUSES = [
  "running",
  "queued",
  "completed",
  "failed",
  "canceled",
  "not_responding",
] as const;
const SORTS = [
  "created_at",
  "-created_at",
  "number",
  "-number",
  "display_name",
  "-display_name",
  "status",
  "-status",
  "duration_s",
  "-duration_s",
] as const;
const METRIC = /^-?metrics\.[\w .:@/-]{1,120}$/;

export interface RunsSearch {
  status?: string;
  search?: string;
  sort?: string;
  experiment?: string;
}

export function validateRunsSearch(search: Record<string, unknown>): RunsSearch {
  const sort = onePart(search, "sort", SORTS, "-created_at");
  const metric = typeof search.sort === "string" && METRIC.test(search.sort) ? search.sort : undefined;
  return present({
    status: manyPart(search, "status", RUN_STATUSES),
    search: textPart(search, "search"),
    sort: sort ?? metric,
    experiment: textPart(search, "experiment", 80),
  });
}
