import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { runsQuery } from "@/api/runs";
import { announce } from "@/design/announce";
import { Button } from "@/design/Button";
import { BASKET_LIMIT, basketFull } from "@/design/basket";
import { SearchField } from "@/design/Field";
import { Popover } from "@/design/Popover";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { statusWord } from "@/design/status";
import { Time } from "@/design/Time";
import { runName } from "../model/lines";
import styles from "./RunList.module.css";

/** Finds runs of the workspace and adds them one by one. */
export function AddRuns({
  ws,
  ids,
  onAdd,
  primary,
}: {
  ws: string;
  ids: readonly string[];
  onAdd: (id: string) => void;
  primary?: boolean;
}) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      label="Add runs"
      opened={opened}
      onChange={setOpened}
      opener={
        <Button
          size={primary ? "control" : "compact"}
          variant={primary ? "primary" : "quiet"}
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => setOpened(!opened)}
        >
          Add runs
        </Button>
      }
    >
      {opened && <Picker ws={ws} ids={ids} onAdd={onAdd} />}
    </Popover>
  );
}

function Picker({ ws, ids, onAdd }: { ws: string; ids: readonly string[]; onAdd: (id: string) => void }) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const runs = useInfiniteQuery(runsQuery(ws, { search: asked, sort: "-created_at" }, 30));
  const found = (runs.data?.pages ?? [])
    .flatMap((page) => page.results)
    .filter((run) => !ids.includes(run.id));
  if (ids.length >= BASKET_LIMIT) return <p className={styles.note}>{basketFull}</p>;
  return (
    <div className={styles.picker}>
      <SearchField
        placeholder="Search runs"
        data-autofocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {runs.isPending ? (
        <SkeletonRows count={4} />
      ) : runs.isError && !found.length ? (
        <ProblemCard problem={runs.error} onRetry={() => void runs.refetch()} />
      ) : found.length === 0 ? (
        <p className={styles.note}>{asked ? "No other run has this name." : "There are no other runs."}</p>
      ) : (
        <ul className={styles.found} aria-label="Runs that can be added">
          {found.map((run) => (
            <li key={run.id}>
              <button
                type="button"
                className={styles.pick}
                aria-label={`Add ${runName(run)}, run ${run.number}, ${statusWord(run.status)}`}
                onClick={() => {
                  onAdd(run.id);
                  announce(`Run ${run.number} added to the comparison`);
                }}
              >
                <StatusGlyph status={run.status} progress={run.progress} size={14} />
                <span>{runName(run)}</span>
                <span className={styles.quiet}>
                  #{run.number} · <Time at={run.created_at} />
                </span>
              </button>
            </li>
          ))}
          {runs.hasNextPage && (
            <li>
              <button type="button" className={styles.pick} onClick={() => void runs.fetchNextPage()}>
                Show older runs
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
