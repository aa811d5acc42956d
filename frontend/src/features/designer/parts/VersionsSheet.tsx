import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { draftVersionsQuery, restoreDraftVersion, saveDraftVersion } from "@/api/drafts";
import { keys } from "@/api/keys";
import { userName } from "@/design/Avatar";
import { announce } from "@/design/announce";
import { Button } from "@/design/Button";
import { Sheet } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { TextAreaField, TextField } from "@/design/Field";
import { plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { Time } from "@/design/Time";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./VersionsSheet.module.css";

/** Named versions of a draft: autosave keeps the last state, these keep what is worth keeping. */
export function VersionsSheet({
  ws,
  draft,
  flush,
  onClose,
}: {
  ws: string;
  draft: string;
  /** Saves what is unsaved; false when it could not be. */
  flush: () => Promise<boolean>;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const store = useDesignerStore();
  const readOnly = useDesigner((state) => state.readOnly);
  const versions = useQuery(draftVersionsQuery(ws, draft));
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const refresh = () => client.invalidateQueries({ queryKey: keys.draftVersions(ws, draft) });
  const saved = async () => {
    if (!(await flush())) throw new Error("The draft could not be saved first. Mend that, then try again.");
  };
  const save = useMutation({
    mutationFn: async () => {
      await saved();
      return saveDraftVersion(ws, draft, { name: name.trim(), note: note.trim() });
    },
    onSuccess: (made) => {
      setName("");
      setNote("");
      announce(`Saved version ${made.number}.`);
      void refresh();
    },
  });
  const restore = useMutation({
    mutationFn: async (number: number) => {
      await saved();
      return restoreDraftVersion(ws, draft, number, store.getState().revision);
    },
    onSuccess: (answer) => {
      store.getState().open(answer.graph, answer.view, {
        revision: answer.revision,
        issues: answer.issues,
        schemas: answer.schemas,
      });
      client.setQueryData(keys.draft(ws, draft), answer);
      announce("Restored. What was there before is a version too.");
      void refresh();
    },
  });
  return (
    <Sheet opened onClose={onClose} title="Versions" size={460}>
      <div className={styles.sheet}>
        {!readOnly && (
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate();
            }}
          >
            <TextField
              label="Name of this version"
              placeholder="Numbered when left empty"
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextAreaField
              label="Note"
              minRows={2}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Button type="submit" variant="primary" busy={save.isPending}>
              Save version
            </Button>
          </form>
        )}
        {save.error && <ProblemCard problem={save.error} />}
        {restore.error && <ProblemCard problem={restore.error} />}
        {versions.isPending && <SkeletonRows count={3} height={48} />}
        {versions.isError && <ProblemCard problem={versions.error} onRetry={() => versions.refetch()} />}
        {versions.data?.length === 0 && (
          <EmptyState
            tight
            title="No versions yet"
            why="The draft saves itself. A version keeps a state that you may want back."
          />
        )}
        <ul className={styles.list} aria-label="Versions of this draft">
          {versions.data?.map((version) => (
            <li key={version.number} className={styles.version}>
              <span className={styles.about}>
                <b>{version.name}</b>
                <small>
                  Version {version.number} · {plural(version.node_count, "step")} ·{" "}
                  <Time at={version.created_at} />
                  {version.created_by && ` by ${userName(version.created_by)}`}
                </small>
                {version.note && <span className={styles.note}>{version.note}</span>}
              </span>
              {!readOnly && (
                <Button
                  size="compact"
                  aria-label={`Restore ${version.name}`}
                  busy={restore.isPending && restore.variables === version.number}
                  onClick={() => restore.mutate(version.number)}
                >
                  Restore
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Sheet>
  );
}
