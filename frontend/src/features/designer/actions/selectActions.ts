import { ArrowDownFromLine, ArrowUpFromLine, SquareDashedMousePointer } from "lucide-react";
import { announce } from "@/design/announce";
import { related } from "../model/selectors";
import type { DesignerStore } from "../state/store";
import { type Action, some } from "./action";

/** What chooses steps. */
export const SELECT_ACTIONS: readonly Action[] = [
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
];

function selectRelated(store: DesignerStore, direction: "upstream" | "downstream"): void {
  const { document, selected, select } = store.getState();
  const found = [...related(document, selected, direction)];
  select(found);
  announce(`${found.length} steps selected.`);
}
