import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { CopyPlus, Square, StepForward } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { keys } from "@/api/keys";
import {
  cancelRun,
  cloneRun,
  fetchResumptionPlan,
  resumeRun,
  runGraphQuery,
  runQuery,
  updateRun,
} from "@/api/runs";
import { componentsQuery } from "@/api/session";
import type { Component, Run, RunGraph } from "@/api/types";
import { announce } from "@/design/announce";
import { BasketToggle } from "@/design/BasketToggle";
import { Button } from "@/design/Button";
import { basketRun } from "@/design/basket";
import { later } from "@/design/later";
import { PageHeader } from "@/design/PageHeader";
import { ProblemCard } from "@/design/ProblemCard";
import { SkeletonRows } from "@/design/Skeleton";
import { StatusMark } from "@/design/StatusMark";
import { isFinal } from "@/design/status";
import { Tabs } from "@/design/Tabs";
import { useStored } from "@/design/useStored";
import { type PageDoings, PageDoingsProvider } from "../actions/context";
import { RunPill } from "../canvas/RunPill";
import { Dock } from "../dock/Dock";
import { Inspector } from "../inspector/Inspector";
import { makeCatalog } from "../model/catalog";
import { Outline } from "../outline/Outline";
import { TitleField } from "../parts/TitleField";
import { useCan } from "../parts/useCan";
import { useWide } from "../parts/useWide";
import { createDesignerStore, DesignerProvider, useDesignerStore } from "../state/store";
import { useRun } from "../state/useRun";
import left from "./LeftPanel.module.css";
import { useRunParam, useWorkspaceParam } from "./params";
import { RunFacts } from "./RunFacts";
import styles from "./RunPage.module.css";
import { type DockTab, isDockTab, RUN_VIEWS, type RunView, useStepInAddress, useView } from "./useView";
import { useSheet, Workbench } from "./Workbench";

const PlanDialog = later(async () => (await import("../parts/PlanDialog")).PlanDialog, 0);
const RunMetrics = later(async () => (await import("./RunMetrics")).RunMetrics, 6);
const StepsTable = later(async () => (await import("./StepsTable")).StepsTable, 6);

/** One run: the pipeline as it was submitted, what became of each step, its numbers and its log. */
export function RunPage() {
  const ws = useWorkspaceParam();
  const id = useRunParam();
  const run = useQuery(runQuery(ws, id));
  const graph = useQuery(runGraphQuery(ws, id));
  const components = useQuery(componentsQuery());
  if (run.data && graph.data && components.data)
    return (
      <OpenRun key={`${ws}/${id}`} ws={ws} first={run.data} graph={graph.data} components={components.data} />
    );
  const error = run.error ?? graph.error ?? components.error;
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Runs", to: `/w/${ws}/runs` }]}
        title={run.data ? nameOf(run.data) : "Run"}
      />
      <div className={styles.waiting}>
        {error ? (
          <ProblemCard
            problem={error}
            onRetry={() => {
              for (const query of [run, graph, components]) if (query.isError) void query.refetch();
            }}
          />
        ) : (
          <SkeletonRows count={6} />
        )}
      </div>
    </>
  );
}

function OpenRun({
  ws,
  first,
  graph,
  components,
}: {
  ws: string;
  first: Run;
  graph: RunGraph;
  components: Component[];
}) {
  const store = useMemo(() => {
    const made = createDesignerStore(ws, makeCatalog(components), true);
    made.getState().open(graph.graph, graph.view, { revision: 0, issues: [], schemas: graph.schemas });
    return made;
  }, [ws, graph, components]);
  return (
    <DesignerProvider value={store}>
      <ReactFlowProvider>
        <Look ws={ws} first={first} />
      </ReactFlowProvider>
    </DesignerProvider>
  );
}

function Look({ ws, first }: { ws: string; first: Run }) {
  const store = useDesignerStore();
  const client = useQueryClient();
  const navigate = useNavigate();
  const can = useCan(ws);
  const wide = useWide();
  const { search, set } = useView();
  const [sheet, setSheet] = useSheet();
  const [dockStored, setDockStored] = useStored("run-dock-open", true);
  const [dockSheet, setDockSheet] = useState(false);
  const dockOpen = wide ? dockStored : dockSheet;
  const setDock = wide ? setDockStored : setDockSheet;
  const { run = first, steps } = useRun(ws, first.id);
  const running = !isFinal(run.status);
  const view: RunView = RUN_VIEWS.find((known) => known === search.tab) ?? "graph";
  const [dockTab, setDockTab] = useState<DockTab>("output");
  const tab: DockTab = search.tab !== undefined && isDockTab(search.tab) ? search.tab : dockTab;
  useStepInAddress(true);

  // A failed run says first what failed.
  const failed = steps.find((step) => step.status === "failed")?.node;
  const deepLinked = useRef(search.step !== undefined);
  useEffect(() => {
    // A link to a step shows that step; later choices are the person's own.
    if (!failed || deepLinked.current) return;
    store.getState().show(failed);
    setDockTab("problems");
  }, [failed, store]);

  const openTab = useCallback(
    (next: DockTab) => {
      setDockTab(next);
      set({ tab: next });
      setDock(true);
    },
    [set, setDock],
  );
  const cancel = useMutation({
    mutationFn: () => cancelRun(ws, run.id),
    onSuccess: () => {
      announce(`Run ${run.number} is being stopped.`);
      void client.invalidateQueries({ queryKey: keys.run(ws, run.id) });
    },
  });
  const clone = useMutation({
    mutationFn: () => cloneRun(ws, run.id),
    onSuccess: (draft) => {
      void client.invalidateQueries({ queryKey: keys.draftList(ws) });
      void navigate({ to: "/w/$ws/designer/$draft", params: { ws, draft: draft.id } });
    },
  });
  const rename = useMutation({
    mutationFn: (display_name: string) => updateRun(ws, run.id, { display_name }),
    onSuccess: (answer) => {
      client.setQueryData(keys.run(ws, run.id), answer);
      void client.invalidateQueries({ queryKey: keys.runLists(ws) });
    },
  });
  const [resuming, setResuming] = useState(false);
  const resume = useMutation({
    mutationFn: () => resumeRun(ws, run.id),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: keys.runLists(ws) });
      announce(`Run ${made.number} goes on where run ${run.number} stopped.`);
      void navigate({ to: "/w/$ws/runs/$run", params: { ws, run: made.id } });
    },
  });
  const resumable = can.submit && (run.status === "failed" || run.status === "canceled");
  const problem = cancel.error ?? clone.error ?? rename.error;

  const doings: PageDoings = {
    submit: () => undefined,
    canSubmit: false,
    plan: null,
    stop: running && run.can_cancel ? () => cancel.mutate() : null,
    focusSearch: () => undefined,
    showOutline: () =>
      wide
        ? document.querySelector<HTMLElement>("[data-region=outline] [role=treeitem]")?.focus()
        : setSheet("left"),
    outline: true,
    openDock: openTab,
    toggleDock: () => setDock(!dockOpen),
    cloneToDraft: can.edit ? () => clone.mutate() : null,
    versions: null,
    resume: resumable ? () => setResuming(true) : null,
  };

  return (
    <PageDoingsProvider value={doings}>
      <PageHeader
        crumbs={[{ label: "Runs", to: `/w/${ws}/runs` }]}
        title={nameOf(run)}
        titleSlot={
          <TitleField
            value={nameOf(run)}
            label="Run name"
            readOnly={!can.edit}
            onChange={(name) => rename.mutate(name)}
          />
        }
        state={
          <StatusMark
            status={run.status}
            progress={run.progress}
            label={running && run.phase ? run.phase : undefined}
          />
        }
        actions={
          <>
            {running && run.can_cancel && can.edit && (
              <Button
                icon={<Square size={11} fill="currentColor" aria-hidden="true" />}
                busy={cancel.isPending || run.status === "canceling"}
                onClick={() => cancel.mutate()}
              >
                Stop
              </Button>
            )}
            <BasketToggle ws={ws} run={basketRun(run)} words />
            {resumable && (
              <Button
                variant="primary"
                icon={<StepForward size={14} aria-hidden="true" />}
                onClick={() => setResuming(true)}
              >
                Resume
              </Button>
            )}
            {can.edit && (
              <Button
                variant={resumable ? "secondary" : "primary"}
                icon={<CopyPlus size={14} aria-hidden="true" />}
                busy={clone.isPending}
                onClick={() => clone.mutate()}
              >
                Clone to draft
              </Button>
            )}
          </>
        }
      />
      {resuming && (
        <PlanDialog
          title={`Resume run ${run.number}`}
          verb="Resume"
          queryKey={keys.run(ws, run.id)}
          load={(signal) => fetchResumptionPlan(ws, run.id, signal)}
          busy={resume.isPending}
          problem={resume.error}
          onRun={() => resume.mutate()}
          onClose={() => {
            resume.reset();
            setResuming(false);
          }}
        />
      )}
      <div className={styles.page}>
        <header className={styles.head}>
          <Tabs<RunView>
            id="run"
            label="Views of the run"
            value={view}
            onChange={(next) => set({ tab: next === "graph" ? undefined : next })}
            items={[
              { value: "graph", label: "Graph" },
              { value: "steps", label: "Steps" },
              { value: "metrics", label: "Metrics" },
            ]}
          />
          <RunFacts ws={ws} run={run} />
        </header>
        {problem && (
          <div className={styles.problem}>
            <ProblemCard problem={problem} />
          </div>
        )}
        {view === "graph" && run.failure && !failed && (
          <div className={styles.problem}>
            <ProblemCard problem={run.failure} />
          </div>
        )}
        <div
          className={styles.content}
          role="tabpanel"
          id={`run-panel-${view}`}
          aria-labelledby={`run-tab-${view}`}
        >
          {view === "steps" ? (
            <StepsTable steps={steps} onOpen={(node) => set({ step: node, tab: undefined })} />
          ) : view === "metrics" ? (
            <RunMetrics ws={ws} run={run} steps={steps} />
          ) : (
            <Workbench
              viewportKey={`studio-viewport-${run.id}`}
              label={`Pipeline of run ${run.number}`}
              wide={wide}
              sheet={sheet}
              onSheet={setSheet}
              left={() => (
                <section className={left.left} data-region="outline" aria-label="Steps">
                  <Outline />
                </section>
              )}
              inspector={<Inspector draftId={run.draft?.id ?? null} run={run} steps={steps} />}
              dock={
                <Dock
                  tab={tab}
                  onTab={openTab}
                  run={run}
                  steps={steps}
                  onClose={wide ? () => setDock(false) : undefined}
                />
              }
              dockOpen={dockOpen}
              onDock={setDock}
              over={
                running ? (
                  <RunPill
                    run={run}
                    link={false}
                    onStop={() => cancel.mutate()}
                    stopping={cancel.isPending}
                  />
                ) : null
              }
            />
          )}
        </div>
      </div>
    </PageDoingsProvider>
  );
}

function nameOf(run: Run): string {
  return run.display_name || `Run ${run.number}`;
}
