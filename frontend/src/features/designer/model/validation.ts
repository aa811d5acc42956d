import type { Catalog } from "./catalog";
import { article, canFeed, reaches, typeWord } from "./compat";
import { findNode } from "./document";
import { incoming, isShown, stepTitle } from "./selectors";
import type { Component, GraphNode, Issue, Json, Parameter, PipelineDocument } from "./types";

/** The codes that the browser finds by itself at once; all others are the server's answer to the last save. */
export const LOCAL_CODES: ReadonlySet<string> = new Set([
  "empty_graph",
  "unknown_component",
  "upgrade_available",
  "missing_input",
  "missing_parameter",
  "type_mismatch",
  "too_many_connections",
  "unknown_port",
  "unknown_node",
  "cycle",
]);

/** What stands between this pipeline and a run, with the server's codes. */
export function validateLocally(document: PipelineDocument, catalog: Catalog): Issue[] {
  if (!document.graph.nodes.length)
    return [issue("empty_graph", {}, "The pipeline has no steps.", "Add a step from the palette.")];
  return [
    ...document.graph.nodes.flatMap((node) => nodeIssues(document, catalog, node)),
    ...edgeIssues(document, catalog),
  ];
}

function nodeIssues(document: PipelineDocument, catalog: Catalog, node: GraphNode): Issue[] {
  const component = catalog.byId.get(node.component);
  const at = { node: node.id };
  if (!component)
    return [
      issue(
        "unknown_component",
        at,
        `${stepTitle(node, catalog)}: the component ${node.component} is not installed.`,
        "Install it, or delete the step. Its settings are kept.",
      ),
    ];
  const title = stepTitle(node, catalog);
  const found: Issue[] = [];
  const feeding = incoming(document, node.id);
  for (const port of component.inputs) {
    if (port.required !== false && !feeding.some((edge) => edge.target_port === port.name))
      found.push(
        issue(
          "missing_input",
          { ...at, port: port.name },
          `${title} needs ${port.title.toLowerCase()}.`,
          `Connect ${article(typeWord(port.type))} to it.`,
        ),
      );
  }
  for (const parameter of component.parameters) {
    if (isMissing(parameter, component, node.parameters))
      found.push(
        issue(
          "missing_parameter",
          { ...at, parameter: parameter.name },
          `${title}: ${parameter.title} is not set.`,
          `Set ${parameter.title}.`,
        ),
      );
  }
  const latest = catalog.latestByName.get(component.name);
  if (latest && latest.version > component.version)
    found.push({
      ...issue(
        "upgrade_available",
        at,
        `${title} uses version ${component.version}. Version ${latest.version} is available.`,
        "Upgrade the step.",
      ),
      severity: "warning",
    });
  return found;
}

function isMissing(parameter: Parameter, component: Component, values: Record<string, Json>): boolean {
  if (!parameter.required || !isShown(parameter, component, values)) return false;
  const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : parameter.default;
  if (value === null || value === undefined || value === "") return true;
  if (parameter.kind === "columns") {
    const rules = (value as { rules?: unknown[] }).rules;
    return !rules?.length;
  }
  return false;
}

function edgeIssues(document: PipelineDocument, catalog: Catalog): Issue[] {
  const found: Issue[] = [];
  const taken = new Set<string>();
  for (const edge of document.graph.edges) {
    const source = findNode(document, edge.source);
    const target = findNode(document, edge.target);
    if (!source || !target) {
      const node = source?.id ?? target?.id ?? null;
      found.push(
        issue("unknown_node", { node }, "A connection leads to a step that does not exist.", "Delete it."),
      );
      continue;
    }
    const from = catalog.byId.get(source.component);
    const to = catalog.byId.get(target.component);
    if (!from || !to) continue;
    const output = from.outputs.find((port) => port.name === edge.source_port);
    const input = to.inputs.find((port) => port.name === edge.target_port);
    const at = { node: target.id, port: edge.target_port };
    const title = stepTitle(target, catalog);
    if (!output || !input) {
      found.push(
        issue("unknown_port", at, `${title} has a connection to a port that does not exist.`, "Delete it."),
      );
      continue;
    }
    if (!canFeed(output.type, input.type))
      found.push(
        issue(
          "type_mismatch",
          at,
          `${input.title} of ${title} takes ${article(typeWord(input.type))}, not ${article(typeWord(output.type))}.`,
          "Connect another output.",
        ),
      );
    const key = `${edge.target}\n${edge.target_port}`;
    if (taken.has(key))
      found.push(
        issue(
          "too_many_connections",
          at,
          `${input.title} of ${title} has two connections.`,
          "Delete one of them.",
        ),
      );
    taken.add(key);
    if (reaches(document, edge.target, edge.source))
      found.push(issue("cycle", at, `${title} depends on itself.`, "Delete one connection of the loop."));
  }
  return found;
}

function issue(
  code: string,
  at: { node?: string | null; port?: string; parameter?: string },
  message: string,
  fix: string,
): Issue {
  return {
    code,
    severity: "error",
    node: at.node ?? null,
    port: at.port ?? null,
    parameter: at.parameter ?? null,
    message,
    fix,
  };
}

/** The browser's own findings now, and of the server's last answer what only it can know and still has a step. */
export function combineIssues(document: PipelineDocument, local: Issue[], server: readonly Issue[]): Issue[] {
  const ids = new Set(document.graph.nodes.map((node) => node.id));
  return [
    ...local,
    ...server.filter((found) => !LOCAL_CODES.has(found.code) && (found.node === null || ids.has(found.node))),
  ];
}
