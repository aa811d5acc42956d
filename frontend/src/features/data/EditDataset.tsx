import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toProblem } from "@/api/client";
import { updateDataset } from "@/api/datasets";
import { keys } from "@/api/keys";
import { listToTags, tagsToList } from "@/api/tags";
import type { Dataset } from "@/api/types";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { TextAreaField, TextField } from "@/design/Field";
import { TagsField } from "@/design/PickField";
import { ProblemCard } from "@/design/ProblemCard";

export function EditDataset({ ws, dataset, onClose }: { ws: string; dataset: Dataset; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(dataset.name);
  const [description, setDescription] = useState(dataset.description);
  const [tags, setTags] = useState(tagsToList(dataset.tags));
  const save = useMutation({
    mutationFn: () =>
      updateDataset(ws, dataset.id, { name: name.trim(), description, tags: listToTags(tags) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.datasets(ws) });
      onClose();
    },
  });
  const problem = save.error ? toProblem(save.error) : null;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Edit ${dataset.name}`}
      onSubmit={() => save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={!name.trim()}>
            Save
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        data-autofocus
        maxLength={200}
        value={name}
        error={problem?.forField("name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextAreaField
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <TagsField label="Tags" value={tags} onChange={setTags} />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}
