import { formatNumber, type NumberFormat } from "./format";

/** A number in tabular figures; missing is an empty cell that says so. */
export function Num({
  value,
  unit,
  ...format
}: { value: number | string | null | undefined; unit?: string } & NumberFormat) {
  if (value === null || value === undefined) return <span style={{ color: "var(--text-3)" }}>–</span>;
  return (
    <span
      style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
      title={typeof value === "number" ? String(value) : undefined}
    >
      {formatNumber(value, format)}
      {unit ? ` ${unit}` : ""}
    </span>
  );
}
