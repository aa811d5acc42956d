import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runsQuery } from "@/api/runs";
import type { Run } from "@/api/types";
import { BasketToggle } from "@/design/BasketToggle";
import { basketRun } from "@/design/basket";
import { Duration } from "@/design/Duration";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusWord } from "@/design/status";
import { Time } from "@/design/Time";
import { stateWord } from "../state/steps";
import { useDesigner } from "../state/store";
import styles from "./Inspector.module.css";

/** The runs of this pipeline, newest first, and how the step fared in the one on the canvas. */
export function RunsTab({
  id,
  draftId,
  run,
}: {
  id: string | null;
  draftId: string | null;
  run: Run | undefined;
}) {
  const ws = useDesigner((state) => state.ws);
  const step = useDesigner((state) => (id ? state.steps[id] : undefined));
  const stale = useDesigner((state) => (id ? state.stale.has(id) : false));
  const source = draftId ?? run?.draft?.id ?? null;
  const runs = useInfiniteQuery({
    ...runsQuery(ws, { draft: source ?? "", sort: "-created_at" }, 30),
    enabled: source !== null,
  });
  const list = (runs.data?.pages ?? []).flatMap((page) => page.results);
  return (
    <>
      {id && run && (
        <p className={styles.prose}>
          In run {run.number}: {stateWord(step, stale)}
          {step?.reason?.text ? `. ${step.reason.text}` : ""}
        </p>
      )}
      {runs.error ? (
        <ProblemCard problem={runs.error} onRetry={() => void runs.refetch()} />
      ) : source === null ? (
        <p className={styles.note}>The draft of this run is gone.</p>
      ) : runs.isPending ? (
        <SkeletonRows count={3} />
      ) : list.length === 0 ? (
        <p className={styles.note}>No runs yet. Submit the draft to make the first.</p>
      ) : (
        <ul className={styles.list} aria-label="Runs">
          {list.map((each) => (
            <li key={each.id} className={styles.withTool}>
              <Link
                className={styles.item}
                to="/w/$ws/runs/$run"
                params={{ ws, run: each.id }}
                search={(id ? { step: id } : {}) as never}
              >
                <StatusGlyph status={each.status} progress={each.progress} />
                <span className={styles.grow}>
                  <b>
                    Run {each.number}
                    {each.id === run?.id ? " (shown)" : ""}
                  </b>
                  <span className={styles.quiet}>
                    {statusWord(each.status)} · <Time at={each.created_at} />
                  </span>
                </span>
                <span className={styles.quiet}>
                  <Duration
                    seconds={each.duration_s}
                    startedAt={each.started_at}
                    finishedAt={each.finished_at}
                    live={!isFinal(each.status)}
                  />
                </span>
              </Link>
              <BasketToggle ws={ws} run={basketRun(each)} />
            </li>
          ))}
        </ul>
      )}
      {runs.hasNextPage && (
        <button type="button" className={styles.item} onClick={() => void runs.fetchNextPage()}>
          Show older runs
        </button>
      )}
    </>
  );
}
