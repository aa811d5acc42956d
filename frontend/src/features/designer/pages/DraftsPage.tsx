import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Copy, Ellipsis, LayoutGrid, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { copyDraft, createDraft, deleteDraft, draftsQuery } from "@/api/drafts";
import { keys } from "@/api/keys";
import { samplesQuery } from "@/api/session";
import type { DraftSummary, Sample } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { Confirm } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { formatNumber, plural } from "@/design/format";
import { ActionMenu } from "@/design/Menu";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { Skeleton } from "@/design/Skeleton";
import { DraftCard } from "../parts/DraftCard";
import { RenameDraft } from "../parts/RenameDraft";
import { Samples, SamplesDialog } from "../parts/Samples";
import { useCan } from "../parts/useCan";
import styles from "./DraftsPage.module.css";
import { useWorkspaceParam } from "./params";

/** The pipelines that are being drawn in this workspace. */
export function DraftsPage() {
  const ws = useWorkspaceParam();
  const drafts = useQuery(draftsQuery(ws));
  const samples = useQuery(samplesQuery());
  const client = useQueryClient();
  const navigate = useNavigate();
  const can = useCan(ws);
  const [renamed, setRenamed] = useState<DraftSummary | null>(null);
  const [doomed, setDoomed] = useState<DraftSummary | null>(null);
  const [gallery, setGallery] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.drafts(ws) });
  const open = (id: string) => navigate({ to: "/w/$ws/designer/$draft", params: { ws, draft: id } });

  const create = useMutation({
    mutationFn: (sample: Sample | null) =>
      createDraft(
        ws,
        sample
          ? {
              name: freeName(drafts.data ?? [], sample.title),
              description: sample.description,
              sample: sample.name,
            }
          : { name: freeName(drafts.data ?? [], "Untitled pipeline") },
      ),
    onSuccess: (draft) => {
      client.setQueryData(keys.draft(ws, draft.id), draft);
      void refresh();
      void open(draft.id);
    },
  });
  const duplicate = useMutation({
    mutationFn: (draft: DraftSummary) => copyDraft(ws, draft.id),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (draft: DraftSummary) => deleteDraft(ws, draft.id),
    onSuccess: () => {
      setDoomed(null);
      void refresh();
    },
  });

  const creating = can.edit && (
    <span className={styles.pair}>
      <Button
        variant="primary"
        icon={<Plus size={15} aria-hidden="true" />}
        busy={create.isPending}
        onClick={() => create.mutate(null)}
      >
        New draft
      </Button>
      {(samples.data?.length ?? 0) > 0 && (
        <IconButton variant="primary" label="New from a sample" onClick={() => setGallery(true)}>
          <LayoutGrid size={15} aria-hidden="true" />
        </IconButton>
      )}
    </span>
  );

  const list = drafts.data;
  return (
    <>
      <PageHeader title="Designer" actions={creating || undefined} />
      {gallery && (
        <SamplesDialog
          samples={samples.data ?? []}
          busy={create.isPending}
          problem={create.error && <ProblemCard problem={create.error} onRetry={() => create.reset()} />}
          onPick={(sample) => create.mutate(sample)}
          onClose={() => setGallery(false)}
        />
      )}
      <PageBody sentence={list ? sentenceOf(list) : undefined}>
        {create.error && !gallery && <ProblemCard problem={create.error} onRetry={() => create.reset()} />}
        {duplicate.error && <ProblemCard problem={duplicate.error} />}
        {drafts.error && !list ? (
          <ProblemCard problem={drafts.error} onRetry={() => void drafts.refetch()} />
        ) : !list ? (
          <div className={styles.grid} role="status" aria-label="Loading">
            {["a", "b", "c"].map((key) => (
              <Skeleton key={key} height={232} radius={12} />
            ))}
          </div>
        ) : list.length === 0 ? (
          <>
            <EmptyState
              title="No pipelines yet"
              why="A draft is a pipeline you draw: data goes in at the top, models and metrics come out below. Nothing runs until you submit it."
              action={creating}
            />
            {can.edit && samples.data && (
              <section aria-labelledby="samples-head">
                <h2 id="samples-head" className={styles.heading}>
                  Start from a sample
                </h2>
                <Samples
                  samples={samples.data}
                  busy={create.isPending}
                  onPick={(sample) => create.mutate(sample)}
                />
              </section>
            )}
          </>
        ) : (
          <ul className={styles.grid}>
            {list.map((draft) => (
              <DraftCard
                key={draft.id}
                ws={ws}
                draft={draft}
                menu={
                  can.edit && (
                    <ActionMenu
                      opener={
                        <IconButton size="compact" label={`More about ${draft.name}`}>
                          <Ellipsis size={16} aria-hidden="true" />
                        </IconButton>
                      }
                      entries={[
                        { label: "Rename", icon: <Pencil size={14} />, onSelect: () => setRenamed(draft) },
                        {
                          label: "Duplicate",
                          icon: <Copy size={14} />,
                          onSelect: () => duplicate.mutate(draft),
                        },
                        "divider",
                        {
                          label: "Delete",
                          icon: <Trash2 size={14} />,
                          danger: true,
                          onSelect: () => setDoomed(draft),
                        },
                      ]}
                    />
                  )
                }
              />
            ))}
          </ul>
        )}
      </PageBody>
      {renamed && (
        <RenameDraft
          ws={ws}
          draft={renamed}
          onClose={() => {
            setRenamed(null);
            void refresh();
          }}
        />
      )}
      <Confirm
        opened={doomed !== null}
        onClose={() => {
          setDoomed(null);
          remove.reset();
        }}
        title={`Delete draft ${doomed?.name ?? ""}?`}
        text="The drawing is deleted. Runs that were submitted from it stay, with their outputs."
        verb="Delete draft"
        danger
        busy={remove.isPending}
        problem={remove.error}
        onConfirm={() => doomed && remove.mutate(doomed)}
      />
    </>
  );
}

function freeName(drafts: readonly DraftSummary[], wanted: string): string {
  const taken = new Set(drafts.map((draft) => draft.name));
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count += 1) if (!taken.has(`${wanted} ${count}`)) return `${wanted} ${count}`;
}

function sentenceOf(list: readonly DraftSummary[]): string {
  if (!list.length) return "Draw a pipeline, run it, look at every result.";
  const running = list.filter((draft) => draft.last_run && !draft.last_run.finished_at).length;
  const active = running ? `, ${formatNumber(running)} running` : "";
  return `${plural(list.length, "draft")}${active}.`;
}
