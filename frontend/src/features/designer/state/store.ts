import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import type { Draft, Plan, PortSchemas } from "@/api/types";
import { announce } from "@/design/announce";
import type { Catalog } from "../model/catalog";
import type { Command } from "../model/commands";
import { edgeKey, emptyDocument, openDocument } from "../model/document";
import { emptyHistory, type History, perform, redo, undo } from "../model/history";
import type { GraphEdge, GraphNode, GraphView, Issue, PipelineDocument, Position } from "../model/types";
import { combineIssues, validateLocally } from "../model/validation";
import type { StepState } from "./steps";

export type Saving =
  | { kind: "saved" }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "failed"; message: string }
  | { kind: "conflict"; theirs: Draft; conflicts: string[] };

/** The list of components that opens where a connection was dropped, or where the canvas was double-clicked. */
export interface QuickAdd {
  position: Position;
  screen: Position;
  joint: { node: string; port: string; side: "source" | "target" } | null;
}

export interface ContextMenu {
  screen: Position;
  position: Position;
}

export interface DesignerState {
  ws: string;
  readOnly: boolean;
  catalog: Catalog;
  document: PipelineDocument;
  /** Steps by id, so that each step on the canvas finds itself without a search. */
  nodes: ReadonlyMap<string, GraphNode>;
  history: History;
  /** What the server has, and its revision. */
  base: PipelineDocument;
  revision: number;
  saving: Saving;
  serverIssues: Issue[];
  issues: Issue[];
  /** The first error of each step, for its mark on the canvas. */
  problems: ReadonlyMap<string, Issue>;
  schemas: PortSchemas;
  plan: Plan | null;
  selected: string[];
  selectedEdges: string[];
  steps: Readonly<Record<string, StepState>>;
  /** Steps whose shown result is older than they are, and steps whose result will be found again on submit. */
  stale: ReadonlySet<string>;
  reusable: ReadonlySet<string>;
  quickAdd: QuickAdd | null;
  contextMenu: ContextMenu | null;
  /** The output that the dock shows; the first one of the chosen step when this names another step. */
  port: { node: string; port: string } | null;
  /** The step whose Connect list is open. */
  connectFrom: string | null;
  /** The step and field that a problem, or a new step, wants on screen. */
  reveal: { node: string; field: string | null; focus: boolean; count: number } | null;

  open: (graph: Draft["graph"], view: GraphView, meta: OpenMeta) => void;
  run: (command: Command | null) => boolean;
  undo: () => void;
  redo: () => void;
  saved: (sent: PipelineDocument, answer: Draft) => void;
  adopt: (merged: PipelineDocument, theirs: Draft) => void;
  select: (ids: readonly string[], edges?: readonly string[]) => void;
  show: (node: string, field?: string | null, focus?: boolean) => void;
  patch: (part: Partial<DesignerState>) => void;
}

interface OpenMeta {
  revision: number;
  issues: Issue[];
  schemas: PortSchemas;
}

const none: ReadonlySet<string> = new Set();

export type DesignerStore = StoreApi<DesignerState>;

export function createDesignerStore(ws: string, catalog: Catalog, readOnly: boolean): DesignerStore {
  return createStore<DesignerState>((set, get) => {
    const derive = (document: PipelineDocument, serverIssues: readonly Issue[]) => {
      const issues = readOnly
        ? []
        : combineIssues(document, validateLocally(document, catalog), serverIssues);
      const problems = new Map<string, Issue>();
      for (const issue of issues)
        if (issue.node && issue.severity === "error" && !problems.has(issue.node))
          problems.set(issue.node, issue);
      return {
        document,
        nodes: new Map(document.graph.nodes.map((node) => [node.id, node])),
        issues,
        problems,
      };
    };
    const keepSelection = (document: PipelineDocument) => {
      const ids = new Set(document.graph.nodes.map((node) => node.id));
      const edges = new Set(document.graph.edges.map(edgeKey));
      const { selected, selectedEdges } = get();
      return {
        selected: selected.every((id) => ids.has(id)) ? selected : selected.filter((id) => ids.has(id)),
        selectedEdges: selectedEdges.every((key) => edges.has(key))
          ? selectedEdges
          : selectedEdges.filter((key) => edges.has(key)),
      };
    };
    const empty = emptyDocument();
    return {
      ws,
      readOnly,
      catalog,
      document: empty,
      nodes: new Map(),
      history: emptyHistory,
      base: empty,
      revision: 0,
      saving: { kind: "saved" },
      serverIssues: [],
      issues: [],
      problems: new Map(),
      schemas: {},
      plan: null,
      selected: [],
      selectedEdges: [],
      steps: {},
      stale: none,
      reusable: none,
      quickAdd: null,
      contextMenu: null,
      port: null,
      connectFrom: null,
      reveal: null,

      open: (graph, view, meta) => {
        const document = openDocument(graph, view);
        set({
          ...derive(document, meta.issues),
          base: document,
          history: emptyHistory,
          revision: meta.revision,
          serverIssues: meta.issues,
          schemas: meta.schemas,
          saving: { kind: "saved" },
        });
        set(keepSelection(document));
      },

      run: (command) => {
        if (!command || command.edits.length === 0 || get().readOnly) return false;
        const { document, history } = get();
        const next = perform(document, history, command, Date.now());
        set({
          ...derive(next.document, get().serverIssues),
          history: next.history,
          saving: get().saving.kind === "conflict" ? get().saving : { kind: "waiting" },
        });
        announce(next.label);
        set(command.select ? { selected: command.select, selectedEdges: [] } : keepSelection(next.document));
        return true;
      },

      undo: () => {
        const { document, history } = get();
        const back = undo(document, history);
        if (!back) return;
        set({
          ...derive(back.document, get().serverIssues),
          history: back.history,
          saving: { kind: "waiting" },
        });
        announce(`Undone: ${back.label}`);
        set(keepSelection(back.document));
      },

      redo: () => {
        const { document, history } = get();
        const on = redo(document, history);
        if (!on) return;
        set({
          ...derive(on.document, get().serverIssues),
          history: on.history,
          saving: { kind: "waiting" },
        });
        announce(`Redone: ${on.label}`);
        set(keepSelection(on.document));
      },

      saved: (sent, answer) => {
        const { document } = get();
        set({
          ...derive(document, answer.issues),
          base: sent,
          revision: answer.revision,
          serverIssues: answer.issues,
          schemas: answer.schemas,
          saving: document === sent ? { kind: "saved" } : { kind: "waiting" },
        });
      },

      adopt: (merged, theirs) => {
        // The log is about a document that is gone: undoing across a merge would take back someone else's work.
        set({
          ...derive(merged, theirs.issues),
          base: openDocument(theirs.graph, theirs.view),
          history: emptyHistory,
          revision: theirs.revision,
          serverIssues: theirs.issues,
          schemas: theirs.schemas,
          saving: { kind: "waiting" },
        });
        set(keepSelection(merged));
      },

      select: (ids, edges = []) => {
        const { selected, selectedEdges } = get();
        if (same(selected, ids) && same(selectedEdges, edges)) return;
        set({ selected: [...ids], selectedEdges: [...edges] });
      },

      show: (node, field = null, focus = false) => {
        if (!get().nodes.has(node)) return;
        set({
          selected: [node],
          selectedEdges: [],
          reveal: { node, field, focus, count: (get().reveal?.count ?? 0) + 1 },
        });
      },

      patch: (part) => set(part),
    };
  });
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

const StoreContext = createContext<DesignerStore | null>(null);
export const DesignerProvider = StoreContext.Provider;

export function useDesignerStore(): DesignerStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error("The designer's parts need its store around them.");
  return store;
}

export function useDesigner<T>(selector: (state: DesignerState) => T): T {
  return useStore(useDesignerStore(), selector);
}

export function findEdge(document: PipelineDocument, key: string): GraphEdge | undefined {
  return document.graph.edges.find((edge) => edgeKey(edge) === key);
}
