import { useQuery } from "@tanstack/react-query";
import { HardDrive } from "lucide-react";
import { datastoresQuery } from "@/api/workspaces";
import { Card } from "@/design/Card";
import { EmptyState } from "@/design/EmptyState";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { Tag } from "@/design/Tag";
import { DatastoreTree } from "@/forms/DatastoreTree";
import styles from "./Settings.module.css";

export function DatastoresSection({ ws }: { ws: string }) {
  const stores = useQuery(datastoresQuery(ws));
  if (stores.isPending) return <SkeletonRows count={5} />;
  if (stores.isError) return <ProblemCard problem={stores.error} onRetry={() => stores.refetch()} />;
  if (!stores.data.length)
    return (
      <EmptyState
        title="No datastores"
        why="A datastore is a place with files: a folder, a bucket, a container."
      />
    );
  return (
    <>
      {stores.data.map((store) => (
        <Card key={store.name} title={store.name} actions={store.is_default ? <Tag>Default</Tag> : undefined}>
          <p className={styles.store}>
            <HardDrive size={15} strokeWidth={1.75} aria-hidden="true" />
            {store.kind}
            {store.description && ` · ${store.description}`}
          </p>
          <DatastoreTree ws={ws} datastore={store.name} />
        </Card>
      ))}
    </>
  );
}
