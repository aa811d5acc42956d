import { Link } from "@tanstack/react-router";
import { Eye, EyeOff, Pin, X } from "lucide-react";
import { IconButton } from "@/design/Button";
import { Duration } from "@/design/Duration";
import { plural } from "@/design/format";
import { SeriesSwatch } from "@/design/SeriesSwatch";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusGlyph } from "@/design/StatusMark";
import { isFinal, statusWord } from "@/design/status";
import { Time } from "@/design/Time";
import type { RunLine } from "../model/lines";
import { type CompareSearch, listed } from "../search";
import { AddRuns } from "./AddRuns";
import styles from "./RunList.module.css";

/** The compared runs with their colors: hide, measure against, take out, add. */
export function RunList({
  ws,
  ids,
  lines,
  waiting,
  search,
  set,
  onRemove,
  onAdd,
}: {
  ws: string;
  ids: readonly string[];
  lines: readonly RunLine[];
  waiting: boolean;
  search: CompareSearch;
  set: (part: Partial<CompareSearch>) => void;
  onRemove: (id: string) => void;
  onAdd: (id: string) => void;
}) {
  const hide = (line: RunLine) => {
    const hidden = listed(search.hidden).filter((id) => id !== line.id);
    set({ hidden: line.hidden ? hidden.join(",") : [...hidden, line.id].join(",") });
  };
  return (
    <>
      <div className={styles.head}>
        <h2>{plural(ids.length, "run")}</h2>
        <AddRuns ws={ws} ids={ids} onAdd={onAdd} />
      </div>
      {waiting ? (
        <div className={styles.waiting}>
          <SkeletonRows count={ids.length} />
        </div>
      ) : (
        <ul className={styles.list}>
          {lines.map((line) => {
            const { run } = line;
            return (
              <li key={line.id} className={styles.item} data-hidden={line.hidden}>
                <div className={styles.first}>
                  <SeriesSwatch index={line.place} />
                  <Link
                    to="/w/$ws/runs/$run"
                    params={{ ws, run: line.id }}
                    search={{}}
                    className={styles.name}
                    title={line.name}
                  >
                    {line.name}
                  </Link>
                </div>
                <div className={styles.second}>
                  <StatusGlyph status={run.status} progress={run.progress} size={13} />
                  <span className="visually-hidden">{statusWord(run.status)}</span>
                  <span className={styles.facts}>
                    #{run.number} ·{" "}
                    <Duration
                      seconds={run.duration_s}
                      startedAt={run.started_at}
                      finishedAt={run.finished_at}
                      live={!isFinal(run.status)}
                    />{" "}
                    · <Time at={run.created_at} />
                  </span>
                  <span className={styles.tools}>
                    <IconButton
                      label={
                        line.isBaseline ? `${line.name} is the baseline` : `Use ${line.name} as baseline`
                      }
                      size="compact"
                      aria-pressed={line.isBaseline}
                      data-on={line.isBaseline}
                      className={styles.tool}
                      onClick={() => set({ baseline: line.id })}
                    >
                      <Pin size={14} fill={line.isBaseline ? "currentColor" : "none"} />
                    </IconButton>
                    <IconButton
                      label={line.hidden ? `Show ${line.name}` : `Hide ${line.name}`}
                      size="compact"
                      aria-pressed={line.hidden}
                      className={styles.tool}
                      onClick={() => hide(line)}
                    >
                      {line.hidden ? <EyeOff size={14} /> : <Eye size={14} />}
                    </IconButton>
                    <IconButton
                      label={`Remove ${line.name} from the comparison`}
                      size="compact"
                      className={styles.tool}
                      onClick={() => onRemove(line.id)}
                    >
                      <X size={14} />
                    </IconButton>
                  </span>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
