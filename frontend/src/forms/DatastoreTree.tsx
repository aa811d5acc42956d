import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, File, Folder } from "lucide-react";
import { useState } from "react";
import { keys } from "@/api/keys";
import type { TreeEntry } from "@/api/types";
import { fetchTree } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { formatBytes } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { Time } from "@/design/Time";
import styles from "./DatastoreTree.module.css";

export interface DatastoreTreeProps {
  ws: string;
  datastore: string;
  /** The chosen path; without `onChoose` the tree is only read. */
  chosen?: string;
  onChoose?: (entry: TreeEntry) => void;
}

/** The files of a datastore, a folder fetched when it is opened. */
export function DatastoreTree(props: DatastoreTreeProps) {
  return (
    <div className={styles.tree} role="tree" aria-label={`Files in ${props.datastore}`}>
      <Level {...props} path="" depth={0} />
    </div>
  );
}

function Level({ path, depth, ...props }: DatastoreTreeProps & { path: string; depth: number }) {
  const level = useInfiniteQuery({
    queryKey: keys.tree(props.ws, props.datastore, path),
    queryFn: ({ pageParam, signal }) => fetchTree(props.ws, props.datastore, path, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const indent = { paddingLeft: 8 + depth * 18 };
  if (level.isPending)
    return (
      <div style={indent}>
        <SkeletonRows count={2} height={24} />
      </div>
    );
  if (level.isError) return <ProblemCard problem={level.error} onRetry={() => level.refetch()} />;
  const entries = level.data.pages.flatMap((page) => page.entries);
  if (!entries.length)
    return (
      <p className={styles.note} style={indent}>
        This folder is empty.
      </p>
    );
  return (
    <>
      {entries.map((entry) => (
        <Entry key={entry.path} entry={entry} depth={depth} {...props} />
      ))}
      {level.hasNextPage && (
        <div style={indent}>
          <Button
            size="compact"
            variant="quiet"
            busy={level.isFetchingNextPage}
            onClick={() => void level.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Entry({ entry, depth, ...props }: DatastoreTreeProps & { entry: TreeEntry; depth: number }) {
  const [open, setOpen] = useState(false);
  const folder = entry.kind === "folder";
  const Icon = folder ? Folder : File;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <div role="none">
      <button
        type="button"
        role="treeitem"
        aria-level={depth + 1}
        aria-expanded={folder ? open : undefined}
        aria-selected={props.chosen === entry.path}
        className={styles.row}
        style={{ paddingLeft: 8 + depth * 18 }}
        onKeyDown={(event) => {
          if (!folder) return;
          if (event.key === "ArrowRight") setOpen(true);
          if (event.key === "ArrowLeft") setOpen(false);
        }}
        onClick={() => {
          if (folder) setOpen(!open);
          props.onChoose?.(entry);
        }}
      >
        {folder ? <Chevron size={14} aria-hidden="true" /> : <span style={{ width: 14 }} />}
        <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.name}>{entry.name}</span>
        <span className={styles.meta}>{folder ? "" : formatBytes(entry.size_bytes)}</span>
        <span className={styles.meta}>{entry.modified_at && <Time at={entry.modified_at} />}</span>
      </button>
      {open && (
        <div role="group">
          <Level {...props} path={entry.path} depth={depth + 1} />
        </div>
      )}
    </div>
  );
}
