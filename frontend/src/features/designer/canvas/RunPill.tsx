import { Link } from "@tanstack/react-router";
import { Square } from "lucide-react";
import type { Run } from "@/api/types";
import { Button } from "@/design/Button";
import { Duration } from "@/design/Duration";
import { Progress } from "@/design/Progress";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusTone, statusWord } from "@/design/status";
import { useDesigner } from "../state/store";
import styles from "./Floating.module.css";

/** The run on the canvas: how far it is, how long it takes, and Stop. */
export function RunPill({
  run,
  onStop,
  stopping,
  link,
}: {
  run: Run;
  onStop: () => void;
  stopping: boolean;
  link: boolean;
}) {
  const ws = useDesigner((state) => state.ws);
  const steps = useDesigner((state) => state.steps);
  const final = isFinal(run.status);
  const shown = Object.values(steps);
  const total = run.steps?.total || shown.length;
  const done = shown.length
    ? shown.filter((step) => isFinal(step.status)).length
    : (run.steps?.completed ?? 0);
  const name = `Run ${run.number}`;
  return (
    <section className={styles.pill} aria-label={name} data-plain={final || !run.can_cancel ? "" : undefined}>
      <StatusGlyph status={run.status} progress={total ? done / total : null} />
      {link ? (
        <Link to="/w/$ws/runs/$run" params={{ ws, run: run.id }}>
          {name}
        </Link>
      ) : (
        <b>{name}</b>
      )}
      <span className={styles.quiet}>
        {final
          ? statusWord(run.status)
          : run.wait_reason && done === 0 && run.status === "queued"
            ? run.wait_reason
            : `${done} of ${total} steps`}
      </span>
      {!final && (
        <span className={styles.bar}>
          <Progress
            value={total ? done / total : null}
            label={`${name}, ${done} of ${total} steps`}
            tone={statusTone(run.status)}
          />
        </span>
      )}
      <span className={styles.quiet}>
        <Duration
          seconds={run.duration_s}
          startedAt={run.started_at ?? run.created_at}
          finishedAt={run.finished_at}
          live={!final}
        />
      </span>
      {!final && run.can_cancel && (
        <Button
          size="compact"
          icon={<Square size={10} fill="currentColor" aria-hidden="true" />}
          busy={stopping || run.status === "canceling"}
          onClick={onStop}
        >
          Stop
        </Button>
      )}
    </section>
  );
}
