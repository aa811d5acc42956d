import type { Graph, GraphDifference, GraphEdge, GraphView, NodeDifference } from "@/api/types";

export const BOX = { width: 208, height: 56 } as const;
const GAP = 24;

export interface PlacedNode extends NodeDifference {
  x: number;
  y: number;
}

export type EdgeState = "added" | "removed" | "same";

export interface PlacedEdge {
  key: string;
  state: EdgeState;
  path: string;
}

export interface Drawing {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

interface Side {
  graph: Graph;
  view: GraphView;
  /** Node id to the key of its row. */
  keys: ReadonlyMap<string, string>;
}

const edgeKey = (edge: GraphEdge) => `${edge.source}.${edge.source_port}>${edge.target}.${edge.target_port}`;

function placesOf(side: Side): Map<string, { x: number; y: number }> {
  const places = new Map<string, { x: number; y: number }>();
  for (const node of side.graph.nodes) {
    const key = side.keys.get(node.id);
    const place = side.view.positions?.[node.id];
    if (key !== undefined && place) places.set(key, place);
  }
  return places;
}

/** The drawing of a difference: the new run as it was drawn, with what is gone where it stood. */
export function drawingOf(difference: GraphDifference, before: Side, after: Side): Drawing {
  const [old, now] = [placesOf(before), placesOf(after)];
  const taken: { x: number; y: number }[] = [];
  const hits = (x: number, y: number) =>
    taken.some(
      (place) => Math.abs(place.x - x) < BOX.width + GAP / 2 && Math.abs(place.y - y) < BOX.height + GAP / 2,
    );
  // What is there keeps its place; what is gone makes way for it.
  const order = [...difference.nodes].sort(
    (a, b) => Number(a.state === "removed") - Number(b.state === "removed"),
  );
  const places = new Map<string, { x: number; y: number }>();
  for (const node of order) {
    const wanted = (node.state === "removed" ? old : now).get(node.key) ??
      old.get(node.key) ?? { x: 0, y: 0 };
    let { x } = wanted;
    while (hits(x, wanted.y)) x += BOX.width + GAP;
    const place = { x, y: wanted.y };
    taken.push(place);
    places.set(node.key, place);
  }
  const lowX = taken.length ? Math.min(...taken.map((place) => place.x)) : 0;
  const lowY = taken.length ? Math.min(...taken.map((place) => place.y)) : 0;
  const nodes = difference.nodes.map((node) => {
    const place = places.get(node.key) ?? { x: 0, y: 0 };
    return { ...node, x: place.x - lowX + GAP, y: place.y - lowY + GAP };
  });
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const keyed = (edge: GraphEdge, keys: ReadonlyMap<string, string>): GraphEdge => ({
    ...edge,
    source: keys.get(edge.source) ?? edge.source,
    target: keys.get(edge.target) ?? edge.target,
  });
  const added = new Set(difference.edges_added.map(edgeKey));
  const draw = (edge: GraphEdge, state: EdgeState): PlacedEdge[] => {
    const [source, target] = [byKey.get(edge.source), byKey.get(edge.target)];
    if (!source || !target) return [];
    const [x1, y1] = [source.x + BOX.width / 2, source.y + BOX.height];
    const [x2, y2] = [target.x + BOX.width / 2, target.y];
    const bend = Math.max(24, Math.abs(y2 - y1) / 2);
    return [
      {
        key: `${state} ${edgeKey(edge)}`,
        state,
        path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`,
      },
    ];
  };
  return {
    nodes,
    edges: [
      ...difference.edges_removed.flatMap((edge) => draw(edge, "removed")),
      ...after.graph.edges
        .map((edge) => keyed(edge, after.keys))
        .flatMap((edge) => draw(edge, added.has(edgeKey(edge)) ? "added" : "same")),
    ],
    width: Math.max(0, ...nodes.map((node) => node.x + BOX.width)) + GAP,
    height: Math.max(0, ...nodes.map((node) => node.y + BOX.height)) + GAP,
  };
}

/** What became of a step, in a word or two. */
export function stateWord(node: NodeDifference): string {
  if (node.only_words) return "Renamed";
  if (node.state === "same") return node.consequences.outputs.length ? "Output differs" : "Unchanged";
  return { added: "Added", removed: "Removed", changed: "Changed" }[node.state];
}

/** The difference in one sentence. */
export function differenceText(difference: GraphDifference): string {
  if (difference.same) return "Both runs have the same drawing and parameters.";
  const counts = (["added", "removed", "changed"] as const)
    .map((state) => [difference.nodes.filter((node) => node.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state], i) =>
      i ? `${count} ${state}` : `${count} ${count === 1 ? "step" : "steps"} ${state}`,
    );
  const edges = difference.edges_added.length + difference.edges_removed.length;
  if (edges) counts.push(`${edges} ${edges === 1 ? "connection" : "connections"} changed`);
  if (difference.settings.length) counts.push("settings changed");
  const text = counts.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
