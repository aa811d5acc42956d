/** The shapes that the designer edits. They mirror the wire: what is read is what is saved. */

export type PortType = "table" | "untrained_model" | "model" | "transformation" | "metrics" | "file" | (string & {});

export interface InputPort {
  name: string;
  title: string;
  type: PortType;
  required: boolean;
  help?: string;
  /** Several connections may meet here. Ports take one unless they say so. */
  multiple?: boolean;
}

export interface OutputPort {
  name: string;
  title: string;
  type: PortType;
  help?: string;
}

export type ParameterKind =
  | "number"
  | "integer"
  | "boolean"
  | "text"
  | "multiline"
  | "code"
  | "choice"
  | "choices"
  | "column"
  | "columns"
  | "dataset"
  | "seed"
  | "number_list";

export interface Parameter {
  name: string;
  title: string;
  kind: ParameterKind;
  default: unknown;
  required: boolean;
  nullable: boolean;
  minimum: number | null;
  maximum: number | null;
  exclusive_minimum: boolean;
  exclusive_maximum: boolean;
  step: number | null;
  choices: { value: string | number | boolean; title: string }[] | null;
  shown_when: Record<string, unknown[]> | null;
  columns_of: string | null;
  language: "python" | "sql" | null;
  group: string | null;
  placeholder: string | null;
  help: string;
}

export interface Component {
  id: string;
  name: string;
  version: number;
  title: string;
  family: string;
  summary: string;
  description: string;
  synonyms: string[];
  effect: "pure" | "source" | "sink" | "user_code";
  deprecated: boolean;
  inputs: InputPort[];
  outputs: OutputPort[];
  parameters: Parameter[];
}

export interface GraphNode {
  id: string;
  component: string;
  title: string | null;
  comment: string;
  parameters: Record<string, unknown>;
}

export interface GraphEdge {
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

export interface GraphSettings {
  continue_on_step_failure: boolean;
  [name: string]: unknown;
}

export interface Graph {
  schema_version: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  parameters: unknown[];
  settings: GraphSettings;
}

export interface Position {
  x: number;
  y: number;
}

export interface View {
  positions: Record<string, Position>;
  notes: unknown[];
  viewport: { x: number; y: number; zoom: number } | null;
}

/** What is edited: meaning (`graph`) kept apart from looks (`view`), so that moving a step changes no result. */
export interface PipelineDocument {
  graph: Graph;
  view: View;
}

export type IssueCode =
  | "graph_invalid"
  | "cycle"
  | "duplicate_edge"
  | "unknown_node"
  | "unknown_port"
  | "type_mismatch"
  | "too_many_connections"
  | "missing_input"
  | "unknown_component"
  | "unknown_parameter"
  | "missing_parameter"
  | "invalid_parameter"
  | "unknown_column"
  | "upgrade_available"
  | "empty_graph"
  | (string & {});

export interface Issue {
  code: IssueCode;
  severity: "error" | "warning";
  node: string | null;
  port: string | null;
  parameter: string | null;
  message: string;
  fix: string | null;
}
