import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, Copy, Ellipsis, FlaskConical, Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { copyDraft, createDraft, deleteDraft, draftsQuery, renameDraft } from "@/api/drafts";
import { keys } from "@/api/keys";
import { samplesQuery } from "@/api/session";
import type { DraftSummary, Sample } from "@/api/types";
import { Button, IconButton } from "@/design/Button";
import { Confirm, Dialog } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { TextAreaField, TextField } from "@/design/Field";
import { formatNumber, plural } from "@/design/format";
import { ActionMenu } from "@/design/Menu";
import { PageBody } from "@/design/PageBody";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { Skeleton } from "@/design/Skeleton";
import { StatusMark } from "@/design/StatusMark";
import { Time } from "@/design/Time";
import { Thumbnail } from "../parts/Thumbnail";
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

  const fromSample = (samples.data ?? []).map((sample) => ({
    label: (
      <span className={styles.sample}>
        <b>{sample.title}</b>
        <span>{sample.description}</span>
      </span>
    ),
    icon: <FlaskConical size={15} strokeWidth={1.75} />,
    onSelect: () => create.mutate(sample),
  }));
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
      {fromSample.length > 0 && (
        <ActionMenu
          opener={
            <IconButton variant="primary" label="New from a sample">
              <ChevronDown size={15} aria-hidden="true" />
            </IconButton>
          }
          entries={[{ heading: "Start from a sample" }, ...fromSample]}
        />
      )}
    </span>
  );

  const list = drafts.data;
  return (
    <>
      <PageHeader title="Designer" actions={creating || undefined} />
      <PageBody sentence={list ? sentenceOf(list) : undefined}>
        {create.error && <ProblemCard problem={create.error} onRetry={() => create.reset()} />}
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
            {can.edit && (
              <Samples
                samples={samples.data ?? []}
                busy={create.isPending}
                onPick={(sample) => create.mutate(sample)}
              />
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
        <RenameDialog
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

function DraftCard({ ws, draft, menu }: { ws: string; draft: DraftSummary; menu: ReactNode }) {
  return (
    <li className={styles.card}>
      <Link
        className={styles.link}
        to="/w/$ws/designer/$draft"
        params={{ ws, draft: draft.id }}
        aria-label={draft.name}
      >
        <span className={styles.thumbnail}>
          <Thumbnail thumbnail={draft.thumbnail} />
        </span>
      </Link>
      <div className={styles.foot}>
        <div className={styles.words}>
          <b className={styles.name} title={draft.name}>
            {draft.name}
          </b>
          <span className={styles.about}>
            {plural(draft.node_count, "step")} · edited <Time at={draft.updated_at} />
          </span>
          <span className={styles.about}>
            {draft.last_run ? (
              <>
                <StatusMark status={draft.last_run.status} label={`Run ${draft.last_run.number}`} />
                {draft.last_run.finished_at && <Time at={draft.last_run.finished_at} />}
              </>
            ) : (
              "Never run"
            )}
          </span>
        </div>
        <div className={styles.more}>{menu}</div>
      </div>
    </li>
  );
}

function Samples({
  samples,
  busy,
  onPick,
}: {
  samples: Sample[];
  busy: boolean;
  onPick: (sample: Sample) => void;
}) {
  if (!samples.length) return null;
  return (
    <section aria-labelledby="samples-head">
      <h2 id="samples-head" className={styles.heading}>
        Start from a sample
      </h2>
      <ul className={styles.grid}>
        {samples.map((sample) => (
          <li key={sample.name}>
            <button
              type="button"
              className={styles.sampleCard}
              disabled={busy}
              onClick={() => onPick(sample)}
            >
              <FlaskConical size={18} strokeWidth={1.75} aria-hidden="true" />
              <b>{sample.title}</b>
              <span>{sample.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RenameDialog({ ws, draft, onClose }: { ws: string; draft: DraftSummary; onClose: () => void }) {
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
