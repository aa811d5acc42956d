import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { renameDraft } from "@/api/drafts";
import type { DraftSummary } from "@/api/types";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { TextAreaField, TextField } from "@/design/Field";
import { ProblemCard } from "@/design/ProblemCard";

/** A draft's name and description. */
export function RenameDraft({
  ws,
  draft,
  onClose,
}: {
  ws: string;
  draft: DraftSummary;
  onClose: () => void;
}) {
  const [name, setName] = useState(draft.name);
  const [description, setDescription] = useState(draft.description);
  const save = useMutation({
    mutationFn: () => renameDraft(ws, draft.id, { name: name.trim(), description }),
    onSuccess: onClose,
  });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Rename draft ${draft.name}`}
      onSubmit={() => name.trim() && save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!name.trim()}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        maxLength={200}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextAreaField
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {save.error && <ProblemCard problem={save.error} />}
    </Dialog>
  );
}
