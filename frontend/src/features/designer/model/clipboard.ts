import type { Fragment } from "./edits";
import { fragmentOf } from "./edits";
import type { GraphEdge, GraphNode, PipelineDocument, Position } from "./types";

/** Steps travel as text, so that they can be pasted into another tab, workspace or a message to a colleague. */
export const CLIPBOARD_FORMAT = "studio/steps";
export const CLIPBOARD_VERSION = 1;

export type Pasted = { ok: true; fragment: Fragment } | { ok: false; reason: string | null };

export function copyText(document: PipelineDocument, ids: readonly string[]): string {
  const fragment = fragmentOf(document, ids);
  return JSON.stringify({ format: CLIPBOARD_FORMAT, version: CLIPBOARD_VERSION, ...fragment }, null, 2);
}

/** Read steps from text. Text that never claimed to be steps is refused without a reason: it is not ours to judge. */
export function readText(text: string): Pasted {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: null };
  }
  if (!isRecord(value) || value.format !== CLIPBOARD_FORMAT) return { ok: false, reason: null };
  if (typeof value.version !== "number" || value.version > CLIPBOARD_VERSION)
    return { ok: false, reason: "These steps were copied from a newer version of Studio." };
  const nodes = Array.isArray(value.nodes) ? value.nodes : [];
  const edges = Array.isArray(value.edges) ? value.edges : [];
  if (!nodes.length || !nodes.every(isNode) || !edges.every(isEdge))
    return { ok: false, reason: "The copied steps are damaged. Copy them again." };
  const positions: Record<string, Position> = {};
  if (isRecord(value.positions)) {
    for (const [id, place] of Object.entries(value.positions))
      if (isRecord(place) && Number.isFinite(place.x) && Number.isFinite(place.y))
        positions[id] = { x: place.x as number, y: place.y as number };
  }
  return {
    ok: true,
    fragment: {
      nodes: nodes.map((node) => ({ ...node, title: node.title ?? null, comment: node.comment ?? "" })),
      edges,
      positions,
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNode(value: unknown): value is GraphNode {
  return (
    isRecord(value) &&
    typeof value.id === "string" &&
    typeof value.component === "string" &&
    isRecord(value.parameters) &&
    (value.title === undefined || value.title === null || typeof value.title === "string") &&
    (value.comment === undefined || typeof value.comment === "string")
  );
}

function isEdge(value: unknown): value is GraphEdge {
  return (
    isRecord(value) &&
    ["source", "source_port", "target", "target_port"].every((field) => typeof value[field] === "string")
  );
}
