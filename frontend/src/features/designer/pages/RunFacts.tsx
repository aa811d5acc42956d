import { Link } from "@tanstack/react-router";
import type { Run } from "@/api/types";
import { Duration } from "@/design/Duration";
import { plural } from "@/design/format";
import { isFinal } from "@/design/status";
import { Time } from "@/design/Time";
import styles from "./RunPage.module.css";

/** A run in one line: its number, how far it came, how long it took, when, by whom and from what. */
export function RunFacts({ ws, run }: { ws: string; run: Run }) {
  const steps = run.steps;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Run</dt>
        <dd>{run.number}</dd>
      </div>
      {steps && (
        <div>
          <dt>Steps</dt>
          <dd>
            {steps.completed} of {steps.total}
            {steps.reused > 0 ? `, ${steps.reused} reused` : ""}
            {steps.failed > 0 ? `, ${steps.failed} failed` : ""}
          </dd>
        </div>
      )}
      <div>
        <dt>Duration</dt>
        <dd>
          <Duration
            seconds={run.duration_s}
            startedAt={run.started_at}
            finishedAt={run.finished_at}
            live={!isFinal(run.status)}
          />
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>
          <Time at={run.started_at ?? run.created_at} />
        </dd>
      </div>
      {run.actor && (
        <div>
          <dt>By</dt>
          <dd>{run.actor.display_name || run.actor.username}</dd>
        </div>
      )}
      {run.resumes && (
        <div>
          <dt>Resumes</dt>
          <dd>
            <Link to="/w/$ws/runs/$run" params={{ ws, run: run.resumes.id }} className={styles.link}>
              run {run.resumes.number}
            </Link>
          </dd>
        </div>
      )}
      {run.selection && (
        <div>
          <dt>Asked for</dt>
          <dd>{plural(run.selection.length, "step")} and what they need</dd>
        </div>
      )}
      {run.draft && (
        <div>
          <dt>Draft</dt>
          <dd>
            <Link to="/w/$ws/designer/$draft" params={{ ws, draft: run.draft.id }} className={styles.link}>
              {run.draft.name}
            </Link>
            , revision {run.draft.revision}
          </dd>
        </div>
      )}
    </dl>
  );
}
