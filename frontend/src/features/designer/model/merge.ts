import { canonical, edgeKey } from "./document";
import type { GraphEdge, GraphNode, PipelineDocument, Position } from "./types";

export interface Merge {
  document: PipelineDocument;
  /** Steps that both sides changed, each in its own way. Empty when the merge holds all that both did. */
  conflicts: string[];
}

/**
 * Merge two edits of one base, step by step. Where only one side touched a step its word counts; where both did,
 * and differ, the step is a conflict and mine is kept in the result. Positions never conflict: the last mover wins.
 */
export function merge(base: PipelineDocument, mine: PipelineDocument, theirs: PipelineDocument): Merge {
  const conflicts = new Set<string>();
  const nodes = mergeNodes(base.graph.nodes, mine.graph.nodes, theirs.graph.nodes, conflicts);
  const kept = new Set(nodes.map((node) => node.id));
  const edges = mergeEdges(base.graph.edges, mine.graph.edges, theirs.graph.edges).filter((edge) => {
    const whole = kept.has(edge.source) && kept.has(edge.target);
    return whole;
  });
  // A step that one side deleted and the other connected: neither side's wish can be met in full.
  for (const [side, other] of [
    [mine, theirs],
    [theirs, mine],
  ] as const) {
    const before = new Set(base.graph.edges.map(edgeKey));
    for (const edge of side.graph.edges) {
      if (before.has(edgeKey(edge))) continue;
      for (const id of [edge.source, edge.target])
        if (
          !other.graph.nodes.some((node) => node.id === id) &&
          base.graph.nodes.some((node) => node.id === id)
        )
          conflicts.add(id);
    }
  }
  for (const [port, holders] of byInput(edges))
    if (holders > 1) conflicts.add(port.split("\n", 1)[0] as string);
  const settings =
    canonical(mine.graph.settings) === canonical(base.graph.settings)
      ? theirs.graph.settings
      : mine.graph.settings;
  const positions: Record<string, Position> = {};
  for (const id of kept) {
    const place = newer(base.view.positions[id], mine.view.positions[id], theirs.view.positions[id]);
    if (place) positions[id] = place;
  }
  return {
    document: {
      graph: { ...theirs.graph, nodes, edges, settings },
      view: { ...theirs.view, positions, viewport: mine.view.viewport },
    },
    conflicts: [...conflicts],
  };
}

function mergeNodes(
  base: GraphNode[],
  mine: GraphNode[],
  theirs: GraphNode[],
  conflicts: Set<string>,
): GraphNode[] {
  const before = new Map(base.map((node) => [node.id, node]));
  const ours = new Map(mine.map((node) => [node.id, node]));
  const others = new Map(theirs.map((node) => [node.id, node]));
  const merged: GraphNode[] = [];
  for (const id of new Set([...others.keys(), ...ours.keys()])) {
    const [was, here, there] = [before.get(id), ours.get(id), others.get(id)];
    const iChanged = canonical(was ?? null) !== canonical(here ?? null);
    const theyChanged = canonical(was ?? null) !== canonical(there ?? null);
    if (iChanged && theyChanged && canonical(here ?? null) !== canonical(there ?? null)) conflicts.add(id);
    const chosen = iChanged ? here : there;
    if (chosen) merged.push(chosen);
  }
  return merged;
}

function mergeEdges(base: GraphEdge[], mine: GraphEdge[], theirs: GraphEdge[]): GraphEdge[] {
  const before = new Set(base.map(edgeKey));
  const ours = new Map(mine.map((edge) => [edgeKey(edge), edge]));
  const others = new Map(theirs.map((edge) => [edgeKey(edge), edge]));
  const merged: GraphEdge[] = [];
  for (const key of new Set([...others.keys(), ...ours.keys()])) {
    const edge = ours.get(key) ?? others.get(key);
    // Kept when both have it, or when one side added it; gone when either side removed it.
    if (edge && ((ours.has(key) && others.has(key)) || !before.has(key))) merged.push(edge);
  }
  return merged;
}

function byInput(edges: readonly GraphEdge[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const edge of edges) {
    const key = `${edge.target}\n${edge.target_port}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function newer(
  was: Position | undefined,
  mine: Position | undefined,
  theirs: Position | undefined,
): Position | undefined {
  if (!mine) return theirs;
  if (!theirs) return mine;
  return canonical(was ?? null) === canonical(mine) ? theirs : mine;
}
