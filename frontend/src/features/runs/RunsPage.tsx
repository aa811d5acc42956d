import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Archive, Columns3, Ellipsis, ExternalLink, GitCompareArrows, Square, Workflow } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toProblem } from "@/api/client";
import { keys } from "@/api/keys";
import { archiveRun, cancelRun, experimentsQuery, runsQuery } from "@/api/runs";
import type { Run } from "@/api/types";
import { announce } from "@/design/announce";
import { Button, IconButton, LinkButton } from "@/design/Button";
import { basketFull, basketRun, rowsBetween, useBasket } from "@/design/basket";
import { type Column, DataTable } from "@/design/DataTable";
import { Confirm } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { CheckboxField, SearchField, SelectField } from "@/design/Field";
import { plural } from "@/design/format";
import { ActionMenu } from "@/design/Menu";
import { metricTitle } from "@/design/metrics";
import { PageHeader } from "@/design/PageHeader";
import { Popover } from "@/design/Popover";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { statusWord } from "@/design/status";
import { toast } from "@/design/toast";
import { useStored } from "@/design/useStored";
import styles from "./Runs.module.css";
import { metricOrder, metricRanges, runColumns } from "./runColumns";
import { RUN_STATUSES, type RunsSearch } from "./search";

/** Statuses behind each chip: what one means by "running" is more than the one word. */
const BEHIND: Partial<Record<string, string>> = {
  running: "starting,provisioning,preparing,running,finalizing,canceling",
};
const FIRST_METRICS = 3;

export function RunsPage() {
  const { ws } = useParams({ from: "/signed-in/w/$ws/runs" });
  const search = useSearch({ from: "/signed-in/w/$ws/runs" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState(search.search ?? "");
  const [archiving, setArchiving] = useState<Run | null>(null);
  const [hidden, setHidden] = useStored<string[]>("runs-hidden", ["experiment"]);
  const [shownMetrics, setShownMetrics] = useStored<string[] | null>("runs-metrics", null);

  const set = useCallback(
    (part: Partial<RunsSearch>, replace = false) =>
      void navigate({
        to: "/w/$ws/runs",
        params: { ws },
        search: (before: RunsSearch) => {
          const next = { ...before, ...part };
          for (const key of Object.keys(next) as (keyof RunsSearch)[]) if (!next[key]) delete next[key];
          return next;
        },
        replace,
      }),
    [navigate, ws],
  );
  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed !== (search.search ?? "")) set({ search: typed }, true);
    }, 250);
    return () => clearTimeout(timer);
  }, [typed, search.search, set]);

  const status = search.status
    ?.split(",")
    .map((each) => BEHIND[each] ?? each)
    .join(",");
  const runs = useInfiniteQuery({
    ...runsQuery(ws, {
      status,
      search: search.search,
      sort: search.sort ?? "-created_at",
      experiment: search.experiment,
    }),
    placeholderData: keepPreviousData,
  });
  const experiments = useQuery(experimentsQuery(ws));
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.results) ?? [], [runs.data]);
  const ranges = useMemo(() => metricRanges(rows), [rows]);
  const metricNames = useMemo(() => metricOrder(rows), [rows]);
  const metrics = useMemo(
    () =>
      shownMetrics
        ? metricNames.filter((name) => shownMetrics.includes(name))
        : metricNames.slice(0, FIRST_METRICS),
    [shownMetrics, metricNames],
  );

  const stop = useMutation({
    mutationFn: (run: Run) => cancelRun(ws, run.id),
    onSuccess: (_answer, run) => announce(`Stopping run ${run.number}`),
    onError: (error) => {
      const problem = toProblem(error);
      toast(`${problem.title}. ${problem.detail}`, "fail");
    },
  });
  const archive = useMutation({
    mutationFn: (run: Run) => archiveRun(ws, run.id),
    onSuccess: (_answer, run) => {
      setArchiving(null);
      announce(`Run ${run.number} archived`);
      void client.invalidateQueries({ queryKey: keys.runLists(ws) });
      void client.invalidateQueries({ queryKey: keys.home(ws) });
    },
  });

  const { mutate: stopRun } = stop;
  const all = useMemo(() => runColumns(ws, metrics, ranges), [ws, metrics, ranges]);
  const basket = useBasket(ws);
  const lastChosen = useRef<string | null>(null);
  const choose = useCallback(
    (run: Run, on: boolean, range: boolean) => {
      const chosen = range ? rowsBetween(rows, lastChosen.current, run.id) : [run];
      lastChosen.current = run.id;
      if (!on) {
        basket.remove(chosen.map((each) => each.id));
        announce(`${plural(chosen.length, "run")} removed from the comparison`);
        return;
      }
      const left = basket.add(chosen.map(basketRun));
      if (left) toast(`${plural(left, "run")} left out. ${basketFull}`, "fail");
      else announce(`${plural(chosen.length, "run")} added to the comparison`);
    },
    [basket, rows],
  );
  const columns = useMemo<Column<Run>[]>(
    () => [
      {
        id: "choose",
        title: "Compare",
        head: <GitCompareArrows size={14} strokeWidth={1.75} role="img" aria-label="Compare" />,
        width: 40,
        render: (run) => (
          <CheckboxField
            aria-label={`Compare run ${run.number}`}
            checked={basket.has(run.id)}
            onChange={(event) =>
              choose(run, event.currentTarget.checked, (event.nativeEvent as MouseEvent).shiftKey === true)
            }
          />
        ),
      },
      ...all.filter((column) => !hidden.includes(column.id)),
      {
        id: "actions",
        title: "Actions",
        head: "",
        width: 76,
        align: "end",
        render: (run) => (
          <span style={{ display: "flex", gap: 2 }}>
            {run.can_cancel && (
              <IconButton label={`Stop run ${run.number}`} size="compact" onClick={() => stopRun(run)}>
                <Square size={12} fill="currentColor" />
              </IconButton>
            )}
            <ActionMenu
              opener={
                <IconButton label={`Actions for run ${run.number}`} size="compact">
                  <Ellipsis size={15} />
                </IconButton>
              }
              entries={[
                {
                  label: "Open",
                  icon: <ExternalLink size={14} />,
                  onSelect: () =>
                    void navigate({ to: "/w/$ws/runs/$run", params: { ws, run: run.id }, search: {} }),
                },
                {
                  label: "Stop",
                  icon: <Square size={13} />,
                  disabled: !run.can_cancel,
                  onSelect: () => stopRun(run),
                },
                "divider",
                {
                  label: "Archive",
                  icon: <Archive size={14} />,
                  danger: true,
                  onSelect: () => setArchiving(run),
                },
              ]}
            />
          </span>
        ),
      },
    ],
    [all, hidden, navigate, stopRun, ws, basket, choose],
  );

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const chosen = new Set(search.status?.split(",") ?? []);
  const filtered = Boolean(search.status || search.search || search.experiment);
  const count = runs.data?.pages[0]?.count;
  const clear = () => {
    setTyped("");
    void navigate({ to: "/w/$ws/runs", params: { ws }, search: {} });
  };
  return (
    <div className={styles.page}>
      <PageHeader
        title="Runs"
        actions={
          <LinkButton
            variant="primary"
            to="/w/$ws/designer"
            params={{ ws }}
            search={{}}
            icon={<Workflow size={15} />}
          >
            Open designer
          </LinkButton>
        }
      />
      <div className={styles.bar}>
        <div className={styles.search}>
          <SearchField
            placeholder="Search runs"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <div className={styles.chips} role="group" aria-label="Status">
          {RUN_STATUSES.map((each) => (
            <button
              key={each}
              type="button"
              className={styles.chip}
              aria-pressed={chosen.has(each)}
              onClick={() => {
                const next = new Set(chosen);
                if (!next.delete(each)) next.add(each);
                set({ status: RUN_STATUSES.filter((one) => next.has(one)).join(",") });
              }}
            >
              <StatusGlyph status={each} progress={0.6} size={13} />
              {statusWord(each)}
            </button>
          ))}
        </div>
        {(experiments.data?.length ?? 0) > 1 && (
          <div className={styles.select}>
            <SelectField
              aria-label="Experiment"
              placeholder="All experiments"
              clearable
              searchable
              data={experiments.data?.map((each) => ({
                value: each.id,
                label: `${each.name} (${each.run_count})`,
              }))}
              value={search.experiment ?? null}
              onChange={(value) => set({ experiment: value ?? undefined })}
            />
          </div>
        )}
        {filtered && (
          <Button size="compact" variant="quiet" onClick={clear}>
            Clear
          </Button>
        )}
        <span className={styles.spacer} />
        {count !== undefined && <span className={styles.count}>{plural(count, "run")}</span>}
        <ColumnPicker
          columns={all.filter((column) => !column.id.startsWith("metric-") && column.id !== "name")}
          hidden={hidden}
          onHidden={setHidden}
          metrics={metricNames}
          shown={metrics}
          onShown={setShownMetrics}
        />
      </div>
      <div className={styles.body}>
        {runs.isPending ? (
          <div className={styles.state}>
            <SkeletonRows count={10} />
          </div>
        ) : runs.isError && !rows.length ? (
          <div className={styles.state}>
            <ProblemCard problem={runs.error} onRetry={() => runs.refetch()} />
          </div>
        ) : rows.length ? (
          <DataTable
            label="Runs"
            columns={columns}
            rows={rows}
            rowKey={(run) => run.id}
            sort={search.sort ?? "-created_at"}
            onSort={(sort) => set({ sort: sort === "-created_at" ? undefined : sort })}
            onOpen={(run) =>
              void navigate({ to: "/w/$ws/runs/$run", params: { ws, run: run.id }, search: {} })
            }
            onEnd={onEnd}
            loadingMore={isFetchingNextPage}
          />
        ) : filtered ? (
          <EmptyState
            title="No run fits these filters"
            action={<Button onClick={clear}>Clear filters</Button>}
          />
        ) : (
          <EmptyState
            title="No runs yet"
            why="A run is a submitted pipeline: its steps, outputs, metrics and logs, kept so that you can compare and repeat it."
            action={
              <LinkButton variant="primary" to="/w/$ws/designer" params={{ ws }} search={{}}>
                Open the designer
              </LinkButton>
            }
          />
        )}
      </div>
      <Confirm
        opened={archiving !== null}
        onClose={() => setArchiving(null)}
        title={`Archive run ${archiving?.display_name || archiving?.number || ""}?`}
        text="It leaves the lists. Its outputs stay for as long as other runs reuse them."
        verb="Archive"
        danger
        busy={archive.isPending}
        problem={archive.error}
        onConfirm={() => archiving && archive.mutate(archiving)}
      />
    </div>
  );
}

function ColumnPicker({
  columns,
  hidden,
  onHidden,
  metrics,
  shown,
  onShown,
}: {
  columns: Column<Run>[];
  hidden: string[];
  onHidden: (hidden: string[]) => void;
  metrics: string[];
  shown: string[];
  onShown: (shown: string[]) => void;
}) {
  return (
    <Popover
      label="Columns"
      opener={
        <IconButton label="Columns" size="compact">
          <Columns3 size={15} strokeWidth={1.75} />
        </IconButton>
      }
    >
      <div className={styles.columns}>
        <h3>Columns</h3>
        {columns.map((column) => (
          <CheckboxField
            key={column.id}
            label={column.title}
            checked={!hidden.includes(column.id)}
            onChange={(event) =>
              onHidden(
                event.currentTarget.checked
                  ? hidden.filter((each) => each !== column.id)
                  : [...hidden, column.id],
              )
            }
          />
        ))}
        {metrics.length > 0 && <h3>Metrics</h3>}
        {metrics.map((name) => (
          <CheckboxField
            key={name}
            label={metricTitle(name)}
            checked={shown.includes(name)}
            onChange={(event) =>
              onShown(event.currentTarget.checked ? [...shown, name] : shown.filter((each) => each !== name))
            }
          />
        ))}
      </div>
    </Popover>
  );
}
