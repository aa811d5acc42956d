import type { Catalog } from "./catalog";
import { defaults } from "./catalog";
import type { Command, Edit } from "./commands";
import { ABSENT } from "./commands";
import { checkConnection, firstJoin } from "./compat";
import { edgeKey, findNode, newNodeId, positionOf } from "./document";
import { stepTitle } from "./selectors";
import type {
  Component,
  GraphEdge,
  GraphNode,
  GraphSettings,
  Json,
  PipelineDocument,
  Position,
} from "./types";

/** What people do, each as one command. None of these changes anything: they say what would change. */

export interface AddOptions {
  position: Position;
  parameters?: Record<string, Json>;
  title?: string | null;
  /** Join the first output of this step that fits. */
  after?: string | null;
  /** Join this end of a connection that was being drawn. */
  joint?: { node: string; port: string; side: "source" | "target" } | null;
  id?: string;
}

export function addStep(
  document: PipelineDocument,
  catalog: Catalog,
  component: Component,
  options: AddOptions,
): Command {
  const id = options.id ?? newNodeId((candidate) => findNode(document, candidate) !== undefined);
  const node: GraphNode = {
    id,
    component: component.id,
    title: options.title ?? null,
    comment: "",
    parameters: { ...defaults(component), ...options.parameters },
  };
  const edits: Edit[] = [
    {
      kind: "insert_nodes",
      items: [{ index: document.graph.nodes.length, node, position: options.position }],
    },
  ];
  const edge = joiningEdge(document, catalog, component, id, options);
  if (edge) edits.push({ kind: "insert_edges", items: [{ index: document.graph.edges.length, edge }] });
  return { label: `Add ${options.title ?? component.title}`, edits, select: [id] };
}

function joiningEdge(
  document: PipelineDocument,
  catalog: Catalog,
  component: Component,
  id: string,
  { after, joint }: AddOptions,
): GraphEdge | null {
  if (joint) {
    const other = findNode(document, joint.node);
    const spec = other && catalog.byId.get(other.component);
    if (joint.side === "source") {
      const type = spec?.outputs.find((port) => port.name === joint.port)?.type;
      const input = component.inputs.find((port) => port.type === type);
      return input
        ? { source: joint.node, source_port: joint.port, target: id, target_port: input.name }
        : null;
    }
    const type = spec?.inputs.find((port) => port.name === joint.port)?.type;
    const output = component.outputs.find((port) => port.type === type);
    return output
      ? { source: id, source_port: output.name, target: joint.node, target_port: joint.port }
      : null;
  }
  if (!after) return null;
  return firstJoin(document, catalog, after, id, component);
}

/** Put a new step into the middle of a connection: what flowed through the edge now flows through the step. */
export function spliceStep(
  document: PipelineDocument,
  catalog: Catalog,
  component: Component,
  edge: GraphEdge,
  options: AddOptions,
): Command | null {
  const type = edgeType(document, catalog, edge);
  const input = component.inputs.find((port) => port.type === type);
  const output = component.outputs.find((port) => port.type === type);
  if (!input || !output) return null;
  const added = addStep(document, catalog, component, { ...options, after: null, joint: null });
  const id = added.select?.[0] as string;
  return {
    label: `Insert ${options.title ?? component.title}`,
    select: [id],
    edits: [
      ...added.edits,
      { kind: "remove_edges", edges: [edge] },
      {
        kind: "insert_edges",
        items: [
          {
            index: document.graph.edges.length - 1,
            edge: { source: edge.source, source_port: edge.source_port, target: id, target_port: input.name },
          },
          {
            index: document.graph.edges.length,
            edge: {
              source: id,
              source_port: output.name,
              target: edge.target,
              target_port: edge.target_port,
            },
          },
        ],
      },
    ],
  };
}

export function canSplice(
  document: PipelineDocument,
  catalog: Catalog,
  component: Component,
  edge: GraphEdge,
): boolean {
  const type = edgeType(document, catalog, edge);
  return (
    component.inputs.some((port) => port.type === type) &&
    component.outputs.some((port) => port.type === type)
  );
}

function edgeType(document: PipelineDocument, catalog: Catalog, edge: GraphEdge): string | undefined {
  const node = findNode(document, edge.source);
  const spec = node && catalog.byId.get(node.component);
  return spec?.outputs.find((port) => port.name === edge.source_port)?.type;
}

/** Delete steps. What flowed through them is joined again where the port types allow it. */
export function deleteSteps(document: PipelineDocument, catalog: Catalog, ids: readonly string[]): Command {
  const gone = new Set(ids.filter((id) => findNode(document, id)));
  const touched = document.graph.edges.filter((edge) => gone.has(edge.source) || gone.has(edge.target));
  const healed: GraphEdge[] = [];
  for (const edge of document.graph.edges) {
    if (!gone.has(edge.source) || gone.has(edge.target)) continue;
    const origin = originOf(document, catalog, gone, edge, new Set());
    if (!origin) continue;
    const bridge = { ...origin, target: edge.target, target_port: edge.target_port };
    const clash = [...healed, ...document.graph.edges].some((other) => edgeKey(other) === edgeKey(bridge));
    if (!clash) healed.push(bridge);
  }
  const edits: Edit[] = [];
  if (touched.length) edits.push({ kind: "remove_edges", edges: touched });
  edits.push({ kind: "remove_nodes", ids: [...gone] });
  if (healed.length) {
    const start = document.graph.edges.length - touched.length;
    edits.push({
      kind: "insert_edges",
      items: healed.map((edge, offset) => ({ index: start + offset, edge })),
    });
  }
  return { label: `Delete ${steps(document, catalog, [...gone])}`, edits, select: [] };
}

/** The surviving output that fed `edge` through deleted steps, if one of the same type did. */
function originOf(
  document: PipelineDocument,
  catalog: Catalog,
  gone: ReadonlySet<string>,
  edge: GraphEdge,
  seen: Set<string>,
): Pick<GraphEdge, "source" | "source_port"> | null {
  if (seen.has(edge.source)) return null;
  seen.add(edge.source);
  const type = edgeType(document, catalog, edge);
  if (type === undefined) return null;
  for (const incoming of document.graph.edges) {
    if (incoming.target !== edge.source || edgeType(document, catalog, incoming) !== type) continue;
    if (!gone.has(incoming.source)) return { source: incoming.source, source_port: incoming.source_port };
    const further = originOf(document, catalog, gone, incoming, seen);
    if (further) return further;
  }
  return null;
}

export function moveSteps(positions: Record<string, Position>, options: { coalesce?: string } = {}): Command {
  const count = Object.keys(positions).length;
  return {
    label: count === 1 ? "Move step" : `Move ${count} steps`,
    edits: [{ kind: "place", positions }],
    coalesce: options.coalesce,
  };
}

export function layoutSteps(positions: Record<string, Position>): Command {
  return { label: "Tidy up", edits: [{ kind: "place", positions }] };
}

/** Join two ports, or `null` when they must not be: ask `checkConnection` for the reason. */
export function connectPorts(document: PipelineDocument, catalog: Catalog, edge: GraphEdge): Command | null {
  if (!checkConnection(document, catalog, edge).ok) return null;
  return {
    label: "Connect",
    edits: [{ kind: "insert_edges", items: [{ index: document.graph.edges.length, edge }] }],
  };
}

export function disconnectEdges(edges: readonly GraphEdge[]): Command {
  return {
    label: edges.length === 1 ? "Disconnect" : `Disconnect ${edges.length} connections`,
    edits: [{ kind: "remove_edges", edges: [...edges] }],
  };
}

export function deleteSelection(
  document: PipelineDocument,
  catalog: Catalog,
  ids: readonly string[],
  edges: readonly GraphEdge[],
): Command {
  const command = deleteSteps(document, catalog, ids);
  const gone = new Set(ids);
  const loose = edges.filter((edge) => !gone.has(edge.source) && !gone.has(edge.target));
  if (!ids.length) return disconnectEdges(loose);
  if (!loose.length) return command;
  // The loose edges leave first; the indexes of what was healed are counted from the shorter list.
  const shifted = deleteSteps(apart(document, loose), catalog, ids);
  return { ...shifted, edits: [{ kind: "remove_edges", edges: loose }, ...shifted.edits] };
}

function apart(document: PipelineDocument, edges: readonly GraphEdge[]): PipelineDocument {
  const keys = new Set(edges.map(edgeKey));
  return {
    ...document,
    graph: { ...document.graph, edges: document.graph.edges.filter((edge) => !keys.has(edgeKey(edge))) },
  };
}

export function setParameter(id: string, name: string, title: string, value: Json | undefined): Command {
  return {
    label: `Change ${title}`,
    edits: [{ kind: "set_parameter", id, name, value: value === undefined ? ABSENT : value }],
    coalesce: `parameter:${id}:${name}`,
  };
}

export function renameStep(id: string, title: string | null): Command {
  const clean = title?.trim() || null;
  return { label: "Rename step", edits: [{ kind: "set_title", id, title: clean }], coalesce: `title:${id}` };
}

export function commentStep(id: string, comment: string): Command {
  return {
    label: "Change comment",
    edits: [{ kind: "set_comment", id, comment }],
    coalesce: `comment:${id}`,
  };
}

export function changeSettings(settings: GraphSettings): Command {
  return { label: "Change pipeline settings", edits: [{ kind: "set_settings", settings }] };
}

/** Move a step to another version of its component, keeping what both know and filling in what is new. */
export function upgradeStep(node: GraphNode, component: Component): Command {
  const edits: Edit[] = [{ kind: "set_component", id: node.id, component: component.id }];
  for (const parameter of component.parameters) {
    if (!Object.hasOwn(node.parameters, parameter.name))
      edits.push({ kind: "set_parameter", id: node.id, name: parameter.name, value: parameter.default });
  }
  return { label: `Upgrade to version ${component.version}`, edits };
}

export interface Fragment {
  nodes: GraphNode[];
  edges: GraphEdge[];
  positions: Record<string, Position>;
}

/** Put a fragment into the document under new ids, its top left corner at `at`. */
export function pasteFragment(
  document: PipelineDocument,
  fragment: Fragment,
  at: Position,
  verb = "Paste",
  makeId: (taken: (id: string) => boolean) => string = newNodeId,
): Command {
  const taken = new Set(document.graph.nodes.map((node) => node.id));
  const ids = new Map<string, string>();
  for (const node of fragment.nodes) {
    const id = makeId((candidate) => taken.has(candidate));
    taken.add(id);
    ids.set(node.id, id);
  }
  const corner = cornerOf(fragment);
  const nodes = fragment.nodes.map((node, offset) => {
    const place = fragment.positions[node.id] ?? corner;
    return {
      index: document.graph.nodes.length + offset,
      node: { ...node, id: ids.get(node.id) as string },
      position: { x: at.x + place.x - corner.x, y: at.y + place.y - corner.y },
    };
  });
  const edges = fragment.edges
    .filter((edge) => ids.has(edge.source) && ids.has(edge.target))
    .map((edge, offset) => ({
      index: document.graph.edges.length + offset,
      edge: { ...edge, source: ids.get(edge.source) as string, target: ids.get(edge.target) as string },
    }));
  const edits: Edit[] = [{ kind: "insert_nodes", items: nodes }];
  if (edges.length) edits.push({ kind: "insert_edges", items: edges });
  return {
    label: `${verb} ${nodes.length === 1 ? "1 step" : `${nodes.length} steps`}`,
    edits,
    select: [...ids.values()],
  };
}

export function duplicateSteps(document: PipelineDocument, ids: readonly string[]): Command {
  const fragment = fragmentOf(document, ids);
  const corner = cornerOf(fragment);
  return pasteFragment(document, fragment, { x: corner.x + 32, y: corner.y + 32 }, "Duplicate");
}

/** The chosen steps, the connections among them, and where they stand. */
export function fragmentOf(document: PipelineDocument, ids: readonly string[]): Fragment {
  const chosen = new Set(ids);
  return {
    nodes: document.graph.nodes.filter((node) => chosen.has(node.id)),
    edges: document.graph.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
    positions: Object.fromEntries(
      document.graph.nodes
        .filter((node) => chosen.has(node.id))
        .map((node) => [node.id, positionOf(document, node.id)]),
    ),
  };
}

function cornerOf(fragment: Fragment): Position {
  const places = fragment.nodes
    .map((node) => fragment.positions[node.id])
    .filter((place) => place !== undefined);
  if (!places.length) return { x: 0, y: 0 };
  return { x: Math.min(...places.map((place) => place.x)), y: Math.min(...places.map((place) => place.y)) };
}

function steps(document: PipelineDocument, catalog: Catalog, ids: readonly string[]): string {
  const only = ids.length === 1 ? findNode(document, ids[0] as string) : undefined;
  return only ? stepTitle(only, catalog) : `${ids.length} steps`;
}
