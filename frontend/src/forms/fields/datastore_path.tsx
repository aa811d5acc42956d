import { useQuery } from "@tanstack/react-query";
import { FolderOpen } from "lucide-react";
import { useState } from "react";
import { datastoresQuery } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { SelectField, TextField } from "@/design/Field";
import { ProblemCard } from "@/design/ProblemCard";
import { DatastoreTree } from "../DatastoreTree";
import type { ParameterFieldProps } from "../field";
import { useLocalText } from "../useLocalText";

/** A path in a datastore: typed, as for a file that is still to come, or found in its tree. */
export function DatastorePathField({
  parameter,
  value,
  onChange,
  id,
  describedBy,
  invalid,
  readOnly,
  workspace,
}: ParameterFieldProps) {
  const stores = useQuery(datastoresQuery(workspace));
  const [browsing, setBrowsing] = useState(false);
  const given = value && typeof value === "object" && !Array.isArray(value) ? value : {};
  const path = typeof given.path === "string" ? given.path : "";
  const usual = stores.data?.find((store) => store.is_default)?.name ?? stores.data?.[0]?.name ?? "";
  const datastore = typeof given.datastore === "string" ? given.datastore : usual;
  const set = (next: string, store = datastore) =>
    onChange(next.trim() ? { datastore: store, path: next.trim() } : null);
  const { text, edit, flush } = useLocalText(path, (next) => set(next));
  const names = stores.data?.map((store) => store.name) ?? [];
  return (
    <div style={{ display: "grid", gap: 6 }}>
      {names.length > 1 && (
        <SelectField
          aria-label={`Datastore of ${parameter.title}`}
          readOnly={readOnly}
          data={names}
          value={datastore}
          onChange={(next) => next && set(path, next)}
        />
      )}
      <TextField
        id={id}
        aria-describedby={describedBy}
        error={invalid}
        readOnly={readOnly}
        placeholder={parameter.placeholder ?? "folder/file.csv"}
        value={text}
        onChange={(event) => edit(event.currentTarget.value)}
        onBlur={flush}
        onKeyDown={(event) => event.key === "Enter" && flush()}
      />
      {!readOnly && datastore && (
        <Button
          size="compact"
          icon={<FolderOpen size={13} aria-hidden="true" />}
          aria-expanded={browsing}
          onClick={() => setBrowsing(!browsing)}
        >
          {browsing ? "Close the tree" : "Browse"}
        </Button>
      )}
      {browsing && datastore && (
        <DatastoreTree
          ws={workspace}
          datastore={datastore}
          chosen={path}
          onChoose={(entry) => entry.kind === "file" && set(entry.path)}
        />
      )}
      {stores.isError && <ProblemCard problem={stores.error} onRetry={() => stores.refetch()} />}
    </div>
  );
}
