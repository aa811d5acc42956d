import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { datastoresQuery } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { SelectField, TextField } from "@/design/Field";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { DatastoreTree } from "@/forms/DatastoreTree";
import styles from "./Import.module.css";

type Path = { datastore: string; path: string };

/** A path, or a glob over several files of one shape. */
export function SourceFromDatastore({
  ws,
  chosen,
  onChoose,
}: {
  ws: string;
  chosen: Path | null;
  onChoose: (path: Path | null) => void;
}) {
  const stores = useQuery(datastoresQuery(ws));
  const [own, setOwn] = useState<string | null>(null);
  const [text, setText] = useState(chosen?.path ?? "");
  const datastore =
    own ??
    chosen?.datastore ??
    stores.data?.find((store) => store.is_default)?.name ??
    stores.data?.[0]?.name;
  if (stores.isPending) return <SkeletonRows count={4} />;
  if (stores.isError) return <ProblemCard problem={stores.error} onRetry={() => stores.refetch()} />;
  if (!datastore) return <p className={styles.note}>This workspace has no datastore.</p>;
  const read = () => onChoose(text.trim() ? { datastore, path: text.trim() } : null);
  return (
    <>
      <div
        className={styles.form}
        style={{ gridTemplateColumns: "minmax(140px, 220px) 1fr auto", alignItems: "end" }}
      >
        <SelectField
          label="Datastore"
          data={stores.data.map((store) => store.name)}
          value={datastore}
          onChange={(value) => {
            setOwn(value);
            setText("");
            onChoose(null);
          }}
        />
        <TextField
          label="Path or glob"
          placeholder="sales/2026-*.csv"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            read();
          }}
        />
        <Button style={{ gridColumn: "auto" }} disabled={!text.trim()} onClick={read}>
          Read
        </Button>
      </div>
      <DatastoreTree
        ws={ws}
        datastore={datastore}
        chosen={chosen?.datastore === datastore ? chosen.path : undefined}
        onChoose={(entry) => {
          if (entry.kind !== "file") return;
          setText(entry.path);
          onChoose({ datastore, path: entry.path });
        }}
      />
    </>
  );
}
