import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Square, Workflow } from "lucide-react";
import { toProblem } from "@/api/client";
import { cancelRun } from "@/api/runs";
import { sessionQuery } from "@/api/session";
import type { Home, Run } from "@/api/types";
import { homeQuery } from "@/api/workspaces";
import { Spark } from "@/charts/Spark";
import { userName } from "@/design/Avatar";
import { announce } from "@/design/announce";
import { BasketToggle } from "@/design/BasketToggle";
import { IconButton, LinkButton } from "@/design/Button";
import { basketRun } from "@/design/basket";
import { Card } from "@/design/Card";
import { Duration } from "@/design/Duration";
import { EmptyState } from "@/design/EmptyState";
import { formatBytes, formatNumber, plural } from "@/design/format";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import { Skeleton } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusWord } from "@/design/status";
import { Thumbnail } from "@/design/Thumbnail";
import { Time } from "@/design/Time";
import { toast } from "@/design/toast";
import { GettingStarted } from "./GettingStarted";
import styles from "./Home.module.css";

function stateOf(home: Home): string {
  const { running, datasets, drafts, runs } = home.counts;
  const now = running ? `${plural(running, "run")} under way` : "Nothing is running";
  return `${now}. ${plural(datasets, "dataset")}, ${plural(drafts, "draft")}, ${plural(runs, "run")}, ${formatBytes(home.storage_bytes)} stored.`;
}

/** The Monday a week begins with, as `Sep 7`. */
function formatWeek(day: string | undefined): string {
  return day
    ? new Date(`${day.slice(0, 10)}T00:00:00Z`).toLocaleDateString("en-US", {
        day: "numeric",
        month: "short",
        timeZone: "UTC",
      })
    : "";
}

export function HomePage() {
  const { ws } = useParams({ from: "/signed-in/w/$ws/" });
  const home = useQuery(homeQuery(ws));
  const session = useQuery(sessionQuery());
  const header = (
    <PageHeader
      title="Home"
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
  );
  if (!home.data)
    return (
      <PageBody sentence={home.isError ? undefined : "\u00a0"}>
        {header}
        {home.isError ? (
          <ProblemCard problem={home.error} onRetry={() => home.refetch()} />
        ) : (
          <div className={styles.grid} role="status" aria-label="Loading">
            <div className={styles.main}>
              <Skeleton height={170} radius={12} />
              <Skeleton height={220} radius={12} />
            </div>
            <Skeleton height={300} radius={12} />
          </div>
        )}
      </PageBody>
    );
  const { data } = home;
  const start = data.getting_started;
  const needsStart =
    !start.dismissed && !(start.uploaded_dataset && start.drew_pipeline && start.ran_pipeline);
  return (
    <PageBody sentence={stateOf(data)}>
      {header}
      {home.isError && <ProblemCard problem={home.error} onRetry={() => home.refetch()} />}
      {needsStart && <GettingStarted ws={ws} start={start} name={userName(session.data?.user)} />}
      <div className={styles.grid}>
        <div className={styles.main}>
          <section>
            <h2 className={styles.heading}>
              Continue
              <Link to="/w/$ws/designer" params={{ ws }} search={{}}>
                All drafts
              </Link>
            </h2>
            {data.drafts.length ? (
              <div className={styles.cards}>
                {data.drafts.slice(0, 3).map((draft) => (
                  <Link
                    key={draft.id}
                    to="/w/$ws/designer/$draft"
                    params={{ ws, draft: draft.id }}
                    search={{}}
                    className={styles.draft}
                  >
                    <div className={styles.thumb}>
                      <Thumbnail thumbnail={draft.thumbnail} count={draft.node_count} />
                    </div>
                    <div className={styles.draftBody}>
                      <span className={styles.draftName}>{draft.name}</span>
                      <span className={styles.meta}>
                        {draft.last_run && <StatusGlyph status={draft.last_run.status} size={13} />}
                        {draft.last_run ? `Run ${draft.last_run.number}` : plural(draft.node_count, "step")}
                        <span>
                          Edited <Time at={draft.updated_at} />
                        </span>
                      </span>
                    </div>
                  </Link>
                ))}
              </div>
            ) : (
              <Card>
                <EmptyState
                  tight
                  title="No drafts yet"
                  why="Draw a pipeline from steps, or begin with a sample."
                  action={
                    <LinkButton variant="primary" to="/w/$ws/designer" params={{ ws }} search={{}}>
                      Open the designer
                    </LinkButton>
                  }
                />
              </Card>
            )}
          </section>
          {data.failed.length > 0 && (
            <Card title="Needs attention" count={data.failed.length} flush>
              {data.failed.map((run) => (
                <RunRow key={run.id} run={run} ws={ws} reason />
              ))}
            </Card>
          )}
          {data.running.length > 0 && (
            <Card title="Running now" count={data.running.length} flush>
              {data.running.map((run) => (
                <RunRow key={run.id} run={run} ws={ws} />
              ))}
            </Card>
          )}
          <Card
            title="Recent runs"
            flush
            actions={
              <LinkButton variant="quiet" size="compact" to="/w/$ws/runs" params={{ ws }} search={{}}>
                All runs
              </LinkButton>
            }
          >
            {data.recent_runs.length ? (
              data.recent_runs.map((run) => <RunRow key={run.id} run={run} ws={ws} />)
            ) : (
              <EmptyState
                tight
                title="No runs yet"
                why="Submit a pipeline and follow it here, step by step."
              />
            )}
          </Card>
        </div>
        <div className={styles.side}>
          <Card title="Runs per week">
            <Spark
              kind="bars"
              width="100%"
              height={56}
              values={data.runs_per_week.map((week) => week.count)}
              label={`Runs per week: ${data.runs_per_week.map((week) => `${week.week}: ${week.count}`).join(", ")}`}
            />
            <div className={styles.weeks} aria-hidden="true">
              <span>{formatWeek(data.runs_per_week[0]?.week)}</span>
              <span>{formatWeek(data.runs_per_week.at(-1)?.week)}</span>
            </div>
            <div className={styles.numbers} style={{ marginTop: 12 }}>
              <span className={styles.number}>
                <b>{formatNumber(data.counts.runs)}</b>
                <span>runs</span>
              </span>
              <span className={styles.number}>
                <b>{formatBytes(data.storage_bytes) || "0 B"}</b>
                <span>stored</span>
              </span>
            </div>
          </Card>
          <Card
            title="Datasets"
            count={data.counts.datasets}
            flush
            actions={
              <LinkButton variant="quiet" size="compact" to="/w/$ws/data" params={{ ws }} search={{}}>
                All data
              </LinkButton>
            }
          >
            {data.datasets.length ? (
              data.datasets.map((dataset) => (
                <div
                  key={dataset.id}
                  className={styles.row}
                  style={{ gridTemplateColumns: "minmax(0, 1fr) auto" }}
                >
                  <Link
                    to="/w/$ws/data/$dataset"
                    params={{ ws, dataset: dataset.id }}
                    search={{}}
                    className={styles.rowName}
                  >
                    {dataset.name}
                  </Link>
                  <span className={styles.rowMeta}>
                    {dataset.status === "completed"
                      ? plural(dataset.rows ?? 0, "row")
                      : statusWord(dataset.status)}
                  </span>
                </div>
              ))
            ) : (
              <EmptyState tight title="No datasets yet" why="Add a CSV or Parquet file." />
            )}
          </Card>
        </div>
      </div>
    </PageBody>
  );
}

function RunRow({ run, ws, reason }: { run: Run; ws: string; reason?: boolean }) {
  const stop = useMutation({
    mutationFn: () => cancelRun(ws, run.id),
    onSuccess: () => announce(`Stopping run ${run.number}`),
    onError: (error) => {
      const problem = toProblem(error);
      toast(`${problem.title}. ${problem.detail}`, "fail");
    },
  });
  const live = !isFinal(run.status);
  return (
    <div className={styles.row}>
      <StatusGlyph status={run.status} progress={run.progress} size={17} />
      <Link to="/w/$ws/runs/$run" params={{ ws, run: run.id }} search={{}} className={styles.rowName}>
        {run.display_name || `Run ${run.number}`}
        <span className="visually-hidden">, {statusWord(run.status)}</span>
      </Link>
      <span className={styles.rowMeta}>
        {live ? (
          <Duration seconds={run.duration_s} startedAt={run.started_at} finishedAt={run.finished_at} live />
        ) : (
          <Time at={run.finished_at ?? run.created_at} />
        )}
      </span>
      {run.can_cancel && live ? (
        <IconButton
          label={`Stop run ${run.number}`}
          size="compact"
          busy={stop.isPending}
          onClick={() => stop.mutate()}
        >
          <Square size={12} fill="currentColor" />
        </IconButton>
      ) : (
        <span className={styles.rowMeta}>
          {!live && (
            <Duration seconds={run.duration_s} startedAt={run.started_at} finishedAt={run.finished_at} />
          )}
        </span>
      )}
      <BasketToggle ws={ws} run={basketRun(run)} />
      {live && (
        <span className={styles.rowBar}>
          <Progress value={run.progress} label={`Progress of run ${run.number}`} />
        </span>
      )}
      {reason && run.failure && <span className={styles.reason}>{run.failure.title}</span>}
    </div>
  );
}
