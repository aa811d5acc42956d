import { placeMissing } from "./placing";
import type { Graph, GraphEdge, GraphNode, GraphView, PipelineDocument, Position } from "./types";

export const SCHEMA_VERSION = 1;

export function emptyDocument(): PipelineDocument {
  return {
    graph: {
      schema_version: SCHEMA_VERSION,
      nodes: [],
      edges: [],
      parameters: [],
      settings: { continue_on_step_failure: false },
    },
    view: { positions: {}, notes: [], viewport: null },
  };
}

/**
 * Complete what the server sent: old drafts may lack a field, and steps made by a script have no position.
 * Fields that this version does not know are kept, so that opening a draft loses nothing.
 */
export function openDocument(
  graph: Partial<Graph> | null,
  view: Partial<GraphView> | null,
): PipelineDocument {
  const empty = emptyDocument();
  const complete: PipelineDocument = {
    graph: {
      ...empty.graph,
      ...graph,
      nodes: (graph?.nodes ?? []).map((node) => ({
        ...node,
        title: node.title ?? null,
        comment: node.comment ?? "",
        parameters: node.parameters ?? {},
      })),
      edges: graph?.edges ?? [],
      parameters: graph?.parameters ?? [],
      settings: { ...empty.graph.settings, ...graph?.settings },
    },
    view: {
      ...empty.view,
      ...view,
      positions: view?.positions ?? {},
      notes: view?.notes ?? [],
      viewport: view?.viewport ?? null,
    },
  };
  complete.view.positions = placeMissing(complete.graph, complete.view.positions);
  return complete;
}

export function edgeKey(edge: GraphEdge): string {
  return `${edge.source}.${edge.source_port}→${edge.target}.${edge.target_port}`;
}

export function sameEdge(a: GraphEdge, b: GraphEdge): boolean {
  return (
    a.source === b.source &&
    a.target === b.target &&
    a.source_port === b.source_port &&
    a.target_port === b.target_port
  );
}

export function findNode(document: PipelineDocument, id: string): GraphNode | undefined {
  return document.graph.nodes.find((node) => node.id === id);
}

export function positionOf(document: PipelineDocument, id: string): Position {
  return document.view.positions[id] ?? { x: 0, y: 0 };
}

/** Ids are random, not counted, so that steps added by two people at once never share one. */
export function newNodeId(taken: (id: string) => boolean): string {
  const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(8));
    const id = `n${[...bytes].map((byte) => alphabet[byte % 36]).join("")}`;
    if (!taken(id)) return id;
  }
}

/** A stable text of a value, with keys in order: equal values have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const entries = Object.entries(value as Record<string, unknown>)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
