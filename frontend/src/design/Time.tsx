import { useNow } from "./clock";
import { formatAge, formatMoment } from "./format";

/** How long ago, moving; the exact moment is the tooltip. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow(Boolean(at));
  if (!at) return <span style={{ color: "var(--text-3)" }}>–</span>;
  return (
    <time
      dateTime={at}
      title={formatMoment(at)}
      style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}
    >
      {formatAge(at, now)}
    </time>
  );
}
