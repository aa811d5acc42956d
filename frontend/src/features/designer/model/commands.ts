import { sameEdge } from "./document";
import type { GraphEdge, GraphNode, GraphSettings, Json, PipelineDocument, Position } from "./types";

/** In `set_parameter`: the parameter is absent, so that the default applies. */
export const ABSENT: unique symbol = Symbol("absent");

/**
 * The alphabet of change. Every edit that a person makes is a command: a list of these, applied in order.
 * Each has an exact inverse, so undo needs no copy of the document and nothing can be changed beside the log.
 */
export type Edit =
  | { kind: "insert_nodes"; items: { index: number; node: GraphNode; position: Position | null }[] }
  | { kind: "remove_nodes"; ids: string[] }
  | { kind: "insert_edges"; items: { index: number; edge: GraphEdge }[] }
  | { kind: "remove_edges"; edges: GraphEdge[] }
  | { kind: "place"; positions: Record<string, Position | null> }
  | { kind: "set_parameter"; id: string; name: string; value: Json | typeof ABSENT }
  | { kind: "set_component"; id: string; component: string }
  | { kind: "set_title"; id: string; title: string | null }
  | { kind: "set_comment"; id: string; comment: string }
  | { kind: "set_settings"; settings: GraphSettings }
  | { kind: "replace"; document: PipelineDocument };

export interface Command {
  /** What was done, for the live region and the undo tooltip: "Delete 2 steps". */
  label: string;
  edits: Edit[];
  /** Commands in a burst that carry the same key become one step of undo. */
  coalesce?: string;
  /** The steps that are selected once this was done. */
  select?: string[];
}

export function apply(
  document: PipelineDocument,
  command: Command,
): { document: PipelineDocument; inverse: Command } {
  let current = document;
  const inverses: Edit[] = [];
  for (const edit of command.edits) {
    const [next, inverse] = applyEdit(current, edit);
    current = next;
    inverses.unshift(inverse);
  }
  return { document: current, inverse: { label: command.label, edits: inverses } };
}

function applyEdit(document: PipelineDocument, edit: Edit): [PipelineDocument, Edit] {
  const { graph, view } = document;
  switch (edit.kind) {
    case "insert_nodes": {
      const nodes = [...graph.nodes];
      const positions = { ...view.positions };
      for (const { index, node, position } of [...edit.items].sort((a, b) => a.index - b.index)) {
        nodes.splice(index, 0, node);
        if (position) positions[node.id] = position;
      }
      return [
        { graph: { ...graph, nodes }, view: { ...view, positions } },
        { kind: "remove_nodes", ids: edit.items.map(({ node }) => node.id) },
      ];
    }
    case "remove_nodes": {
      const gone = new Set(edit.ids);
      const items = graph.nodes
        .map((node, index) => ({ index, node, position: view.positions[node.id] ?? null }))
        .filter(({ node }) => gone.has(node.id));
      const positions = { ...view.positions };
      for (const id of gone) delete positions[id];
      return [
        {
          graph: { ...graph, nodes: graph.nodes.filter((node) => !gone.has(node.id)) },
          view: { ...view, positions },
        },
        { kind: "insert_nodes", items },
      ];
    }
    case "insert_edges": {
      const edges = [...graph.edges];
      for (const { index, edge } of [...edit.items].sort((a, b) => a.index - b.index))
        edges.splice(index, 0, edge);
      return [
        { ...document, graph: { ...graph, edges } },
        { kind: "remove_edges", edges: edit.items.map(({ edge }) => edge) },
      ];
    }
    case "remove_edges": {
      const isGone = (edge: GraphEdge) => edit.edges.some((other) => sameEdge(edge, other));
      const items = graph.edges.map((edge, index) => ({ index, edge })).filter(({ edge }) => isGone(edge));
      return [
        { ...document, graph: { ...graph, edges: graph.edges.filter((edge) => !isGone(edge)) } },
        { kind: "insert_edges", items },
      ];
    }
    case "place": {
      const positions = { ...view.positions };
      const before: Record<string, Position | null> = {};
      for (const [id, position] of Object.entries(edit.positions)) {
        before[id] = positions[id] ?? null;
        if (position) positions[id] = position;
        else delete positions[id];
      }
      return [
        { ...document, view: { ...view, positions } },
        { kind: "place", positions: before },
      ];
    }
    case "set_parameter": {
      const node = nodeOf(document, edit.id);
      const before = Object.hasOwn(node.parameters, edit.name)
        ? (node.parameters[edit.name] as Json)
        : ABSENT;
      const parameters = { ...node.parameters };
      if (edit.value === ABSENT) delete parameters[edit.name];
      else parameters[edit.name] = edit.value;
      return [withNode(document, { ...node, parameters }), { ...edit, value: before }];
    }
    case "set_component": {
      const node = nodeOf(document, edit.id);
      return [
        withNode(document, { ...node, component: edit.component }),
        { ...edit, component: node.component },
      ];
    }
    case "set_title": {
      const node = nodeOf(document, edit.id);
      return [withNode(document, { ...node, title: edit.title }), { ...edit, title: node.title }];
    }
    case "set_comment": {
      const node = nodeOf(document, edit.id);
      return [withNode(document, { ...node, comment: edit.comment }), { ...edit, comment: node.comment }];
    }
    case "set_settings":
      return [
        { ...document, graph: { ...graph, settings: edit.settings } },
        { kind: "set_settings", settings: graph.settings },
      ];
    case "replace":
      return [edit.document, { kind: "replace", document }];
  }
}

function nodeOf(document: PipelineDocument, id: string): GraphNode {
  const node = document.graph.nodes.find((candidate) => candidate.id === id);
  if (!node) throw new Error(`There is no step ${id} in this document.`);
  return node;
}

function withNode(document: PipelineDocument, node: GraphNode): PipelineDocument {
  return {
    ...document,
    graph: {
      ...document.graph,
      nodes: document.graph.nodes.map((other) => (other.id === node.id ? node : other)),
    },
  };
}
