import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { activitiesQuery, markRead } from "@/api/activities";
import { keys } from "@/api/keys";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { SelectField, SwitchField } from "@/design/Field";
import { plural } from "@/design/format";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { statusWord } from "@/design/status";
import styles from "./Activity.module.css";
import { ActivityRow } from "./ActivityRow";
import { LogSheet } from "./LogSheet";
import { ACTIVITY_STATUSES, type ActivitySearch } from "./search";

const KINDS = [
  { value: "pipeline_run", label: "Pipeline runs" },
  { value: "step", label: "Steps" },
  { value: "dataset_version", label: "Dataset versions" },
  { value: "profile", label: "Profiles" },
];

export function ActivityPage() {
  const { ws } = useParams({ from: "/signed-in/w/$ws/activity" });
  const search = useSearch({ from: "/signed-in/w/$ws/activity" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const set = (part: Partial<ActivitySearch>) =>
    void navigate({
      to: "/w/$ws/activity",
      params: { ws },
      search: (before: ActivitySearch) => {
        const next = { ...before, ...part };
        for (const key of Object.keys(next) as (keyof ActivitySearch)[]) if (!next[key]) delete next[key];
        return next;
      },
    });
  const list = useInfiniteQuery({
    ...activitiesQuery(ws, { status: search.status, kind: search.kind, mine: search.mine }),
    placeholderData: keepPreviousData,
  });
  const read = useMutation({
    mutationFn: () => markRead(ws),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.activities(ws) }),
  });
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const chosen = new Set(search.status?.split(",") ?? []);
  const filtered = Boolean(search.status || search.kind || search.mine);
  const count = list.data?.pages[0]?.count;
  return (
    <PageBody
      sentence={
        count === undefined
          ? undefined
          : `${plural(count, "activity", "activities")}${filtered ? " with these filters" : ""}. Updated live.`
      }
    >
      <PageHeader
        title="Activity"
        actions={
          <Button busy={read.isPending} onClick={() => read.mutate()}>
            Mark all read
          </Button>
        }
      />
      {read.isError && <ProblemCard problem={read.error} />}
      <div className={styles.bar}>
        <div className={styles.chips} role="group" aria-label="Status">
          {ACTIVITY_STATUSES.map((each) => (
            <button
              key={each}
              type="button"
              className={styles.chip}
              aria-pressed={chosen.has(each)}
              onClick={() => {
                const next = new Set(chosen);
                if (!next.delete(each)) next.add(each);
                set({ status: ACTIVITY_STATUSES.filter((one) => next.has(one)).join(",") });
              }}
            >
              <StatusGlyph status={each} progress={0.6} size={13} />
              {statusWord(each)}
            </button>
          ))}
        </div>
        <span className={styles.spacer} />
        <div className={styles.select}>
          <SelectField
            aria-label="Kind"
            placeholder="All kinds"
            clearable
            data={KINDS}
            value={search.kind ?? null}
            onChange={(value) => set({ kind: value ?? undefined })}
          />
        </div>
        <SwitchField
          label="Mine"
          checked={Boolean(search.mine)}
          onChange={(event) => set({ mine: event.currentTarget.checked || undefined })}
        />
      </div>
      {list.isPending ? (
        <SkeletonRows count={8} height={44} />
      ) : list.isError && !rows.length ? (
        <ProblemCard problem={list.error} onRetry={() => list.refetch()} />
      ) : rows.length ? (
        <ul className={styles.list} aria-label="Activities">
          {rows.map((activity) => (
            <li key={activity.id}>
              <ActivityRow activity={activity} ws={ws} onLog={() => set({ log: activity.id })} />
            </li>
          ))}
        </ul>
      ) : (
        <EmptyState
          title={filtered ? "No activity fits these filters" : "Nothing has happened yet"}
          why={
            filtered
              ? undefined
              : "Everything that takes time shows up here: uploads being read, profiles, runs and their steps."
          }
          action={
            filtered ? (
              <Button onClick={() => set({ status: undefined, kind: undefined, mine: undefined })}>
                Clear filters
              </Button>
            ) : undefined
          }
        />
      )}
      {list.hasNextPage && (
        <div className={styles.more}>
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
      {search.log && <LogSheet ws={ws} id={search.log} onClose={() => set({ log: undefined })} />}
    </PageBody>
  );
}
