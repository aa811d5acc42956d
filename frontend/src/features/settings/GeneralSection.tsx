import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toProblem } from "@/api/client";
import { keys } from "@/api/keys";
import type { Workspace } from "@/api/types";
import { archiveWorkspace, updateWorkspace } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Confirm } from "@/design/Dialog";
import { TextAreaField, TextField } from "@/design/Field";
import { ProblemCard } from "@/design/ProblemCard";
import { toast } from "@/design/toast";
import styles from "./Settings.module.css";

export function GeneralSection({ workspace }: { workspace: Workspace }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(workspace.friendly_name);
  const [description, setDescription] = useState(workspace.description);
  const [archiving, setArchiving] = useState(false);
  const owner = workspace.role === "owner";
  const save = useMutation({
    mutationFn: () => updateWorkspace(workspace.name, { friendly_name: name.trim(), description }),
    onSuccess: (saved) => {
      client.setQueryData(keys.workspaceDetail(workspace.name), saved);
      void client.invalidateQueries({ queryKey: keys.workspaces });
      toast("Saved");
    },
  });
  const archive = useMutation({
    mutationFn: () => archiveWorkspace(workspace.name),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.workspaces });
      await navigate({ to: "/" });
    },
  });
  const problem = save.error ? toProblem(save.error) : null;
  const changed = name !== workspace.friendly_name || description !== workspace.description;
  return (
    <>
      <Card title="General">
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <TextField
            label="Name"
            value={name}
            readOnly={!owner}
            maxLength={120}
            error={problem?.forField("friendly_name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextField label="Address" value={`/w/${workspace.name}`} readOnly disabled />
          <TextAreaField
            label="Description"
            value={description}
            readOnly={!owner}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {problem && <ProblemCard problem={problem} />}
          {owner ? (
            <div>
              <Button
                type="submit"
                variant="primary"
                busy={save.isPending}
                disabled={!changed || !name.trim()}
              >
                Save
              </Button>
            </div>
          ) : (
            <p className={styles.lead}>Only an owner can change these.</p>
          )}
        </form>
      </Card>
      {owner && (
        <Card title="Archive workspace">
          <p className={styles.lead}>
            Its data, pipelines and runs are kept but no longer shown. Running work is stopped.
          </p>
          <Button variant="danger" onClick={() => setArchiving(true)}>
            Archive workspace
          </Button>
        </Card>
      )}
      <Confirm
        opened={archiving}
        onClose={() => setArchiving(false)}
        title={`Archive workspace ${workspace.friendly_name || workspace.name}?`}
        text="Members can no longer open it."
        verb="Archive"
        danger
        busy={archive.isPending}
        problem={archive.error}
        onConfirm={() => archive.mutate()}
      />
    </>
  );
}
