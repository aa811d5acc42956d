import type { ELK, ElkNode } from "elkjs/lib/elk-api";
import type { Catalog } from "../model/catalog";
import { STEP_HEIGHT, STEP_WIDTH } from "../model/placing";
import type { PipelineDocument, Position } from "../model/types";
import { portsOf } from "../state/flow";

let engine: Promise<ELK> | null = null;

/** The layout engine is as large as the rest of the designer: it lives in a worker and is fetched when idle. */
async function load(): Promise<ELK> {
  engine ??= (async () => {
    const [{ default: Elk }, { default: worker }] = await Promise.all([
      import("elkjs/lib/elk-api"),
      import("elkjs/lib/elk-worker.min.js?url"),
    ]);
    return new Elk({ workerFactory: () => new Worker(worker) });
  })();
  return engine;
}

/** Fetch the engine while nothing else happens, so that the first tidying does not wait for it. */
export function warmLayout(): () => void {
  const start = () => void load().catch(() => (engine = null));
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(start, { timeout: 5000 });
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(start, 2000);
  return () => clearTimeout(timer);
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.spacing.nodeNode": "32",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.spacing.componentComponent": "64",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};

/** Places for these steps (all, when none are named) in layers from top to bottom, ports kept in their order. */
export async function tidyPositions(
  document: PipelineDocument,
  catalog: Catalog,
  ids: readonly string[],
): Promise<Record<string, Position>> {
  const chosen = new Set(ids.length > 1 ? ids : document.graph.nodes.map((node) => node.id));
  const nodes = document.graph.nodes.filter((node) => chosen.has(node.id));
  const graph: ElkNode = {
    id: "root",
    layoutOptions: OPTIONS,
    children: nodes.map((node) => {
      const ports = portsOf(node, catalog.byId.get(node.component), document.graph.edges);
      const port = (side: "NORTH" | "SOUTH") => (item: { name: string }, index: number, all: unknown[]) => ({
        id: `${node.id}/${side}/${item.name}`,
        width: 1,
        height: 1,
        // The engine counts ports clockwise, so those of the lower side run from right to left.
        layoutOptions: {
          "elk.port.side": side,
          "elk.port.index": String(side === "NORTH" ? index : all.length - 1 - index),
        },
      });
      return {
        id: node.id,
        width: STEP_WIDTH,
        height: STEP_HEIGHT,
        layoutOptions: { "elk.portConstraints": "FIXED_ORDER" },
        ports: [...ports.inputs.map(port("NORTH")), ...ports.outputs.map(port("SOUTH"))],
      };
    }),
    edges: document.graph.edges
      .filter((edge) => chosen.has(edge.source) && chosen.has(edge.target))
      .map((edge, index) => ({
        id: `e${index}`,
        sources: [`${edge.source}/SOUTH/${edge.source_port}`],
        targets: [`${edge.target}/NORTH/${edge.target_port}`],
      })),
  };
  const placed = await (await load()).layout(graph);
  const before = nodes.map((node) => document.view.positions[node.id]).filter((place) => place !== undefined);
  // The corner stays where it was, so that tidying a part does not throw it across the canvas.
  const corner = before.length
    ? { x: Math.min(...before.map(({ x }) => x)), y: Math.min(...before.map(({ y }) => y)) }
    : { x: 0, y: 0 };
  const children = placed.children ?? [];
  const left = Math.min(...children.map((child) => child.x ?? 0));
  const top = Math.min(...children.map((child) => child.y ?? 0));
  return Object.fromEntries(
    children.map((child) => [
      child.id,
      { x: Math.round(corner.x + (child.x ?? 0) - left), y: Math.round(corner.y + (child.y ?? 0) - top) },
    ]),
  );
}
