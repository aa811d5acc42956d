import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { runQuery, stepsQuery } from "@/api/runs";
import type { Output, Plan, Run, Step } from "@/api/types";
import { isFinal } from "@/design/status";
import { type StepState as LiveStep, seedSteps, useStepStore } from "@/live/steps";
import type { Catalog } from "../model/catalog";
import { canonical } from "../model/document";
import { type StepState, staleSteps } from "./steps";
import { type DesignerStore, useDesigner, useDesignerStore } from "./store";

/** The run on the canvas, and its steps painted onto the steps of the pipeline. */
export function useRun(
  ws: string,
  id: string | null,
): { run: Run | undefined; steps: Step[]; error: unknown } {
  const store = useDesignerStore();
  const run = useQuery({ ...runQuery(ws, id ?? ""), enabled: id !== null });
  const steps = useQuery({ ...stepsQuery(ws, id ?? ""), enabled: id !== null });
  const list = id ? steps.data : undefined;
  useEffect(() => {
    if (!id || !list) {
      paint(store, [], {});
      return;
    }
    seedSteps(id, list);
    const repaint = () => paint(store, list, useStepStore.getState().runs[id] ?? {});
    repaint();
    // Events come faster than the list is fetched again: they are painted on top of it.
    return useStepStore.subscribe((now, before) => {
      if (now.runs[id] !== before.runs[id]) repaint();
    });
  }, [store, id, list]);
  const fresh = useStepStore((state) => (id && list ? freshOutputs(list, state.runs[id]) : ""));
  const complete = useMemo(
    () => (list && fresh ? withOutputs(list, fresh, store.getState().catalog) : (list ?? [])),
    [list, fresh, store],
  );
  return { run: id ? run.data : undefined, steps: complete, error: run.error ?? steps.error };
}

/** What steps made since the list was fetched, as one text: only an end of a step changes it, not its progress. */
export function freshOutputs(list: readonly Step[], live: Record<string, LiveStep> | undefined): string {
  const made = list.flatMap((step) => {
    const known = live?.[step.node];
    return known?.id === step.id && known.outputs.length > 0 && step.outputs.length === 0
      ? [[step.node, known.outputs]]
      : [];
  });
  return made.length ? JSON.stringify(made) : "";
}

/** The list with those outputs in it, so that a result can be opened in the moment its step ends. */
export function withOutputs(list: readonly Step[], fresh: string, catalog: Catalog): Step[] {
  const made = new Map(JSON.parse(fresh) as [string, LiveStep["outputs"]][]);
  return list.map((step) => {
    const outputs = made.get(step.node);
    if (!outputs) return step;
    const ports = catalog.byId.get(step.component)?.outputs ?? [];
    return {
      ...step,
      outputs: outputs.map(
        ({ port, type, rows, columns }): Output => ({
          port,
          title: ports.find(({ name }) => name === port)?.title ?? port,
          type,
          rows,
          columns,
          // The next fetch brings these.
          digest: "",
          size_bytes: 0,
          media_type: "",
          has_document: type !== "table" && type !== "file",
        }),
      ),
    };
  });
}

/** States that did not change keep their object, so that their steps do not render again. */
function paint(store: DesignerStore, list: readonly Step[], live: Record<string, LiveStep>): void {
  const before = store.getState().steps;
  const next: Record<string, StepState> = {};
  let changed = Object.keys(before).length !== list.length;
  for (const step of list) {
    const state = overlay(stateOf(step), live[step.node]);
    const known = before[step.node];
    if (known && canonical(known) === canonical(state)) next[step.node] = known;
    else {
      next[step.node] = state;
      changed = true;
    }
  }
  if (changed) store.getState().patch({ steps: next });
}

/** What an event said of a step, over what the last fetch knew of it. */
function overlay(state: StepState, live: LiveStep | undefined): StepState {
  if (!live || live.id !== state.run) return state;
  const span =
    live.startedAt && live.finishedAt
      ? (Date.parse(live.finishedAt) - Date.parse(live.startedAt)) / 1000
      : null;
  return {
    ...state,
    status: live.status,
    progress: live.progress,
    phase: live.phase,
    waitReason: live.waitReason,
    startedAt: live.startedAt,
    finishedAt: live.finishedAt,
    durationS: state.durationS ?? span,
    reused: live.reusedFrom ?? state.reused,
    outputs: live.outputs.length ? live.outputs : state.outputs,
    failureTitle: live.failureTitle ?? state.failureTitle,
  };
}

export function stateOf(step: Step): StepState {
  return {
    run: step.id,
    status: step.status,
    progress: step.progress,
    phase: step.phase,
    waitReason: step.wait_reason,
    reused: step.reused_from,
    reason: step.reason,
    startedAt: step.started_at,
    finishedAt: step.finished_at,
    durationS: step.duration_s,
    outputs: step.outputs.map(({ port, type, rows, columns }) => ({ port, type, rows, columns })),
    failure: step.failure,
    failureTitle: step.failure?.title ?? null,
  };
}

/** What the plan says of the shown results: which are older than their step, and which will be found again. */
export function usePlanMarks(plan: Plan | undefined, run: Run | undefined): void {
  const store = useDesignerStore();
  const document = useDesigner((state) => state.document);
  const revision = useDesigner((state) => state.revision);
  const running = run ? !isFinal(run.status) : false;
  // What ran is what is drawn: a plan that would run it again (new code, new data) does not make it older.
  const asDrawn = run?.draft?.revision === revision;
  useEffect(() => {
    const { nodes, patch } = store.getState();
    // While a run goes on, what it says of a step is newer than the plan.
    if (running) patch({ plan: null, stale: new Set(), reusable: new Set() });
    // Between two answers the last one stays: marks that come and go with every keystroke say nothing.
    if (running || !plan) return;
    patch({
      plan,
      stale: new Set(asDrawn ? [] : [...staleSteps(document, plan.steps)].filter((id) => nodes.has(id))),
      reusable: new Set(plan.steps.filter(({ decision }) => decision === "reuse").map(({ node }) => node)),
    });
  }, [store, plan, document, running, asDrawn]);
}
