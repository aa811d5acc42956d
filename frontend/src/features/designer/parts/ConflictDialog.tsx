import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { createDraft } from "@/api/drafts";
import type { Draft } from "@/api/types";
import { Button } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { plural } from "@/design/format";
import { ProblemCard } from "@/design/ProblemCard";
import { Thumbnail } from "@/design/Thumbnail";
import { Time } from "@/design/Time";
import { stepTitle } from "../model/selectors";
import type { PipelineDocument } from "../model/types";
import { useDesigner, useDesignerStore } from "../state/store";
import styles from "./ConflictDialog.module.css";

/** Two people changed the same step: both drawings side by side, and neither is lost. */
export function ConflictDialog({ name }: { name: string }) {
  const store = useDesignerStore();
  const saving = useDesigner((state) => state.saving);
  const document = useDesigner((state) => state.document);
  const catalog = useDesigner((state) => state.catalog);
  const ws = useDesigner((state) => state.ws);
  const navigate = useNavigate();
  const keep = useMutation({
    mutationFn: () =>
      createDraft(ws, { name: `${name} (my copy)`, graph: document.graph, view: document.view }),
    onSuccess: (copy) => {
      takeTheirs();
      void navigate({ to: "/w/$ws/designer/$draft", params: { ws, draft: copy.id } });
    },
  });
  const [later, setLater] = useState<typeof saving | null>(null);
  if (saving.kind !== "conflict") return null;
  // Put off, not gone: nothing is saved until it is decided, and that stays in sight.
  if (later === saving)
    return (
      <Button variant="primary" className={styles.decide} onClick={() => setLater(null)}>
        Not saved: decide between two versions
      </Button>
    );
  const { theirs, conflicts } = saving;
  const takeTheirs = () =>
    store.getState().open(theirs.graph, theirs.view, {
      revision: theirs.revision,
      issues: theirs.issues,
      schemas: theirs.schemas,
    });
  const who = theirs.updated_by.display_name || theirs.updated_by.username;
  const names = conflicts.map((id) => {
    const node =
      document.graph.nodes.find((candidate) => candidate.id === id) ??
      theirs.graph.nodes.find((candidate) => candidate.id === id);
    return node ? stepTitle(node, catalog) : id;
  });
  return (
    <Dialog
      opened
      onClose={() => setLater(saving)}
      closeOnClickOutside={false}
      title="Two versions of this draft"
      size={640}
      footer={
        <>
          <Button onClick={takeTheirs}>Take theirs</Button>
          <Button variant="primary" busy={keep.isPending} onClick={() => keep.mutate()}>
            Keep mine as a copy
          </Button>
        </>
      }
    >
      <p>
        {who} saved this draft <Time at={theirs.updated_at} /> while you were editing it. You both changed{" "}
        {names.join(", ")}, so the two cannot be merged.
      </p>
      <div className={styles.pair}>
        <Version title="Mine" document={document} />
        <Version title={`By ${who}`} document={{ graph: theirs.graph, view: theirs.view }} />
      </div>
      {keep.error && <ProblemCard problem={keep.error} />}
    </Dialog>
  );
}

function Version({
  title,
  document: { graph, view },
}: {
  title: string;
  document: PipelineDocument | Pick<Draft, "graph" | "view">;
}) {
  const index = new Map(graph.nodes.map((node, at) => [node.id, at]));
  return (
    <figure className={styles.version}>
      <div className={styles.drawing}>
        <Thumbnail
          thumbnail={{
            nodes: graph.nodes.map((node) => view.positions[node.id] ?? { x: 0, y: 0 }),
            edges: graph.edges.flatMap((edge) => {
              const [from, to] = [index.get(edge.source), index.get(edge.target)];
              return from === undefined || to === undefined ? [] : [[from, to] as [number, number]];
            }),
          }}
        />
      </div>
      <figcaption>
        <b>{title}</b> {plural(graph.nodes.length, "step")}, {plural(graph.edges.length, "connection")}
      </figcaption>
    </figure>
  );
}
