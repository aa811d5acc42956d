import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Database, History, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { datasetLineageQuery } from "@/api/datasets";
import type { LineageLink } from "@/api/types";
import { EmptyState } from "@/design/EmptyState";
import { sentence } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusMark } from "@/design/StatusMark";
import { Time } from "@/design/Time";
import styles from "./Data.module.css";

const ICON: Record<string, ReactNode> = {
  run: <History size={16} strokeWidth={1.75} />,
  draft: <Workflow size={16} strokeWidth={1.75} />,
  dataset: <Database size={16} strokeWidth={1.75} />,
};

export function LineageTab({ ws, id, version }: { ws: string; id: string; version: number }) {
  const lineage = useQuery(datasetLineageQuery(ws, id, version));
  if (lineage.isPending)
    return (
      <div className={styles.pad}>
        <SkeletonRows count={5} />
      </div>
    );
  if (lineage.isError)
    return (
      <div className={styles.pad}>
        <ProblemCard problem={lineage.error} onRetry={() => lineage.refetch()} />
      </div>
    );
  const { used_by: usedBy, made_by: madeBy } = lineage.data;
  if (!usedBy.length && !madeBy.length)
    return (
      <EmptyState
        title="Nothing uses this version yet"
        why="Pipelines and runs that read it are listed here, so that you know what a change would touch."
      />
    );
  return (
    <div className={styles.pad}>
      <Links ws={ws} title="Made by" links={madeBy} />
      <Links ws={ws} title="Used by" links={usedBy} />
    </div>
  );
}

function Links({ ws, title, links }: { ws: string; title: string; links: LineageLink[] }) {
  if (!links.length) return null;
  return (
    <section>
      <h2 className={styles.heading}>
        {title} {links.length}
      </h2>
      <ul className={styles.versions}>
        {links.map((link) => (
          <li key={`${link.kind}-${link.id}-${link.role}`} className={styles.row}>
            <span style={{ color: "var(--text-2)", display: "grid" }}>
              {ICON[link.kind.includes("run") ? "run" : link.kind] ?? ICON.dataset}
            </span>
            <LineageName ws={ws} link={link} />
            <span>{link.status && <StatusMark status={link.status} />}</span>
            <Time at={link.created_at} />
            <small>
              {sentence(link.kind)}
              {link.role && <span>{sentence(link.role)}</span>}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LineageName({ ws, link }: { ws: string; link: LineageLink }) {
  if (link.kind === "draft")
    return (
      <Link to="/w/$ws/designer/$draft" params={{ ws, draft: link.id }} search={{}} className={styles.name}>
        {link.name}
      </Link>
    );
  if (link.kind.startsWith("dataset"))
    return (
      <Link to="/w/$ws/data/$dataset" params={{ ws, dataset: link.id }} search={{}} className={styles.name}>
        {link.name}
      </Link>
    );
  if (link.kind.includes("run"))
    return (
      <Link to="/w/$ws/runs/$run" params={{ ws, run: link.id }} search={{}} className={styles.name}>
        {link.name}
      </Link>
    );
  return <span className={styles.name}>{link.name}</span>;
}
