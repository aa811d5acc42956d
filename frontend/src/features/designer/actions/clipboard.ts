import type { ReactFlowInstance } from "@xyflow/react";
import { announce } from "@/design/announce";
import { toast } from "@/design/toast";
import { middleOfCanvas } from "../canvas/geometry";
import { copyText, readText } from "../model/clipboard";
import { pasteFragment } from "../model/edits";
import { stepTitle } from "../model/selectors";
import type { Context } from "./action";

export async function copy({ store }: Context): Promise<void> {
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

export async function paste(context: Context): Promise<void> {
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
