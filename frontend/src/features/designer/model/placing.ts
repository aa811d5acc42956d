import { STEP_HEIGHT, STEP_WIDTH } from "@/design/step";
import type { Graph, Position } from "./types";

export { STEP_HEIGHT, STEP_WIDTH };

const COLUMN = STEP_WIDTH + 28;
const ROW = STEP_HEIGHT + 54;

/**
 * Places for the steps that have none, as when a script made the pipeline: each below what feeds it, and beside the
 * others of its row in the order of what feeds them. Plain enough to be the same in every browser, so that nothing
 * needs saving; "Tidy up" makes it beautiful.
 */
export function placeMissing(
  graph: Pick<Graph, "nodes" | "edges">,
  known: Readonly<Record<string, Position>>,
): Record<string, Position> {
  const homeless = graph.nodes.filter(({ id }) => !known[id]);
  if (!homeless.length) return { ...known };
  const ids = new Set(homeless.map(({ id }) => id));
  const edges = graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target));
  const row = rows([...ids], edges);
  // Below what has a place already, so that nothing is covered.
  const places = Object.values(known);
  const top = places.length ? Math.max(...places.map(({ y }) => y)) + ROW : 0;
  const left = places.length ? Math.min(...places.map(({ x }) => x)) : 0;
  const result: Record<string, Position> = { ...known };
  const column = new Map<string, number>();
  for (let at = 0; at <= Math.max(...row.values()); at += 1) {
    const members = homeless.map(({ id }) => id).filter((id) => row.get(id) === at);
    const wish = new Map(members.map((id) => [id, middle(id, edges, column)]));
    members.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    let next = Number.NEGATIVE_INFINITY;
    for (const id of members) {
      const place = Math.max(wish.get(id) ?? 0, next);
      column.set(id, place);
      next = place + 1;
      result[id] = { x: Math.round(left + place * COLUMN), y: top + at * ROW };
    }
  }
  return result;
}

/** How many steps stand above each: the longest way to it. A source stands just above what it feeds. */
function rows(ids: string[], edges: Graph["edges"]): Map<string, number> {
  const row = new Map(ids.map((id) => [id, 0]));
  // A drawing with a cycle has no longest way: after as many rounds as there are steps it is left as it is.
  for (let round = 0, moved = true; moved && round < ids.length; round += 1) {
    moved = false;
    for (const { source, target } of edges) {
      const wanted = (row.get(source) ?? 0) + 1;
      if ((row.get(target) ?? 0) < wanted && wanted < ids.length) {
        row.set(target, wanted);
        moved = true;
      }
    }
  }
  for (const id of ids) {
    const fed = edges.filter(({ source }) => source === id).map(({ target }) => row.get(target) ?? 0);
    if (fed.length && !edges.some(({ target }) => target === id))
      row.set(id, Math.max(0, Math.min(...fed) - 1));
  }
  return row;
}

function middle(id: string, edges: Graph["edges"], column: ReadonlyMap<string, number>): number {
  const above = edges
    .filter(({ target }) => target === id)
    .map(({ source }) => column.get(source))
    .filter((place) => place !== undefined);
  // Sources go to the right of what comes from above.
  return above.length ? above.reduce((sum, place) => sum + place, 0) / above.length : column.size ? 1 : 0;
}
