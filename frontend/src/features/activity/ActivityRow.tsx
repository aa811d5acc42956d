import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ScrollText, Square } from "lucide-react";
import { cancelActivity } from "@/api/activities";
import { activityLink } from "@/api/activityLink";
import type { Activity } from "@/api/types";
import { userName } from "@/design/Avatar";
import { announce } from "@/design/announce";
import { IconButton } from "@/design/Button";
import { Duration } from "@/design/Duration";
import { sentence } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusWord } from "@/design/status";
import { Time } from "@/design/Time";
import styles from "./Activity.module.css";

export function ActivityRow({ activity, ws, onLog }: { activity: Activity; ws: string; onLog: () => void }) {
  const cancel = useMutation({
    mutationFn: () => cancelActivity(ws, activity.id),
    onSuccess: () => announce(`Canceling ${activity.title}`),
  });
  const done = isFinal(activity.status);
  const target = activityLink(activity, ws);
  const waits = activity.wait_reason && (activity.status === "queued" || activity.status === "not_started");
  return (
    <div className={styles.item}>
      <StatusGlyph status={activity.status} progress={activity.progress} size={17} />
      {target.to === "/w/$ws/activity" ? (
        <span className={styles.title}>{activity.title}</span>
      ) : (
        <Link {...target} className={styles.title}>
          {activity.title}
        </Link>
      )}
      <span className={styles.side}>
        {(activity.started_at || activity.duration_s !== null) && (
          <Duration
            seconds={activity.duration_s}
            startedAt={activity.started_at}
            finishedAt={activity.finished_at}
            live={!done}
          />
        )}
        <Time at={activity.finished_at ?? activity.started_at ?? activity.created_at} />
      </span>
      <span className={styles.tools}>
        {activity.has_log && (
          <IconButton label={`Log of ${activity.title}`} size="compact" onClick={onLog}>
            <ScrollText size={15} strokeWidth={1.75} />
          </IconButton>
        )}
        {activity.can_cancel && !done && (
          <IconButton
            label={`Cancel ${activity.title}`}
            size="compact"
            busy={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            <Square size={12} fill="currentColor" />
          </IconButton>
        )}
      </span>
      <span className={`${styles.meta} ${styles.bottom}`}>
        <span>{statusWord(activity.status)}</span>
        <span className={styles.kind}>{sentence(activity.kind)}</span>
        <span>{userName(activity.actor)}</span>
        {activity.attempt > 1 && <span>Attempt {activity.attempt}</span>}
        {waits && <span className={styles.wait}>Waits: {activity.wait_reason}</span>}
        {!done && activity.phase && <span>{activity.phase}</span>}
      </span>
      {activity.status === "running" && (
        <span className={`${styles.bottom} ${styles.progress}`}>
          <Progress value={activity.progress} label={`Progress of ${activity.title}`} />
        </span>
      )}
      {activity.failure && activity.status === "failed" && (
        <div className={styles.bottom}>
          <ProblemCard problem={activity.failure} />
        </div>
      )}
      {cancel.isError && (
        <div className={styles.bottom}>
          <ProblemCard problem={cancel.error} />
        </div>
      )}
    </div>
  );
}
