import {
  Cable,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Pencil,
  Plus,
  Redo2,
  Search,
  Trash2,
  Undo2,
  Unplug,
} from "lucide-react";
import { middleOfCanvas } from "../canvas/geometry";
import { deleteSelection, disconnectEdges, duplicateSteps } from "../model/edits";
import { incoming, outgoing } from "../model/selectors";
import { findEdge } from "../state/store";
import { type Action, always, type Context, one, some } from "./action";
import { copy, paste } from "./clipboard";

/** What changes the drawing, and the search that adds to it. */
export const EDIT_ACTIONS: readonly Action[] = [
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
];

function remove({ store }: Context): void {
  const { document, catalog, selected, selectedEdges, run } = store.getState();
  const edges = selectedEdges.map((key) => findEdge(document, key)).filter((edge) => edge !== undefined);
  run(deleteSelection(document, catalog, selected, edges));
  // The focus would fall to the page with the step that had it.
  window.document.querySelector<HTMLElement>("[data-canvas]")?.focus();
}
