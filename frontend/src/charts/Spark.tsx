/** A small line or bars, with its words for those who do not see it. */
export function Spark({
  values,
  label,
  kind = "line",
  width = 120,
  height = 28,
  color = "var(--bar)",
}: {
  values: number[];
  label: string;
  kind?: "line" | "bars";
  width?: number | string;
  height?: number;
  color?: string;
}) {
  const most = Math.max(1, ...values);
  const step = 100 / Math.max(1, kind === "bars" ? values.length : values.length - 1);
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
    >
      {kind === "bars" ? (
        values.map((value, i) => {
          const tall = value ? Math.max(2, (value / most) * (height - 2)) : 1;
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={i}
              x={i * step + step * 0.12}
              width={step * 0.76}
              y={height - tall}
              height={tall}
              fill={value ? color : "var(--line-strong)"}
              rx={0.8}
            />
          );
        })
      ) : (
        <polyline
          points={values
            .map((value, i) => `${i * step},${height - 2 - (value / most) * (height - 4)}`)
            .join(" ")}
          fill="none"
          stroke={color}
          strokeWidth={1.5}
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
