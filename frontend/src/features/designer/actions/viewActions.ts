import {
  FileText,
  History,
  ListTree,
  Maximize,
  PanelBottom,
  Table2,
  TriangleAlert,
  Workflow,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { toast } from "@/design/toast";
import { FIT, glide } from "../canvas/fit";
import { tidyPositions } from "../layout/tidy";
import { layoutSteps } from "../model/edits";
import { type Action, always, type Context, one } from "./action";

/** What changes the sight of the drawing, and tidying it up. */
export const VIEW_ACTIONS: readonly Action[] = [
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
    perform: ({ flow }) => void flow.fitView({ ...FIT, duration: glide(200) }),
  },
  {
    id: "zoom-in",
    label: "Zoom in",
    group: "View",
    icon: ZoomIn,
    keys: ["+", "="],
    scope: "canvas",
    enabled: always,
    perform: ({ flow }) => void flow.zoomIn({ duration: glide(120) }),
  },
  {
    id: "zoom-out",
    label: "Zoom out",
    group: "View",
    icon: ZoomOut,
    keys: ["-"],
    scope: "canvas",
    enabled: always,
    perform: ({ flow }) => void flow.zoomOut({ duration: glide(120) }),
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
  {
    id: "versions",
    label: "Versions of this draft",
    group: "View",
    icon: History,
    keys: [],
    scope: "page",
    enabled: (_state, page) => page.versions !== null,
    perform: ({ page }) => page.versions?.(),
  },
];

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
    if (selected.length < 2) void flow.fitView({ ...FIT, duration: glide(200) });
  }, 220);
}
