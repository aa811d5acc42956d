import { ChartLine, Download, Table2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/design/Button";
import { formatNumber } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Skeleton } from "@/design/Skeleton";
import { useTheme } from "@/design/useTheme";
import styles from "./Plot.module.css";
import type { Layout, PlotlyModule, Trace } from "./plotly.base";
import { layoutTemplate, withColors } from "./template";

export interface PlotTable {
  columns: string[];
  rows: (string | number | null)[][];
}

export interface PlotProps {
  /** A sentence of what is to see, for those who do not see it. */
  label: string;
  data: Trace[];
  layout?: Layout;
  height?: number | string;
  /** The same values as a table. */
  table?: PlotTable;
  /** File name of the saved picture. */
  name?: string;
}

type Loaded = { plotly: PlotlyModule } | { problem: unknown } | null;

function merged(base: Layout, own: Layout): Layout {
  const result: Layout = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const under = base[key];
    const nested =
      value && under && typeof value === "object" && typeof under === "object" && !Array.isArray(value);
    result[key] = nested ? merged(under as Layout, value as Layout) : value;
  }
  // Further axes look like the first ones.
  for (const key of Object.keys(own)) {
    const kind = /^([xy]axis)\d+$/.exec(key)?.[1];
    if (kind) result[key] = merged(base[kind] as Layout, own[key] as Layout);
  }
  return result;
}

/** A Plotly chart in our clothes; the library is fetched when the first chart is shown. */
export function Plot({ label, data, layout = {}, height = 300, table, name = "chart" }: PlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState<Loaded>(null);
  const [tried, setTried] = useState(0);
  const [asTable, setAsTable] = useState(false);
  const { theme } = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `tried` asks again
  useEffect(() => {
    let gone = false;
    import("./plotly.base").then(
      ({ Plotly }) => !gone && setLoaded({ plotly: Plotly }),
      (problem) => !gone && setLoaded({ problem }),
    );
    return () => {
      gone = true;
    };
  }, [tried]);

  const plotly = loaded && "plotly" in loaded ? loaded.plotly : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the template reads
  useEffect(() => {
    if (!plotly || !element.current || asTable) return;
    void plotly.react(
      element.current,
      data.map(withColors),
      { uirevision: "kept", ...merged(layoutTemplate(), withColors(layout)), autosize: true },
      { displayModeBar: false, responsive: false },
    );
  }, [plotly, data, layout, theme, asTable]);

  useEffect(() => {
    const target = element.current;
    if (!plotly || !target || asTable) return;
    const observer = new ResizeObserver(() => {
      if (target.clientWidth && target.querySelector(".plot-container")) plotly.Plots.resize(target);
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      plotly.purge(target);
    };
  }, [plotly, asTable]);

  if (loaded && "problem" in loaded)
    return <ProblemCard problem={loaded.problem} onRetry={() => setTried(tried + 1)} />;
  return (
    <figure className={styles.frame} style={{ height }}>
      <div className={styles.tools}>
        {table && (
          <IconButton
            label={asTable ? "View as chart" : "View as table"}
            size="compact"
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <ChartLine size={14} /> : <Table2 size={14} />}
          </IconButton>
        )}
        {plotly && !asTable && (
          <IconButton
            label="Save as PNG"
            size="compact"
            onClick={() =>
              element.current &&
              void plotly.downloadImage(element.current, {
                format: "png",
                filename: name,
                scale: 2,
                width: 960,
                height: 560,
              })
            }
          >
            <Download size={14} />
          </IconButton>
        )}
      </div>
      {asTable && table ? (
        <div className={styles.table}>
          <table aria-label={label}>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row of a chart is its place
                <tr key={i}>
                  {row.map((value, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    <td key={j}>{typeof value === "number" ? formatNumber(value) : (value ?? "–")}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : plotly ? (
        <div ref={element} className={styles.plot} role="img" aria-label={label} />
      ) : (
        <Skeleton height="100%" radius={8} />
      )}
    </figure>
  );
}
