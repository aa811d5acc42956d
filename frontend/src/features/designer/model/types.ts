import type { Graph, GraphView } from "@/api/types";

export type {
  Component,
  Graph,
  GraphEdge,
  GraphNode,
  GraphView,
  Issue,
  Json,
  Parameter,
  Port,
  PortType,
} from "@/api/types";

export interface Position {
  x: number;
  y: number;
}

/** What is edited: meaning (`graph`) kept apart from looks (`view`), so that moving a step changes no result. */
export interface PipelineDocument {
  graph: Graph;
  view: GraphView;
}

export type GraphSettings = Graph["settings"];
