import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { History } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { datasetsQuery } from "@/api/datasets";
import { draftQuery, planQuery, renameDraft } from "@/api/drafts";
import { keys } from "@/api/keys";
import { cancelRun, runsQuery } from "@/api/runs";
import { componentsQuery } from "@/api/session";
import type { Component, Draft } from "@/api/types";
import { announce } from "@/design/announce";
import { Button, IconButton } from "@/design/Button";
import { Dialog } from "@/design/Dialog";
import { EmptyState } from "@/design/EmptyState";
import { later } from "@/design/later";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { isFinal } from "@/design/status";
import { useStored } from "@/design/useStored";
import { type PageDoings, PageDoingsProvider } from "../actions/context";
import { RunPill } from "../canvas/RunPill";
import { Dock } from "../dock/Dock";
import { Inspector } from "../inspector/Inspector";
import { warmLayout } from "../layout/tidy";
import { makeCatalog } from "../model/catalog";
import { SavedState } from "../parts/SavedState";
import { SubmitButton, type SubmitOptions } from "../parts/SubmitButton";
import { TitleField } from "../parts/TitleField";
import { useCan } from "../parts/useCan";
import { useWide } from "../parts/useWide";
import { Autosave } from "../state/autosave";
import { createDesignerStore, DesignerProvider, useDesigner, useDesignerStore } from "../state/store";
import { usePlanMarks, useRun } from "../state/useRun";
import styles from "./DraftPage.module.css";
import { LeftPanel } from "./LeftPanel";
import { useDraftParam, useWorkspaceParam } from "./params";
import { useAnnounceRun, useRevealFailure } from "./useRunNews";
import { useSubmit } from "./useSubmit";
import { type DockTab, isDockTab, useStepInAddress, useView } from "./useView";
import { useSheet, Workbench } from "./Workbench";

const ConflictDialog = later(async () => (await import("../parts/ConflictDialog")).ConflictDialog, 0);
const VersionsSheet = later(async () => (await import("../parts/VersionsSheet")).VersionsSheet, 0);
const DraftPlan = later(async () => (await import("./DraftPlan")).DraftPlan, 0);

/** One draft in the designer. */
export function DraftPage() {
  const ws = useWorkspaceParam();
  const id = useDraftParam();
  const draft = useQuery(draftQuery(ws, id));
  const components = useQuery(componentsQuery());
  const can = useCan(ws);
  const error = draft.error ?? components.error;
  const crumbs = [{ label: "Designer", to: `/w/${ws}/designer` }];
  // A role that changes opens the draft anew: what can be edited is decided once, when it opens.
  if (draft.data && components.data && can.known)
    return (
      <OpenDraft
        key={`${ws}/${id}/${can.edit}`}
        ws={ws}
        draft={draft.data}
        components={components.data}
        editable={can.edit}
      />
    );
  return (
    <>
      <PageHeader crumbs={crumbs} title={draft.data?.name ?? "Draft"} />
      <div className={styles.waiting}>
        {error ? (
          <ProblemCard
            problem={error}
            onRetry={() => {
              void draft.refetch();
              void components.refetch();
            }}
          />
        ) : (
          <SkeletonRows count={6} />
        )}
      </div>
    </>
  );
}

function OpenDraft({
  ws,
  draft,
  components,
  editable,
}: {
  ws: string;
  draft: Draft;
  components: Component[];
  editable: boolean;
}) {
  const catalog = useMemo(() => makeCatalog(components), [components]);
  // The store is made once for a draft: what the server sends later is merged into it, not put over it.
  const first = useRef(draft);
  const store = useMemo(() => {
    const made = createDesignerStore(ws, catalog, !editable);
    const { graph, view, revision, issues, schemas } = first.current;
    made.getState().open(graph, view, { revision, issues, schemas });
    return made;
  }, [ws, catalog, editable]);
  return (
    <DesignerProvider value={store}>
      <ReactFlowProvider>
        <Draw ws={ws} draft={draft} editable={editable} />
      </ReactFlowProvider>
    </DesignerProvider>
  );
}

function Draw({ ws, draft, editable }: { ws: string; draft: Draft; editable: boolean }) {
  const store = useDesignerStore();
  const client = useQueryClient();
  const can = useCan(ws);
  const wide = useWide();
  const autosave = useRef<Autosave | null>(null);
  const { search, set } = useView();
  const [sheet, setSheet] = useSheet();
  const [outline, setOutline] = useState(false);
  const [dockStored, setDockStored] = useStored("designer-dock-open", true);
  const [dockSheet, setDockSheet] = useState(false);
  const dockOpen = wide ? dockStored : dockSheet;
  const setDock = wide ? setDockStored : setDockSheet;
  const [refused, setRefused] = useState<unknown>(null);
  const revision = useDesigner((state) => state.revision);
  const saving = useDesigner((state) => state.saving);
  const issues = useDesigner((state) => state.issues);
  const empty = useDesigner((state) => state.document.graph.nodes.length === 0);

  useEffect(() => {
    if (!editable) return;
    const made = new Autosave(store, client, ws, draft.id);
    autosave.current = made;
    const stopWarming = warmLayout();
    return () => {
      stopWarming();
      made.stop();
    };
  }, [store, client, ws, draft.id, editable]);

  // Somebody else saved, and nothing here is unsaved: their drawing is the drawing.
  useEffect(() => {
    const state = store.getState();
    if (draft.revision > state.revision && state.document === state.base)
      state.open(draft.graph, draft.view, {
        revision: draft.revision,
        issues: draft.issues,
        schemas: draft.schemas,
      });
  }, [store, draft]);

  const datasets = useInfiniteQuery(datasetsQuery(ws, {}));
  const datasetList = useMemo(
    () => (datasets.data?.pages ?? []).flatMap((page) => page.results),
    [datasets.data],
  );

  // The newest run of this draft is the one on the canvas.
  const runs = useInfiniteQuery(runsQuery(ws, { draft: draft.id, sort: "-created_at" }, 30));
  const [submitted, setSubmitted] = useState<string | null>(null);
  const newest = runs.data?.pages[0]?.results[0];
  const runId = submitted ?? newest?.id ?? draft.last_run?.id ?? null;
  const { run, steps } = useRun(ws, runId);
  const running = run !== undefined && !isFinal(run.status);
  const asked = planQuery(ws, draft.id, revision);
  const plan = useQuery({
    ...asked,
    // What can be reused changes with every run that ends, not only with the drawing.
    queryKey: [...asked.queryKey, runId, running] as unknown as typeof asked.queryKey,
    // A pipeline with errors has no plan: asking would only be refused.
    enabled:
      !empty && !running && saving.kind === "saved" && !issues.some((issue) => issue.severity === "error"),
  });
  usePlanMarks(empty ? undefined : plan.data, run);
  useStepInAddress(true);
  useAnnounceRun(run?.id, run?.status, run?.number);
  // A failure opens its problem: nobody has to look for it.
  useRevealFailure(run?.id, () => {
    set({ tab: "problems" }, true);
    setDock(true);
  });

  // Which steps to show the plan of: null means all, undefined that no plan is shown.
  const [versions, setVersions] = useState(false);
  const [planned, setPlanned] = useState<readonly string[] | null | undefined>(undefined);
  const submit = useSubmit(ws, draft.id, {
    autosave,
    onSubmitted: (made) => {
      setSubmitted(made);
      setPlanned(undefined);
    },
    onIssues: () => {
      set({ tab: "problems" });
      setDock(true);
    },
    // A plan that is shown has a place of its own for what was refused.
    onRefused: (error) => planned === undefined && setRefused(error),
  });
  const cancel = useMutation({
    mutationFn: (target: string) => cancelRun(ws, target),
    onError: (error) => setRefused(error),
  });
  const rename = useMutation({
    mutationFn: (name: string) => renameDraft(ws, draft.id, { name }),
    onSuccess: (answer) => {
      client.setQueryData(keys.draft(ws, draft.id), (old: Draft | undefined) =>
        old ? { ...old, name: answer.name } : answer,
      );
      void client.invalidateQueries({ queryKey: keys.draftList(ws) });
    },
    onError: (error) => setRefused(error),
  });

  const errors = issues.filter((issue) => issue.severity === "error");
  const reason = !can.submit
    ? "Readers cannot submit runs."
    : empty
      ? "Add a step first."
      : errors.length
        ? `${errors.length === 1 ? errors[0]?.message : `${errors.length} problems stand in the way.`}`
        : saving.kind === "conflict"
          ? "There are two versions of this draft."
          : null;
  const blocked = !can.submit || empty || saving.kind === "conflict";
  const openTab = useCallback(
    (tab: DockTab) => {
      set({ tab });
      setDock(true);
    },
    [set, setDock],
  );
  const trySubmit = (options: SubmitOptions) => {
    if (errors.length) {
      openTab("problems");
      const at = errors.find((issue) => issue.node);
      if (at?.node) store.getState().show(at.node, at.parameter);
      announce(`Not submitted. ${reason}`);
      return;
    }
    submit.mutate(options);
  };

  const flush = async () => !autosave.current || (await autosave.current.flush());
  const canSubmit = !blocked && !submit.isPending;
  const doings: PageDoings = {
    submit: () => trySubmit({}),
    canSubmit,
    plan: can.submit && !empty && !running ? setPlanned : null,
    stop: running && run?.can_cancel ? () => cancel.mutate(run.id) : null,
    focusSearch: () => {
      setOutline(false);
      if (!wide) setSheet("left");
      requestAnimationFrame(() => {
        const field = document.querySelector<HTMLInputElement>("[data-palette-search]");
        field?.focus();
        field?.select();
      });
    },
    showOutline: (shown) => {
      setOutline(shown);
      if (!wide) setSheet("left");
    },
    outline,
    openDock: openTab,
    toggleDock: () => setDock(!dockOpen),
    cloneToDraft: null,
    resume: null,
    versions: () => setVersions(true),
  };
  const tab: DockTab = search.tab !== undefined && isDockTab(search.tab) ? search.tab : "output";

  return (
    <PageDoingsProvider value={doings}>
      <PageHeader
        crumbs={[{ label: "Designer", to: `/w/${ws}/designer` }]}
        title={draft.name}
        titleSlot={
          <TitleField
            value={draft.name}
            label="Draft name"
            readOnly={!editable}
            onChange={(name) => rename.mutate(name)}
          />
        }
        state={<SavedState />}
        actions={
          <>
            <IconButton label="Versions of this draft" onClick={() => setVersions(true)}>
              <History size={16} strokeWidth={1.75} aria-hidden="true" />
            </IconButton>
            <SubmitButton
              disabled={!canSubmit}
              reason={reason}
              busy={submit.isPending}
              onSubmit={trySubmit}
              onPlan={doings.plan && (() => setPlanned(null))}
            />
          </>
        }
      />
      <Workbench
        viewportKey={`studio-viewport-${draft.id}`}
        label={`Pipeline ${draft.name}`}
        wide={wide}
        sheet={sheet}
        onSheet={setSheet}
        left={(close) => (
          <LeftPanel datasets={datasetList} outline={outline} onOutline={setOutline} onAdded={close} />
        )}
        inspector={<Inspector draftId={draft.id} run={run} steps={steps} />}
        dock={
          <Dock
            tab={tab}
            onTab={(next) => set({ tab: next === "output" ? undefined : next })}
            run={run}
            steps={steps}
            onClose={wide ? () => setDock(false) : undefined}
          />
        }
        dockOpen={dockOpen}
        onDock={setDock}
        over={
          <>
            {run && (
              <RunPill run={run} link onStop={() => cancel.mutate(run.id)} stopping={cancel.isPending} />
            )}
            {empty && (
              <div className={styles.first}>
                <EmptyState
                  title="Draw your first step"
                  why={
                    wide
                      ? "Drag a dataset or a component from the left, or press / and type its name."
                      : "Add a dataset or a component to begin."
                  }
                  action={
                    editable && (
                      <Button variant="primary" onClick={() => doings.focusSearch()}>
                        Add a step
                      </Button>
                    )
                  }
                />
              </div>
            )}
          </>
        }
      />
      <ConflictDialog name={draft.name} />
      {versions && (
        <VersionsSheet ws={ws} draft={draft.id} flush={flush} onClose={() => setVersions(false)} />
      )}
      {planned !== undefined && (
        <DraftPlan
          ws={ws}
          draft={draft.id}
          revision={revision}
          selection={planned}
          submit={submit}
          flush={flush}
          onClose={() => setPlanned(undefined)}
        />
      )}
      <Dialog
        opened={refused !== null}
        onClose={() => setRefused(null)}
        title="This could not be done"
        footer={<Button onClick={() => setRefused(null)}>Close</Button>}
      >
        <ProblemCard problem={refused} />
      </Dialog>
    </PageDoingsProvider>
  );
}
