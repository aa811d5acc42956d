import type { ReactFlowInstance } from "@xyflow/react";
import type { LucideIcon } from "lucide-react";
import type { DesignerState, DesignerStore } from "../state/store";
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

export const always = () => true;
export const some = (state: DesignerState) => state.selected.length > 0;
export const one = (state: DesignerState) => state.selected.length === 1;
