import { flagPart, manyPart, present, textPart } from "@/api/searchParts";

export const ACTIVITY_STATUSES = [
  "queued",
  "running",
  "completed",
  "failed",
  "canceled",
  "not_responding",
] as const;

export interface ActivitySearch {
  status?: string;
  kind?: string;
  mine?: true;
  log?: string;
}

export function validateActivitySearch(search: Record<string, unknown>): ActivitySearch {
  const kind = textPart(search, "kind", 60);
  return present({
    status: manyPart(search, "status", ACTIVITY_STATUSES),
    kind: kind && /^[a-z_]+$/.test(kind) ? kind : undefined,
    mine: flagPart(search, "mine"),
    log: textPart(search, "log", 80),
  });
}
