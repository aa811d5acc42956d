import { announce } from "@/design/announce";
import { firstJoin } from "../model/compat";
import { addStep, canSplice, spliceStep } from "../model/edits";
import { STEP_HEIGHT, STEP_WIDTH } from "../model/placing";
import { incoming, stepTitle } from "../model/selectors";
import type { Component, GraphEdge, Json, PipelineDocument, Position } from "../model/types";
import { type DesignerStore, findEdge, type QuickAdd } from "../state/store";

const GAP_X = 28;
const GAP_Y = 54;

/** What the palette hands over: a component, and for a data set the parameters that name it. */
export interface Addition {
  component: Component;
  title?: string;
  parameters?: Record<string, Json>;
}

/** The nearest place at or right of `start` where a step covers no other. */
export function freeSpot(document: PipelineDocument, start: Position): Position {
  const taken = document.graph.nodes
    .map((node) => document.view.positions[node.id])
    .filter((place) => place !== undefined);
  const spot = { ...start };
  const covered = () =>
    taken.some(
      (place) =>
        Math.abs(place.x - spot.x) < STEP_WIDTH + 12 && Math.abs(place.y - spot.y) < STEP_HEIGHT + 12,
    );
  while (covered()) spot.x += STEP_WIDTH + GAP_X;
  return spot;
}

/** Add below the selected step, joined to it where ports fit; without a selection, in the middle of what is in sight. */
export function addNearSelection(store: DesignerStore, addition: Addition, middle: Position): void {
  const { document, catalog, nodes, selected } = store.getState();
  const only = selected.length === 1 ? nodes.get(selected[0] as string) : undefined;
  const place = only && document.view.positions[only.id];
  if (!only || !place) {
    add(store, addition, freeSpot(document, centered(middle)), null, null);
    return;
  }
  const joins = firstJoin(document, catalog, only.id, "new", addition.component) !== null;
  const socket = joins ? null : openInput(store, only.id, addition.component);
  if (socket) {
    add(store, addition, freeSpot(document, { x: place.x, y: place.y - STEP_HEIGHT - GAP_Y }), null, {
      node: only.id,
      port: socket,
      side: "target",
    });
    return;
  }
  add(
    store,
    addition,
    freeSpot(document, { x: place.x, y: place.y + STEP_HEIGHT + GAP_Y }),
    joins ? only.id : null,
    null,
  );
}

/** Add where it was dropped: into a connection that it was dropped on, else on its own. */
export function addAt(
  store: DesignerStore,
  addition: Addition,
  point: Position,
  edgeId: string | null,
): void {
  const { document, catalog, run } = store.getState();
  const edge = edgeId ? findEdge(document, edgeId) : undefined;
  const position = centered(point);
  if (edge && canSplice(document, catalog, addition.component, edge)) {
    const command = spliceStep(document, catalog, addition.component, edge, { ...addition, position });
    if (run(command) && command?.select?.[0]) store.getState().show(command.select[0], null, true);
    return;
  }
  add(store, addition, position, null, null);
}

/** Add what was chosen from the list that opened where a connection was dropped. */
export function addFromQuickAdd(store: DesignerStore, addition: Addition, quickAdd: QuickAdd): void {
  const { x, y } = quickAdd.position;
  const lift = quickAdd.joint?.side === "target" ? STEP_HEIGHT : 0;
  const position = {
    x: Math.round(x - STEP_WIDTH / 2),
    y: Math.round(y - (quickAdd.joint ? lift : STEP_HEIGHT / 2)),
  };
  add(store, addition, position, null, quickAdd.joint);
  store.getState().patch({ quickAdd: null });
}

/** Can a component stand at the other end of the connection that was dropped? */
export function fitsJoint(store: DesignerStore, component: Component, joint: QuickAdd["joint"]): boolean {
  if (!joint) return true;
  const { catalog, nodes } = store.getState();
  const spec = catalog.byId.get(nodes.get(joint.node)?.component ?? "");
  const type =
    joint.side === "source"
      ? spec?.outputs.find((port) => port.name === joint.port)?.type
      : spec?.inputs.find((port) => port.name === joint.port)?.type;
  return (joint.side === "source" ? component.inputs : component.outputs).some((port) => port.type === type);
}

export function spliceTarget(store: DesignerStore, component: Component, edgeId: string): GraphEdge | null {
  const { document, catalog } = store.getState();
  const edge = findEdge(document, edgeId);
  return edge && canSplice(document, catalog, component, edge) ? edge : null;
}

function add(
  store: DesignerStore,
  { component, title, parameters }: Addition,
  position: Position,
  after: string | null,
  joint: QuickAdd["joint"],
): void {
  const { document, catalog, nodes, run } = store.getState();
  const command = addStep(document, catalog, component, { position, parameters, title, after, joint });
  if (!run(command)) return;
  const id = command.select?.[0] as string;
  const joined = command.edits.length > 1;
  const other = nodes.get(after ?? joint?.node ?? "");
  const name = title ?? component.title;
  announce(joined && other ? `Added ${name}, connected to ${stepTitle(other, catalog)}.` : `Added ${name}.`);
  store.getState().show(id, null, true);
}

function openInput(store: DesignerStore, id: string, component: Component): string | null {
  const { document, catalog, nodes } = store.getState();
  const taken = new Set(incoming(document, id).map((edge) => edge.target_port));
  const inputs = catalog.byId.get(nodes.get(id)?.component ?? "")?.inputs ?? [];
  const socket = inputs.find(
    (input) => !taken.has(input.name) && component.outputs.some((output) => output.type === input.type),
  );
  return socket?.name ?? null;
}

function centered({ x, y }: Position): Position {
  return { x: Math.round(x - STEP_WIDTH / 2), y: Math.round(y - STEP_HEIGHT / 2) };
}
