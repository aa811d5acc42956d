import { type Edge, type Node, Position as Side } from "@xyflow/react";
import type { Catalog } from "../model/catalog";
import { outputOf, typeWord } from "../model/compat";
import { edgeKey, positionOf } from "../model/document";
import { STEP_HEIGHT, STEP_WIDTH } from "../model/placing";
import { stepTitle } from "../model/selectors";
import type { Component, GraphEdge, GraphNode, PipelineDocument, PortType } from "../model/types";

const PORT = 11;

export type FlowNode = Node<{ component: string }, "step">;
export type FlowEdge = Edge<{ edge: GraphEdge; type: PortType | undefined; labeled: boolean }, "flow">;

/** How far along its side of the step a port sits, in percent. */
export function portAt(index: number, count: number): number {
  return ((index + 1) / (count + 1)) * 100;
}

/**
 * The ports of a component; for one that is not installed, those that the pipeline's connections speak of,
 * so that a placeholder keeps its connections.
 */
export function portsOf(
  node: GraphNode,
  component: Component | undefined,
  edges: readonly GraphEdge[],
): Pick<Component, "inputs" | "outputs"> {
  if (component) return component;
  const names = (side: "target" | "source") => [
    ...new Set(edges.filter((edge) => edge[side] === node.id).map((edge) => edge[`${side}_port`])),
  ];
  const port = (name: string) => ({ name, title: name, type: "file" as const, help: "" });
  return { inputs: names("target").map(port), outputs: names("source").map(port) };
}

/** React Flow's nodes for a document. Unchanged steps keep their object, so that they do not render again. */
export function flowNodes(
  document: PipelineDocument,
  catalog: Catalog,
  selected: ReadonlySet<string>,
  before: readonly FlowNode[],
  readOnly: boolean,
): FlowNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  return document.graph.nodes.map((node) => {
    const position = positionOf(document, node.id);
    const title = stepTitle(node, catalog);
    const known = old.get(node.id);
    const chosen = selected.has(node.id);
    if (
      known &&
      known.data.component === node.component &&
      known.ariaLabel === title &&
      known.selected === chosen &&
      (known.dragging || (known.position.x === position.x && known.position.y === position.y))
    )
      return known;
    const ports = portsOf(node, catalog.byId.get(node.component), document.graph.edges);
    return {
      ...known,
      id: node.id,
      type: "step" as const,
      position: known?.dragging ? known.position : position,
      data: known?.data.component === node.component ? known.data : { component: node.component },
      selected: chosen,
      width: STEP_WIDTH,
      height: STEP_HEIGHT,
      ariaLabel: title,
      connectable: !readOnly,
      domAttributes: {
        "data-comp": node.component,
        "aria-describedby": `step-state-${node.id}`,
        "aria-roledescription": "step",
      } as FlowNode["domAttributes"],
      handles: [
        ...ports.inputs.map((port, index) => handle(port.name, "target", index, ports.inputs.length)),
        ...ports.outputs.map((port, index) => handle(port.name, "source", index, ports.outputs.length)),
      ],
    };
  });
}

function handle(id: string, type: "source" | "target", index: number, count: number) {
  return {
    id,
    type,
    position: type === "target" ? Side.Top : Side.Bottom,
    x: (STEP_WIDTH * portAt(index, count)) / 100 - PORT / 2,
    y: (type === "target" ? 0 : STEP_HEIGHT) - PORT / 2,
    width: PORT,
    height: PORT,
  };
}

export function flowEdges(
  document: PipelineDocument,
  catalog: Catalog,
  selected: ReadonlySet<string>,
  before: readonly FlowEdge[],
  readOnly: boolean,
): FlowEdge[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  const labeled = new Set<string>();
  const titles = new Map(document.graph.nodes.map((node) => [node.id, stepTitle(node, catalog)]));
  return document.graph.edges
    .filter((edge) => titles.has(edge.source) && titles.has(edge.target))
    .map((edge) => {
      const id = edgeKey(edge);
      const output = outputOf(document, catalog, edge.source, edge.source_port);
      // What leaves one port is said once, not on each of its connections.
      const from = `${edge.source}.${edge.source_port}`;
      const first = !labeled.has(from);
      labeled.add(from);
      const known = old.get(id);
      const chosen = selected.has(id);
      if (
        known &&
        known.data?.type === output?.type &&
        known.selected === chosen &&
        known.data?.labeled === first
      )
        return known;
      return {
        id,
        type: "flow" as const,
        source: edge.source,
        sourceHandle: edge.source_port,
        target: edge.target,
        targetHandle: edge.target_port,
        selected: chosen,
        focusable: !readOnly,
        interactionWidth: 18,
        ariaLabel: `${output ? typeWord(output.type) : "Connection"} from ${titles.get(edge.source)} to ${titles.get(edge.target)}`,
        data: { edge, type: output?.type, labeled: first },
      };
    });
}
