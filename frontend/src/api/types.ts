/** Wire types, named after the API's own nouns. */

export type Role = "owner" | "contributor" | "reader";

export type Status =
  | "not_started"
  | "queued"
  | "starting"
  | "provisioning"
  | "preparing"
  | "running"
  | "finalizing"
  | "completed"
  | "failed"
  | "canceling"
  | "canceled"
  | "not_responding"
  | "skipped";

export type PortType =
  | "table"
  | "untrained_model"
  | "model"
  | "transformation"
  | "metrics"
  | "file"
  | "image"
  | "clustering";

export type Dtype =
  | "integer"
  | "float"
  | "boolean"
  | "string"
  | "categorical"
  | "datetime"
  | "date"
  | "time"
  | "duration"
  | "other";

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
  | "file"
  | "datastore_path"
  | "seed"
  | "number_list"
  | "rows";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Page<T> {
  results: T[];
  next: string | null;
  count: number;
}

export interface ProblemError {
  node?: string | null;
  port?: string | null;
  parameter?: string | null;
  pointer?: string | null;
  code: string;
  detail: string;
  fix?: string | null;
}

/** RFC 9457 problem details: the body of every failed request and of `Activity.failure`. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  fault: "user" | "platform";
  errors: ProblemError[];
  fix?: string | null;
  instance?: string | null;
  trace_id?: string | null;
  current_revision?: number;
  traceback?: string | null;
}

export interface User {
  id: string | number;
  username: string;
  display_name: string;
  email: string;
}

export interface Session {
  user: User | null;
  version: string;
  profile: "embedded" | "production";
}

export interface Token {
  id: string;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  secret?: string;
}

export interface Workspace {
  id: string;
  name: string;
  friendly_name: string;
  description: string;
  role: Role;
  actions: string[];
  created_at: string;
  archived_at: string | null;
}

export interface Invitation {
  id: string;
  role: Role;
  note: string;
  created_at: string;
  created_by: User | null;
  expires_at: string;
  accepted_at: string | null;
  accepted_by: User | null;
  /** Only in the answer that made it. */
  url?: string;
}

/** What whoever opens a link is told. */
export interface OpenInvitation {
  workspace: string;
  friendly_name: string;
  role: Role;
  invited_by: string | null;
  expires_at: string;
}

export interface Member {
  user: User;
  role: Role;
  added_at: string;
}

// Components and graphs

export interface Port {
  name: string;
  title: string;
  type: PortType;
  required?: boolean;
  help: string;
}

export interface Choice {
  value: string;
  title: string;
}

export interface Parameter {
  name: string;
  title: string;
  kind: ParameterKind;
  default: Json;
  required: boolean;
  nullable: boolean;
  minimum: number | null;
  maximum: number | null;
  exclusive_minimum: boolean;
  exclusive_maximum: boolean;
  step: number | null;
  choices: Choice[] | null;
  shown_when: Record<string, Json[]> | null;
  columns_of: string | null;
  language: "python" | "sql" | null;
  group: string | null;
  placeholder: string | null;
  /** Over which values it is tuned unless told otherwise. */
  tuned?: string | null;
  help: string;
  /** Of each row, for the kind `rows`; null for the others. */
  fields: Parameter[] | null;
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
  inputs: Port[];
  outputs: Port[];
  parameters: Parameter[];
}

export interface Sample {
  name: string;
  title: string;
  description: string;
  node_count: number;
  /** Names of the datasets that it reads. */
  datasets: string[];
  thumbnail: DraftSummary["thumbnail"];
}

export interface SchemaColumn {
  name: string;
  dtype: Dtype;
  role: null | "feature" | "label" | "score";
  categorical: boolean;
}

export interface TableSchema {
  columns: SchemaColumn[];
}

export interface ColumnRule {
  action: "include" | "exclude";
  by: "all" | "names" | "types" | "roles" | "pattern";
  values: string[];
}

export interface ColumnSelection {
  rules: ColumnRule[];
}

export interface DatasetReference {
  id: string;
  name: string;
  version: number | "latest";
}

export interface GraphNode {
  id: string;
  component: string;
  title: string | null;
  comment: string;
  parameters: Record<string, Json>;
}

export interface GraphEdge {
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

export interface Graph {
  schema_version: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  parameters: Json[];
  settings: { continue_on_step_failure?: boolean; [key: string]: Json | undefined };
}

export interface GraphView {
  positions: Record<string, { x: number; y: number }>;
  notes: Json[];
  viewport: { x: number; y: number; zoom: number } | null;
}

export interface Issue {
  code: string;
  severity: "error" | "warning";
  node: string | null;
  port: string | null;
  parameter: string | null;
  message: string;
  fix: string | null;
}

export type PortSchemas = Record<string, Record<string, TableSchema | null>>;

export interface DraftSummary {
  id: string;
  name: string;
  description: string;
  revision: number;
  created_at: string;
  updated_at: string;
  updated_by: User;
  node_count: number;
  last_run: { id: string; number: number; status: Status; finished_at: string | null } | null;
  thumbnail: { nodes: { x: number; y: number; status?: Status }[]; edges: [number, number][] } | null;
}

export interface DraftVersion {
  number: number;
  name: string;
  note: string;
  revision: number;
  created_at: string;
  created_by: User | null;
  node_count: number;
}

export interface Draft extends DraftSummary {
  graph: Graph;
  view: GraphView;
  issues: Issue[];
  schemas: PortSchemas;
}

export interface Reason {
  kind: "reused" | "first_run" | "changed" | "not_cacheable" | "regenerate" | "upstream";
  text: string;
  differences: { field: string; old: Json; new: Json }[];
}

export interface PlanStep {
  node: string;
  component: string;
  title: string;
  decision: "reuse" | "run";
  reused_from: { id: string; number: number } | null;
  reason: Reason;
  /** Median of its latest durations, in seconds. */
  expected_s: number | null;
}

export interface Plan {
  steps: PlanStep[];
  reuse: number;
  run: number;
  expected_s: number | null;
  /** Names the plan, so that a submission can insist on it. */
  digest: string;
}

// Activities, runs, steps

export interface Activity {
  id: string;
  kind: string;
  title: string;
  status: Status;
  phase: string;
  progress: number | null;
  wait_reason: string | null;
  attempt: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  duration_s: number | null;
  actor: User | null;
  parent: string | null;
  subject: { kind: string; id: string; name: string } | null;
  failure: ProblemDetails | null;
  can_cancel: boolean;
  has_log: boolean;
}

export interface LogPage {
  text: string;
  offset: number;
  next_offset: number;
  size_bytes: number;
  complete: boolean;
  first_error: { line: number; text: string } | null;
}

export interface StepCounts {
  total: number;
  completed: number;
  failed: number;
  reused: number;
  running: number;
  canceled: number;
  skipped: number;
}

export interface Run {
  id: string;
  number: number;
  kind: "pipeline" | "step" | "trial";
  display_name: string;
  description: string;
  experiment: { id: string; name: string } | null;
  status: Status;
  phase: string;
  progress: number | null;
  attempt: number;
  wait_reason: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  duration_s: number | null;
  actor: User | null;
  parent: string | null;
  failure: ProblemDetails | null;
  tags: Record<string, string>;
  metrics: Record<string, number | string>;
  steps: StepCounts | null;
  draft: { id: string; name: string; revision: number } | null;
  /** The steps that were asked for; null means all. */
  selection: string[] | null;
  resumes: { id: string; number: number } | null;
  can_cancel: boolean;
}

/** A part of a run, such as a trial: what it tried, and what came of it. */
export interface ChildRun extends Omit<Run, "selection" | "resumes" | "draft" | "steps"> {
  place: number | null;
  parameters: Record<string, Json>;
}

export interface Output {
  port: string;
  title: string;
  type: PortType;
  digest: string;
  size_bytes: number;
  rows: number | null;
  columns: number | null;
  media_type: string;
  has_document: boolean;
}

export interface OutputDetail extends Output {
  schema: TableSchema | null;
  document: OutputDocument | null;
}

export interface Step extends Omit<Run, "draft" | "steps" | "selection" | "resumes"> {
  node: string;
  component: string;
  title: string;
  reused_from: { id: string; run: string; number: number } | null;
  reason: Reason | null;
  outputs: Output[];
  inputs: { port: string; source_node: string; source_port: string }[];
}

export interface RunGraph {
  graph: Graph;
  view: GraphView;
  schemas: PortSchemas;
}

export interface MetricPoint {
  step: number | null;
  value: number | string;
  at: string;
}

export interface MetricSeries {
  run: string;
  node: string | null;
  name: string;
  last: number | string;
  points: MetricPoint[];
  count: number;
}

export interface Experiment {
  id: string;
  name: string;
  run_count: number;
  last_run_at: string | null;
}

export interface SearchHit {
  kind: string;
  id: string;
  name: string;
  url: string;
  hint: string;
}

export interface Home {
  recent_runs: Run[];
  running: Run[];
  drafts: DraftSummary[];
  datasets: DatasetSummary[];
  failed: Run[];
  counts: { datasets: number; drafts: number; runs: number; running: number };
  runs_per_week: { week: string; count: number }[];
  storage_bytes: number;
  getting_started: {
    dismissed: boolean;
    uploaded_dataset: boolean;
    drew_pipeline: boolean;
    ran_pipeline: boolean;
  };
}

// Data

export interface Datastore {
  name: string;
  kind: string;
  is_default: boolean;
  description: string;
}

export interface TreeEntry {
  name: string;
  path: string;
  kind: "folder" | "file";
  size_bytes: number | null;
  modified_at: string | null;
}

export interface TreePage {
  path: string;
  entries: TreeEntry[];
  next: string | null;
}

export interface Upload {
  id: string;
  file_name: string;
  size_bytes: number;
  offset: number;
  chunk_size_bytes: number;
  expires_at: string;
  complete: boolean;
}

export type DataFormat = "csv" | "tsv" | "jsonl" | "parquet" | "excel";

export interface ParseOptions {
  format: DataFormat;
  delimiter: string;
  quote: string;
  header: boolean;
  encoding: string;
  skip_rows: number;
  missing_values: string[];
  column_types: Record<string, Dtype>;
  decimal: string;
  sheet: string;
}

export type DataSource = { upload: string } | { datastore: string; path: string };

export type Cell = string | number | boolean | null;

export interface ParseIssue {
  code: string;
  message: string;
  fix: string | null;
  line?: number | null;
  column?: string | null;
}

export interface ParsePreview {
  options: ParseOptions;
  columns: { name: string; dtype: Dtype; original_name: string }[];
  rows: Cell[][];
  row_estimate: number | null;
  sheets: string[];
  issues: ParseIssue[];
}

/** A table, or a file that is kept as it is. */
export type DatasetKind = "table" | "file";

export interface FileList {
  /** The first of them. */
  entries: { name: string; size_bytes: number }[];
  count: number;
  is_archive: boolean;
}

export interface DatasetSummary {
  id: string;
  name: string;
  kind: DatasetKind;
  description: string;
  tags: Record<string, string>;
  latest_version: number | null;
  rows: number | null;
  columns: number | null;
  size_bytes: number | null;
  status: Status;
  created_at: string;
  updated_at: string;
  created_by: User | null;
  archived_at: string | null;
  source_note: string;
  license: string;
}

export interface DatasetVersion {
  id: string;
  dataset: { id: string; name: string; kind: DatasetKind };
  version: number;
  status: Status;
  activity: Activity;
  fingerprint: string | null;
  rows: number | null;
  columns: number | null;
  size_bytes: number | null;
  schema: TableSchema | null;
  table_digest: string | null;
  source: Record<string, Json>;
  options: ParseOptions | null;
  created_at: string;
  created_by: User | null;
  drifted: { expected: string; found: string } | null;
}

export interface Dataset extends DatasetSummary {
  versions: DatasetVersion[];
}

export interface TablePage {
  columns: { name: string; dtype: Dtype; role: string | null }[];
  rows: Cell[][];
  offset: number;
  total_rows: number;
  total_columns: number;
}

export interface ProfileColumn {
  name: string;
  dtype: Dtype;
  count: number;
  missing: number;
  unique: number | null;
  unique_is_estimate: boolean;
  min: number | string | null;
  max: number | string | null;
  mean: number | string | null;
  sd: number | string | null;
  quartiles: (number | string | null)[] | null;
  histogram: { edges: (number | string)[]; counts: number[] } | null;
  top: { value: Cell; count: number }[] | null;
  notes: string[];
}

export interface Profile {
  digest: string;
  row_count: number;
  column_count: number;
  computed_at: string;
  columns: ProfileColumn[];
}

export interface LineageLink {
  kind: string;
  id: string;
  name: string;
  status: Status | null;
  created_at: string;
  role: string;
}

export interface Lineage {
  used_by: LineageLink[];
  made_by: LineageLink[];
}

// Documents a browser draws

export interface ThresholdRow {
  threshold: number;
  tp: number;
  fp: number;
  tn: number;
  fn: number;
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
}

export interface EvaluationResult {
  name: string;
  rows: number;
  metrics: Record<string, number | string | null>;
  labels?: string[];
  positive?: string;
  roc?: { fpr: number[]; tpr: number[]; threshold: (number | string)[]; thinned_from?: number };
  pr?: { recall: number[]; precision: number[]; threshold: (number | string)[]; thinned_from?: number };
  thresholds?: ThresholdRow[];
  confusion?: { labels: string[]; matrix: number[][] };
  /** Of a clustering: one row a cluster. */
  clusters?: ({ cluster: number; points: number } & Record<string, number | undefined>)[];
  residuals?: {
    edges: number[];
    counts: number[];
    actual: number[];
    predicted: number[];
    sampled_from?: number;
  };
}

export interface EvaluationDocument {
  kind: "evaluation";
  task: "binary" | "multiclass" | "regression" | "clustering";
  results: EvaluationResult[];
}

export interface ModelDocument {
  kind: "model";
  algorithm: string;
  title?: string;
  task: string;
  label: string | null;
  features: string[];
  parameters: Record<string, Json>;
  importance?: { name: string; value: number }[];
  coefficients?: { name: string; value: number; class?: string }[];
  /** Of a clustering: one list of values, in the order of the features, for each of the first centers. */
  centers?: number[][];
  learning_curve?: { iteration: number; name: string; value: number }[];
  training?: { rows: number; columns: number };
}

export interface UntrainedModelDocument {
  kind: "untrained_model";
  algorithm: string;
  title?: string;
  task: string;
  parameters: Record<string, Json>;
}

export interface TransformationDocument {
  kind: "transformation";
  name: string;
  columns: { name: string; action: string; detail: string }[];
}

export type OutputDocument =
  | EvaluationDocument
  | ModelDocument
  | UntrainedModelDocument
  | TransformationDocument;

// Comparing runs

export interface ComparedOutput {
  port: string;
  title: string;
  type: PortType;
  digest: string;
  size_bytes: number;
  rows: number | null;
  columns: number | null;
  has_document: boolean;
  /** Place in the comparison's schemas. */
  schema: number | null;
}

export interface ComparedCell {
  run: string;
  /** The step's own run; null where the node was not run. */
  id: string | null;
  node: string;
  title: string;
  component: string;
  status: Status | null;
  duration_s: number | null;
  reused_from: { id: string; run: string; number: number } | null;
  metrics: Record<string, number | string>;
  outputs: ComparedOutput[];
}

export interface ComparedStep {
  key: string;
  title: string;
  component: string;
  cells: ComparedCell[];
}

export interface ComparedParameter {
  step: string;
  step_title: string;
  name: string;
  title: string;
  kind: string;
  differs: boolean;
  values: { run: string; value: Json }[];
}

export interface MetricChange {
  name: string;
  old: number | string | null;
  new: number | string | null;
}

export interface OutputChange {
  port: string;
  title: string;
  type: PortType;
  rows_old: number | null;
  rows_new: number | null;
  columns_old: number | null;
  columns_new: number | null;
}

export type NodeState = "added" | "removed" | "changed" | "same";

export interface NodeDifference {
  key: string;
  title: string;
  component: string;
  state: NodeState;
  /** Only title or comment changed, which change no result. */
  only_words: boolean;
  fields: { field: string; title: string; old: Json; new: Json }[];
  consequences: {
    status_old: Status | null;
    status_new: Status | null;
    metrics: MetricChange[];
    outputs: OutputChange[];
  };
}

export interface GraphDifference {
  run: string;
  matched_by: "id" | "component_and_title";
  same: boolean;
  nodes: NodeDifference[];
  edges_added: GraphEdge[];
  edges_removed: GraphEdge[];
  settings: { field: string; old: Json; new: Json }[];
  metrics: MetricChange[];
}

export interface Comparison {
  baseline: string;
  limit: number;
  runs: Run[];
  steps: ComparedStep[];
  parameters: ComparedParameter[];
  differences: GraphDifference[];
  schemas: { name: string; dtype: Dtype; role: string | null; categorical: boolean }[][];
}

// Events

export interface ActivityChanged {
  id: string;
  kind: string;
  title: string;
  status: Status;
  previous: Status | null;
  phase: string;
  progress: number | null;
  attempt: number;
  wait_reason: string | null;
  parent: string | null;
  node: string | null;
  subject: { kind: string; id: string; name: string } | null;
  started_at: string | null;
  finished_at: string | null;
  reused_from: { id: string; run: string; number: number } | null;
  failure_title: string | null;
  outputs?: { port: string; type: PortType; rows: number | null; columns: number | null }[];
}

export interface ActivityProgressed {
  id: string;
  parent: string | null;
  node: string | null;
  progress: number | null;
  phase: string | null;
}

export interface ActivityLogged {
  id: string;
  parent: string | null;
  node: string | null;
  offset: number;
  text: string;
}

export interface MetricsLogged {
  run: string;
  parent: string | null;
  node: string | null;
  points: { name: string; step: number | null; value: number | string; at: string }[];
}

export interface EventPayloads {
  "activity.changed": ActivityChanged;
  "activity.progressed": ActivityProgressed;
  "activity.logged": ActivityLogged;
  "experiments.metrics_logged": MetricsLogged;
  "experiments.run_updated": { run: string };
  "datasets.dataset_changed": { dataset: string };
  "datasets.version_registered": { dataset: string; version: number; activity: string };
  "datasets.profile_stored": { digest: string; dataset: string | null; version: number | null };
  "pipelines.draft_saved": { draft: string; revision: number; by: string | number };
  "pipelines.draft_changed": { draft: string };
  "workspaces.workspace_changed": Record<string, never>;
  "workspaces.member_changed": { user: string | number };
}

export type EventType = keyof EventPayloads;

export type StudioEvent = {
  [T in EventType]: { seq: number; type: T; at: string; payload: EventPayloads[T] };
}[EventType];

export interface EventPage {
  events: StudioEvent[];
  seq: number;
  resync: boolean;
}
