import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell as BellIcon } from "lucide-react";
import { useState } from "react";
import { activitiesQuery, markRead, unreadQuery } from "@/api/activities";
import { activityLink } from "@/api/activityLink";
import { keys } from "@/api/keys";
import type { Activity } from "@/api/types";
import { Button, IconButton, LinkButton } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { Popover } from "@/design/Popover";
import { ProblemCard } from "@/design/ProblemCard";
import { Progress } from "@/design/Progress";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusWord } from "@/design/status";
import { Time } from "@/design/Time";
import styles from "./Bell.module.css";
import frame from "./Frame.module.css";

const ACTIVE = "queued,starting,provisioning,preparing,running,finalizing,canceling,not_responding";

/** What runs now and what ended since one last looked. */
export function Bell({ workspace }: { workspace: string }) {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const unread = useQuery(unreadQuery(workspace));
  const active = useInfiniteQuery(activitiesQuery(workspace, { status: ACTIVE }));
  const read = useMutation({
    mutationFn: () => markRead(workspace),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.activities(workspace) }),
  });
  const running = (active.data?.pages.flatMap((page) => page.results) ?? []).filter(
    (activity) => !isFinal(activity.status) && !activity.parent,
  );
  const ended = (unread.data?.results ?? []).filter(
    (activity) => isFinal(activity.status) && !activity.parent,
  );
  const count = unread.data?.count ?? 0;
  const label = count
    ? `Activity, ${count} unread`
    : running.length
      ? `Activity, ${running.length} running`
      : "Activity";
  const close = () => setOpen(false);
  return (
    <Popover
      label="Activity"
      opened={open}
      onChange={setOpen}
      opener={
        <IconButton label={label} className={frame.bell} onClick={() => setOpen(!open)}>
          <BellIcon size={16} strokeWidth={1.75} />
          {(count > 0 || running.length > 0) && (
            <span className={frame.dot} data-tone={count > 0 ? "unread" : "running"} aria-hidden="true" />
          )}
        </IconButton>
      }
    >
      <div className={styles.panel}>
        <div className={styles.head}>
          <h2>Activity</h2>
          {count > 0 && (
            <Button size="compact" variant="quiet" busy={read.isPending} onClick={() => read.mutate()}>
              Mark all read
            </Button>
          )}
        </div>
        <div className={styles.list}>
          {unread.isPending && <SkeletonRows count={3} height={40} />}
          {unread.isError && <ProblemCard problem={unread.error} onRetry={() => unread.refetch()} />}
          {read.isError && <ProblemCard problem={read.error} />}
          {running.map((activity) => (
            <Row key={activity.id} activity={activity} workspace={workspace} onOpen={close} />
          ))}
          {ended.map((activity) => (
            <Row key={activity.id} activity={activity} workspace={workspace} onOpen={close} />
          ))}
          {unread.isSuccess && !running.length && !ended.length && (
            <EmptyState tight title="Nothing new" why="What runs and what ends shows up here." />
          )}
        </div>
        <div className={styles.foot}>
          <LinkButton
            variant="quiet"
            size="compact"
            to="/w/$ws/activity"
            params={{ ws: workspace }}
            search={{}}
            onClick={close}
          >
            All activity
          </LinkButton>
        </div>
      </div>
    </Popover>
  );
}

function Row({ activity, workspace, onOpen }: { activity: Activity; workspace: string; onOpen: () => void }) {
  const done = isFinal(activity.status);
  const detail =
    activity.failure?.title ||
    (done
      ? statusWord(activity.status)
      : activity.phase || activity.wait_reason || statusWord(activity.status));
  return (
    <Link {...activityLink(activity, workspace)} className={styles.item} onClick={onOpen}>
      <span style={{ paddingTop: 2 }}>
        <StatusGlyph status={activity.status} progress={activity.progress} />
      </span>
      <span className={styles.title}>{activity.title}</span>
      <span className={styles.age}>
        <Time at={activity.finished_at ?? activity.started_at ?? activity.created_at} />
      </span>
      <span className={styles.detail}>{detail}</span>
      {!done && (
        <span className={styles.bar}>
          <Progress value={activity.progress} label={`Progress of ${activity.title}`} />
        </span>
      )}
    </Link>
  );
}
