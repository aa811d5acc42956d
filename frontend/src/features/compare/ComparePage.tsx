import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { History } from "lucide-react";
import { useCallback, useMemo } from "react";
import { toProblem } from "@/api/client";
import { comparisonQuery } from "@/api/comparison";
import { Button, LinkButton } from "@/design/Button";
import { useBasket } from "@/design/basket";
import { EmptyState } from "@/design/EmptyState";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { type TabItem, TabPanel, Tabs } from "@/design/Tabs";
import styles from "./Compare.module.css";
import { linesOf, shownLines } from "./model/lines";
import { AddRuns } from "./parts/AddRuns";
import { CurvesTab } from "./parts/CurvesTab";
import { GraphTab } from "./parts/GraphTab";
import { MetricsTab } from "./parts/MetricsTab";
import { OutputsTab } from "./parts/OutputsTab";
import { ParametersTab } from "./parts/ParametersTab";
import { RunList } from "./parts/RunList";
import type { View } from "./parts/view";
import { type CompareSearch, type CompareTab, listed, validateCompareSearch, withoutRun } from "./search";

const SECTIONS: TabItem<CompareTab>[] = [
  { value: "metrics", label: "Metrics" },
  { value: "parameters", label: "Parameters" },
  { value: "curves", label: "Curves" },
  { value: "graph", label: "Graph" },
  { value: "outputs", label: "Outputs" },
];
const PARTS = {
  metrics: MetricsTab,
  parameters: ParametersTab,
  curves: CurvesTab,
  graph: GraphTab,
  outputs: OutputsTab,
} as const;

/** Runs beside each other: numbers, parameters, curves, drawings and outputs; the address holds all of it. */
export function ComparePage() {
  const { ws } = useParams({ from: "/signed-in/w/$ws/compare" });
  const search = useSearch({ from: "/signed-in/w/$ws/compare" });
  const navigate = useNavigate();
  const ids = useMemo(() => listed(search.runs), [search.runs]);
  const basket = useBasket(ws);
  const comparison = useQuery(comparisonQuery(ws, search.runs ?? "", search.baseline));

  const go = useCallback(
    (change: (before: CompareSearch) => CompareSearch, replace = false) =>
      void navigate({
        to: "/w/$ws/compare",
        params: { ws },
        search: (before: object) =>
          validateCompareSearch({ ...change(validateCompareSearch({ ...before })) }),
        replace,
      }),
    [navigate, ws],
  );
  const set = useCallback(
    (part: Partial<CompareSearch>, replace = false) => go((before) => ({ ...before, ...part }), replace),
    [go],
  );
  const add = useCallback(
    (id: string) => go((before) => ({ ...before, runs: [...listed(before.runs), id].join(",") })),
    [go],
  );
  const drop = useCallback(
    (id: string) => {
      basket.remove([id]);
      go((before) => withoutRun(before, id));
    },
    [basket, go],
  );

  // The answer for other runs stays on screen until the new one is here, as far as it has what is asked for.
  const data = comparison.data;
  const lines = useMemo(
    () => (data ? linesOf(data, search.runs, search.hidden, search.baseline) : []),
    [data, search.runs, search.hidden, search.baseline],
  );
  const view = useMemo<View | null>(
    () => (data && lines.length ? { ws, data, lines, shown: shownLines(lines), search, set } : null),
    [ws, data, lines, search, set],
  );
  const tab = search.tab ?? "metrics";
  const Part = PARTS[tab];
  const missing = comparison.error ? missingOf(comparison.error) : [];
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Runs", to: `/w/${ws}/runs` }]}
        title="Compare"
        actions={
          <LinkButton to="/w/$ws/runs" params={{ ws }} search={{}} icon={<History size={14} />}>
            All runs
          </LinkButton>
        }
      />
      {ids.length === 0 ? (
        <EmptyState
          title="No runs to compare"
          why="Choose two or more runs, here or by their boxes in the list of runs, to see what differs and what came of it."
          action={<AddRuns ws={ws} ids={ids} onAdd={add} primary />}
        />
      ) : (
        <div className={styles.page}>
          <aside className={styles.side} aria-label="Compared runs" data-region="Compared runs">
            <RunList
              ws={ws}
              ids={ids}
              lines={lines}
              waiting={comparison.isPending}
              search={search}
              set={set}
              onRemove={drop}
              onAdd={add}
            />
          </aside>
          <div className={styles.main}>
            {comparison.error && (
              <div className={styles.problem}>
                <ProblemCard problem={comparison.error} onRetry={() => void comparison.refetch()} />
                {missing.length > 0 && (
                  <Button
                    onClick={() =>
                      go((before) => missing.reduce((kept, id) => withoutRun(kept, id), before), true)
                    }
                  >
                    Compare without {missing.length === 1 ? "it" : "them"}
                  </Button>
                )}
              </div>
            )}
            {view && view.lines.length < 2 && ids.length < 2 ? (
              <EmptyState
                title="One run has nothing to differ from"
                why={`Add another run to see what changed since ${view.lines[0]?.name ?? "this one"}, and what came of it.`}
                action={<AddRuns ws={ws} ids={ids} onAdd={add} primary />}
              />
            ) : (
              (view || !comparison.error) && (
                <>
                  <div className={styles.tabs}>
                    <Tabs
                      id="compare"
                      label="Sections of the comparison"
                      value={tab}
                      items={SECTIONS}
                      onChange={(next) => set({ tab: next })}
                    />
                  </div>
                  <TabPanel id="compare" value={tab} className={styles.panel}>
                    {view ? (
                      <Part view={view} />
                    ) : (
                      <div className={styles.block}>
                        <SkeletonRows count={8} />
                      </div>
                    )}
                  </TabPanel>
                </>
              )
            )}
          </div>
        </div>
      )}
    </>
  );
}

/** The runs that are no more, when that is the problem. */
function missingOf(error: Error): string[] {
  const { missing } = toProblem(error).body;
  return Array.isArray(missing) ? missing.map(String) : [];
}
