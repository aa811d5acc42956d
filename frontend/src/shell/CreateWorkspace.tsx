import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/client";
import { keys } from "@/api/keys";
import type { Workspace } from "@/api/types";
import { createWorkspace } from "@/api/workspaces";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { TextAreaField, TextField } from "@/design/Field";
import { ProblemCard } from "@/design/ProblemCard";
import { slugOf } from "./slug";

export function CreateWorkspace({
  opened,
  onClose,
  onCreated,
}: {
  opened: boolean;
  onClose: () => void;
  onCreated: (workspace: Workspace) => void;
}) {
  const client = useQueryClient();
  const [friendly, setFriendly] = useState("");
  const [slug, setSlug] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const name = slug ?? slugOf(friendly);
  const create = useMutation({
    mutationFn: () =>
      createWorkspace({ name, friendly_name: friendly.trim(), description: description.trim() }),
    onSuccess: (workspace) => {
      void client.invalidateQueries({ queryKey: keys.workspaces });
      setFriendly("");
      setSlug(null);
      setDescription("");
      onClose();
      onCreated(workspace);
    },
  });
  const problem = create.error ? toProblem(create.error) : null;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title="Create workspace"
      onSubmit={() => create.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            variant="primary"
            busy={create.isPending}
            disabled={!friendly.trim() || !name}
          >
            Create workspace
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        data-autofocus
        value={friendly}
        maxLength={120}
        error={problem?.forField("friendly_name")}
        onChange={(event) => setFriendly(event.currentTarget.value)}
      />
      <TextField
        label="Address"
        description={`Shown in links as /w/${name || "…"}. It cannot be changed later.`}
        value={name}
        maxLength={60}
        error={problem?.forField("name")}
        onChange={(event) => setSlug(slugOf(event.currentTarget.value))}
      />
      <TextAreaField
        label="Description"
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}
