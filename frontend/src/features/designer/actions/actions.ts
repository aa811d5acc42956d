import type { ReactFlowInstance } from "@xyflow/react";
import {
  ArrowDownFromLine,
  ArrowUpFromLine,
  Cable,
  ClipboardPaste,
  Copy,
  CopyPlus,
  FileText,
  ListTree,
  type LucideIcon,
  Maximize,
  PanelBottom,
  Pencil,
  Play,
  Plus,
  Redo2,
  Search,
  Square,
  SquareDashedMousePointer,
  Table2,
  Trash2,
  TriangleAlert,
  Undo2,
  Unplug,
  Workflow,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { announce } from "@/design/announce";
import { toast } from "@/design/toast";
import { FIT } from "../canvas/fit";
import { middleOfCanvas } from "../canvas/geometry";
import { tidyPositions } from "../layout/tidy";
import { copyText, readText } from "../model/clipboard";
import { deleteSelection, disconnectEdges, duplicateSteps, layoutSteps, pasteFragment } from "../model/edits";
import { incoming, outgoing, related, stepTitle } from "../model/selectors";
import { type DesignerState, type DesignerStore, findEdge } from "../state/store";
import type { PageDoings } from "./context";

export interface Context {
  store: DesignerStore;
  flow: ReactFlowInstance;
  page: PageDoings;
}

export type Group = "Edit" | "Select" | "View" | "Run";

export interface Action {
  id: string;
  label: string;
  group: Group;
  icon: LucideIcon;
  /** As `<Kbd>` takes it; further ones work too. Single letters act only while the canvas or outline has the focus. */
  keys: string[];
  /** Where the focus must be for the keys to act: single letters would otherwise type into nothing (WCAG 2.1.4). */
  scope: "canvas" | "page";
  editing?: boolean;
  danger?: boolean;
  /** Offered by the context menu of a step, a connection or the bare canvas. */
  menu?: ("step" | "edge" | "pane")[];
  enabled: (state: DesignerState, page: PageDoings) => boolean;
  perform: (context: Context) => void | Promise<void>;
}

const always = () => true;
const some = (state: DesignerState) => state.selected.length > 0;
const one = (state: DesignerState) => state.selected.length === 1;

/** Every command of the designer, once: toolbar, context menu, keys, command palette and shortcuts sheet read this. */
export const ACTIONS: readonly Action[] = [
  {
    id: "submit",
    label: "Submit",
    group: "Run",
    icon: Play,
    keys: ["mod+enter"],
    scope: "page",
    editing: true,
    enabled: (_state, page) => page.canSubmit,
    perform: ({ page }) => page.submit(),
  },
  {
    id: "stop",
    label: "Stop run",
    group: "Run",
    icon: Square,
    keys: [],
    scope: "page",
    enabled: (_state, page) => page.stop !== null,
    perform: ({ page }) => page.stop?.(),
  },
  {
    id: "clone",
    label: "Clone to draft",
    group: "Run",
    icon: CopyPlus,
    keys: [],
    scope: "page",
    enabled: (_state, page) => page.cloneToDraft !== null,
    perform: ({ page }) => page.cloneToDraft?.(),
  },
  {
    id: "search",
    label: "Search components",
    group: "Edit",
    icon: Search,
    keys: ["/"],
    scope: "page",
    editing: true,
    enabled: always,
    perform: ({ page }) => page.focusSearch(),
  },
  {
    id: "add",
    label: "Add step",
    group: "Edit",
    icon: Plus,
    keys: ["a"],
    scope: "canvas",
    editing: true,
    menu: ["pane"],
    enabled: always,
    perform: ({ store, flow }) => {
      const { contextMenu, patch } = store.getState();
      const position = contextMenu?.position ?? middleOfCanvas(flow.screenToFlowPosition);
      patch({
        quickAdd: {
          position,
          screen: contextMenu?.screen ?? flow.flowToScreenPosition(position),
          joint: null,
        },
      });
    },
  },
  {
    id: "connect",
    label: "Connect",
    group: "Edit",
    icon: Cable,
    keys: ["c"],
    scope: "canvas",
    editing: true,
    menu: ["step"],
    enabled: one,
    perform: ({ store }) => store.getState().patch({ connectFrom: store.getState().selected[0] ?? null }),
  },
  {
    id: "rename",
    label: "Rename",
    group: "Edit",
    icon: Pencil,
    keys: ["f2"],
    scope: "canvas",
    editing: true,
    menu: ["step"],
    enabled: one,
    perform: ({ store }) => store.getState().show(store.getState().selected[0] as string, "title"),
  },
  {
    id: "copy",
    label: "Copy",
    group: "Edit",
    icon: Copy,
    keys: ["mod+c"],
    scope: "canvas",
    menu: ["step"],
    enabled: some,
    perform: copy,
  },
  {
    id: "paste",
    label: "Paste",
    group: "Edit",
    icon: ClipboardPaste,
    // The keys are the browser's own paste event: it needs no permission.
    keys: [],
    scope: "canvas",
    editing: true,
    menu: ["pane"],
    enabled: always,
    perform: paste,
  },
  {
    id: "duplicate",
    label: "Duplicate",
    group: "Edit",
    icon: CopyPlus,
    keys: ["mod+d"],
    scope: "canvas",
    editing: true,
    menu: ["step"],
    enabled: some,
    perform: ({ store }) => {
      const { document, selected, run } = store.getState();
      run(duplicateSteps(document, selected));
    },
  },
  {
    id: "disconnect",
    label: "Disconnect",
    group: "Edit",
    icon: Unplug,
    keys: [],
    scope: "canvas",
    editing: true,
    menu: ["step"],
    enabled: (state) =>
      state.selected.some(
        (id) => incoming(state.document, id).length + outgoing(state.document, id).length > 0,
      ),
    perform: ({ store }) => {
      const { document, selected, run } = store.getState();
      const chosen = new Set(selected);
      run(
        disconnectEdges(
          document.graph.edges.filter((edge) => chosen.has(edge.source) || chosen.has(edge.target)),
        ),
      );
    },
  },
  {
    id: "delete",
    label: "Delete",
    group: "Edit",
    icon: Trash2,
    keys: ["delete", "backspace"],
    scope: "canvas",
    editing: true,
    danger: true,
    menu: ["step", "edge"],
    enabled: (state) => state.selected.length + state.selectedEdges.length > 0,
    perform: remove,
  },
  {
    id: "undo",
    label: "Undo",
    group: "Edit",
    icon: Undo2,
    keys: ["mod+z"],
    scope: "page",
    editing: true,
    enabled: (state) => state.history.past.length > 0,
    perform: ({ store }) => store.getState().undo(),
  },
  {
    id: "redo",
    label: "Redo",
    group: "Edit",
    icon: Redo2,
    keys: ["mod+shift+z", "mod+y"],
    scope: "page",
    editing: true,
    enabled: (state) => state.history.future.length > 0,
    perform: ({ store }) => store.getState().redo(),
  },
  {
    id: "select-all",
    label: "Select all",
    group: "Select",
    icon: SquareDashedMousePointer,
    keys: ["mod+a"],
    scope: "canvas",
    menu: ["pane"],
    enabled: (state) => state.document.graph.nodes.length > 0,
    perform: ({ store }) => {
      const { document, select } = store.getState();
      select(document.graph.nodes.map((node) => node.id));
      announce(`${document.graph.nodes.length} steps selected.`);
    },
  },
  {
    id: "select-upstream",
    label: "Select what it depends on",
    group: "Select",
    icon: ArrowUpFromLine,
    keys: ["shift+u"],
    scope: "canvas",
    menu: ["step"],
    enabled: some,
    perform: ({ store }) => selectRelated(store, "upstream"),
  },
  {
    id: "select-downstream",
    label: "Select what depends on it",
    group: "Select",
    icon: ArrowDownFromLine,
    keys: ["shift+d"],
    scope: "canvas",
    menu: ["step"],
    enabled: some,
    perform: ({ store }) => selectRelated(store, "downstream"),
  },
  {
    id: "tidy",
    label: "Tidy up",
    group: "View",
    icon: Workflow,
    keys: ["l"],
    scope: "canvas",
    editing: true,
    menu: ["pane"],
    enabled: (state) => state.document.graph.nodes.length > 1,
    perform: tidy,
  },
  {
    id: "fit",
    label: "Fit to screen",
    group: "View",
    icon: Maximize,
    keys: ["f"],
    scope: "canvas",
    menu: ["pane"],
    enabled: (state) => state.document.graph.nodes.length > 0,
    perform: ({ flow }) => void flow.fitView({ ...FIT, duration: 200 }),
  },
  {
    id: "zoom-in",
    label: "Zoom in",
    group: "View",
    icon: ZoomIn,
    keys: ["+", "="],
    scope: "canvas",
    enabled: always,
    perform: ({ flow }) => void flow.zoomIn({ duration: 120 }),
  },
  {
    id: "zoom-out",
    label: "Zoom out",
    group: "View",
    icon: ZoomOut,
    keys: ["-"],
    scope: "canvas",
    enabled: always,
    perform: ({ flow }) => void flow.zoomOut({ duration: 120 }),
  },
  {
    id: "outline",
    label: "Show outline",
    group: "View",
    icon: ListTree,
    keys: ["o"],
    scope: "canvas",
    enabled: always,
    perform: ({ page }) => page.showOutline(!page.outline),
  },
  {
    id: "show-output",
    label: "Show output",
    group: "View",
    icon: Table2,
    keys: ["enter"],
    scope: "canvas",
    menu: ["step"],
    enabled: one,
    perform: ({ page }) => page.openDock("output"),
  },
  {
    id: "show-log",
    label: "Show log",
    group: "View",
    icon: FileText,
    keys: ["g"],
    scope: "canvas",
    menu: ["step"],
    enabled: one,
    perform: ({ page }) => page.openDock("logs"),
  },
  {
    id: "show-problems",
    label: "Show problems",
    group: "View",
    icon: TriangleAlert,
    keys: ["p"],
    scope: "canvas",
    enabled: always,
    perform: ({ page }) => page.openDock("problems"),
  },
  {
    id: "dock",
    label: "Show or hide the dock",
    group: "View",
    icon: PanelBottom,
    keys: ["mod+j"],
    scope: "page",
    enabled: always,
    perform: ({ page }) => page.toggleDock(),
  },
];

export function action(id: string): Action {
  const found = ACTIONS.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}

async function copy({ store }: Context): Promise<void> {
  const { document, selected } = store.getState();
  const text = copyText(document, selected);
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${selected.length === 1 ? "1 step" : `${selected.length} steps`}.`);
  } catch {
    // Over plain http the clipboard is closed; steps can still be pasted in this browser.
    sessionStorage.setItem("studio-steps", text);
    announce("Copied for this window. The browser keeps the clipboard closed here.");
  }
}

async function paste(context: Context): Promise<void> {
  let text = sessionStorage.getItem("studio-steps") ?? "";
  try {
    text = (await navigator.clipboard.readText()) || text;
  } catch {
    if (!text) {
      toast("The browser keeps the clipboard closed here. Press Ctrl V instead.", "fail");
      return;
    }
  }
  pasteText(context, text);
}

/** Paste steps from text. Text that is something else is left alone; true when it was steps. */
export function pasteText({ store, flow }: Context, text: string): boolean {
  const pasted = readText(text);
  if (!pasted.ok) {
    if (pasted.reason) toast(pasted.reason, "fail");
    return false;
  }
  const { document, catalog, contextMenu, run } = store.getState();
  const at = contextMenu?.position ?? lastPointer(flow) ?? middleOfCanvas(flow.screenToFlowPosition);
  const command = pasteFragment(document, pasted.fragment, { x: Math.round(at.x), y: Math.round(at.y) });
  run(command);
  const unknown = pasted.fragment.nodes.filter((node) => !catalog.byId.has(node.component));
  if (unknown.length)
    toast(
      `${unknown.map((node) => stepTitle(node, catalog)).join(", ")}: not installed here. The settings are kept.`,
      "fail",
    );
  return true;
}

let pointer: { x: number; y: number } | null = null;

/** Where the pointer last was over the canvas: what is pasted lands there. */
export function notePointer(point: { x: number; y: number } | null): void {
  pointer = point;
}

function lastPointer(flow: ReactFlowInstance) {
  return pointer ? flow.screenToFlowPosition(pointer) : null;
}

function remove({ store }: Context): void {
  const { document, catalog, selected, selectedEdges, run } = store.getState();
  const edges = selectedEdges.map((key) => findEdge(document, key)).filter((edge) => edge !== undefined);
  run(deleteSelection(document, catalog, selected, edges));
  // The focus would fall to the page with the step that had it.
  window.document.querySelector<HTMLElement>("[data-canvas]")?.focus();
}

function selectRelated(store: DesignerStore, direction: "upstream" | "downstream"): void {
  const { document, selected, select } = store.getState();
  const found = [...related(document, selected, direction)];
  select(found);
  announce(`${found.length} steps selected.`);
}

async function tidy({ store, flow }: Context): Promise<void> {
  const { document, catalog, selected, run } = store.getState();
  let positions: Awaited<ReturnType<typeof tidyPositions>>;
  try {
    positions = await tidyPositions(document, catalog, selected);
  } catch {
    toast("The layout engine could not be loaded. Check the connection and try again.", "fail");
    return;
  }
  // What was added or deleted while the engine worked is not in its answer.
  const { nodes } = store.getState();
  const canvas = window.document.querySelector<HTMLElement>("[data-canvas]");
  canvas?.setAttribute("data-tidying", "");
  run(layoutSteps(Object.fromEntries(Object.entries(positions).filter(([id]) => nodes.has(id)))));
  setTimeout(() => {
    canvas?.removeAttribute("data-tidying");
    if (selected.length < 2) void flow.fitView({ ...FIT, duration: 200 });
  }, 220);
}
