import { CopyPlus, Play, Square } from "lucide-react";
import type { Action } from "./action";

/** Submitting, stopping and cloning. */
export const RUN_ACTIONS: readonly Action[] = [
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
];
