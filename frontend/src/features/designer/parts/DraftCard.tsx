import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { DraftSummary } from "@/api/types";
import { plural } from "@/design/format";
import { StatusMark } from "@/design/StatusMark";
import { Thumbnail } from "@/design/Thumbnail";
import { Time } from "@/design/Time";
import styles from "../pages/DraftsPage.module.css";

/** A draft in the list: its drawing, its name, when it was edited and how it last ran. */
export function DraftCard({ ws, draft, menu }: { ws: string; draft: DraftSummary; menu: ReactNode }) {
  return (
    <li className={styles.card}>
      <Link
        className={styles.link}
        to="/w/$ws/designer/$draft"
        params={{ ws, draft: draft.id }}
        aria-label={draft.name}
      >
        <span className={styles.thumbnail}>
          <Thumbnail thumbnail={draft.thumbnail} count={draft.node_count} />
        </span>
      </Link>
      <div className={styles.foot}>
        <div className={styles.words}>
          <b className={styles.name} title={draft.name}>
            {draft.name}
          </b>
          <span className={styles.about}>
            {plural(draft.node_count, "step")} · edited <Time at={draft.updated_at} />
          </span>
          <span className={styles.about}>
            {draft.last_run ? (
              <>
                <StatusMark status={draft.last_run.status} label={`Run ${draft.last_run.number}`} />
                {draft.last_run.finished_at && <Time at={draft.last_run.finished_at} />}
              </>
            ) : (
              "Never run"
            )}
          </span>
        </div>
        <div className={styles.more}>{menu}</div>
      </div>
    </li>
  );
}
