import type { Catalog } from "./catalog";
import { canonical } from "./document";
import type { Component, GraphEdge, GraphNode, Json, Parameter, PipelineDocument } from "./types";

/** The name on the step: its own, else the component's, else the id of a component that is not installed. */
export function stepTitle(node: GraphNode, catalog: Catalog): string {
  return node.title ?? catalog.byId.get(node.component)?.title ?? node.component;
}

export function incoming(document: PipelineDocument, id: string): GraphEdge[] {
  return document.graph.edges.filter((edge) => edge.target === id);
}

export function outgoing(document: PipelineDocument, id: string): GraphEdge[] {
  return document.graph.edges.filter((edge) => edge.source === id);
}

/** Everything that depends on these steps, or that they depend on, themselves included. */
export function related(
  document: PipelineDocument,
  ids: readonly string[],
  direction: "upstream" | "downstream",
): Set<string> {
  const found = new Set<string>();
  const queue = [...ids];
  while (queue.length) {
    const id = queue.pop() as string;
    if (found.has(id)) continue;
    found.add(id);
    for (const edge of document.graph.edges) {
      if (direction === "downstream" && edge.source === id) queue.push(edge.target);
      if (direction === "upstream" && edge.target === id) queue.push(edge.source);
    }
  }
  return found;
}

/** The steps in the order in which data reaches them; steps on a loop come last, in the order they were added. */
export function flowOrder(document: PipelineDocument): { node: GraphNode; depth: number }[] {
  const depth = new Map<string, number>();
  const waiting = new Map<string, number>();
  for (const node of document.graph.nodes) waiting.set(node.id, 0);
  for (const edge of document.graph.edges)
    if (waiting.has(edge.target) && waiting.has(edge.source))
      waiting.set(edge.target, (waiting.get(edge.target) as number) + 1);
  const queue = document.graph.nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  for (const id of queue) depth.set(id, 0);
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] as string;
    for (const edge of document.graph.edges) {
      if (edge.source !== id || !waiting.has(edge.target)) continue;
      depth.set(edge.target, Math.max(depth.get(edge.target) ?? 0, (depth.get(id) as number) + 1));
      const left = (waiting.get(edge.target) as number) - 1;
      waiting.set(edge.target, left);
      if (left === 0) queue.push(edge.target);
    }
  }
  const reached = new Set(queue);
  const rest = document.graph.nodes.filter((node) => !reached.has(node.id)).map((node) => node.id);
  const byId = new Map(document.graph.nodes.map((node) => [node.id, node]));
  return [...queue, ...rest].map((id) => ({ node: byId.get(id) as GraphNode, depth: depth.get(id) ?? 0 }));
}

/** Does the form show this parameter, given the values of the others? */
export function isShown(parameter: Parameter, component: Component, values: Record<string, Json>): boolean {
  if (!parameter.shown_when) return true;
  return Object.entries(parameter.shown_when).every(([name, allowed]) => {
    const other = component.parameters.find((candidate) => candidate.name === name);
    const value = Object.hasOwn(values, name) ? values[name] : other?.default;
    return value !== undefined && allowed.includes(value);
  });
}

export function isEdited(parameter: Parameter, values: Record<string, Json>): boolean {
  return (
    Object.hasOwn(values, parameter.name) &&
    canonical(values[parameter.name]) !== canonical(parameter.default)
  );
}

/** One line under the title: what makes this step different from its neighbors. Chosen by kind, never by component. */
export function summarize(node: GraphNode, component: Component | undefined): string {
  if (!component) return "Not installed";
  const shown = component.parameters.filter((parameter) => isShown(parameter, component, node.parameters));
  const chosen = [...shown]
    .map((parameter, order) => ({ parameter, rank: rank(parameter, node.parameters), order }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.order - b.order)
    .map(({ parameter }) => describe(parameter, node.parameters[parameter.name] ?? parameter.default))
    .filter((text) => text !== "");
  if (chosen.length) return chosen.slice(0, 2).join(" · ");
  return component.summary.replace(/\.$/, "");
}

function rank(parameter: Parameter, values: Record<string, Json>): number {
  const edited = isEdited(parameter, values) ? 4 : 0;
  switch (parameter.kind) {
    case "dataset":
    case "file":
    case "datastore_path":
      return 10;
    case "column":
    case "columns":
    case "rows":
      return 3 + edited;
    case "choice":
      return 2 + edited;
    case "number":
    case "integer":
      return 1 + edited;
    case "boolean":
      return edited ? 1 : 0;
    case "code":
      return 1;
    default:
      return edited ? 1 : 0;
  }
}

function describe(parameter: Parameter, value: Json | undefined): string {
  if (value === null || value === undefined || value === "") return "";
  switch (parameter.kind) {
    case "dataset":
    case "file": {
      const chosen = value as { name?: string; version?: number | string };
      if (!chosen.name) return "";
      return chosen.version === "latest" || chosen.version === undefined
        ? chosen.name
        : `${chosen.name} v${chosen.version}`;
    }
    case "datastore_path":
      return (value as { path?: string }).path ?? "";
    case "choice":
      return (
        parameter.choices?.find((choice) => choice.value === value)?.title ?? String(value)
      ).toLowerCase();
    case "choices":
    case "number_list":
      return Array.isArray(value) && value.length ? value.slice(0, 3).join(", ") : "";
    case "columns":
      return describeColumns(value);
    case "rows":
      return describeRows(parameter, value);
    case "number":
    case "integer":
    case "seed":
      return `${parameter.title.toLowerCase()} ${String(value)}`;
    case "boolean":
      return value ? parameter.title.toLowerCase() : "";
    case "code": {
      const line = String(value)
        .split("\n")
        .map((text) => text.trim())
        .find((text) => text !== "" && !text.startsWith("#") && !text.startsWith("--"));
      return line ?? "";
    }
    default:
      return String(value).split("\n", 1)[0] ?? "";
  }
}

/** The first rows, each as the words of its fields: "mean delay". */
function describeRows(parameter: Parameter, value: Json): string {
  const rows = Array.isArray(value) ? (value as Record<string, Json>[]) : [];
  const fields = parameter.fields ?? [];
  const said = rows.slice(0, 3).map((row) =>
    fields
      .map((field) => describe(field, row[field.name] === undefined ? field.default : row[field.name]))
      .filter(Boolean)
      .join(" "),
  );
  return said.join(", ") + (rows.length > 3 ? ` and ${rows.length - 3} more` : "");
}

function describeColumns(value: Json | undefined): string {
  const rules =
    (value as unknown as { rules?: { action: string; by: string; values?: string[] }[] }).rules ?? [];
  const parts = rules.map(({ action, by, values = [] }) => {
    const what =
      by === "all"
        ? "all columns"
        : by === "names"
          ? values.length <= 2
            ? values.join(", ")
            : `${values.length} columns`
          : `${values.join(", ")} columns`;
    return action === "exclude" ? `not ${what}` : what;
  });
  return parts.join(", ");
}
