import { useNow } from "./clock";
import { formatDuration } from "./format";

export interface DurationProps {
  seconds?: number | null;
  startedAt?: string | null;
  /** Counts up from `startedAt` while set and `finishedAt` is not. */
  live?: boolean;
  finishedAt?: string | null;
}

export function Duration({ seconds, startedAt, finishedAt, live }: DurationProps) {
  const running = Boolean(live && startedAt && !finishedAt);
  const now = useNow(running);
  let value = seconds ?? null;
  if (startedAt && finishedAt && value === null)
    value = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  if (running && startedAt) value = Math.max(0, Math.floor((now - Date.parse(startedAt)) / 1000));
  if (value === null) return <span style={{ color: "var(--text-3)" }}>–</span>;
  return (
    <span style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>{formatDuration(value)}</span>
  );
}
