import type { Catalog } from "./catalog";
import { findNode, sameEdge } from "./document";
import { stepTitle } from "./selectors";
import type { Component, GraphEdge, PipelineDocument, Port, PortType } from "./types";

export type Check = { ok: true } | { ok: false; code: string; reason: string };

const TYPE_WORDS: Record<PortType, string> = {
  table: "table",
  untrained_model: "untrained model",
  model: "trained model",
  transformation: "transformation",
  metrics: "metrics",
  file: "file",
  image: "image folder",
  clustering: "clustering model",
};

/** The word for a port type on screen and in accessible names. */
export function typeWord(type: PortType): string {
  return TYPE_WORDS[type] ?? String(type).replaceAll("_", " ");
}

export function canFeed(source: PortType, target: PortType): boolean {
  return source === target;
}

/** May these two ports be joined? If not, a sentence says why. */
export function checkConnection(document: PipelineDocument, catalog: Catalog, edge: GraphEdge): Check {
  const source = findNode(document, edge.source);
  const target = findNode(document, edge.target);
  if (!source || !target)
    return no("unknown_node", "One end of this connection is not in the pipeline any more.");
  if (source.id === target.id) return no("cycle", "A step cannot feed itself.");
  const output = outputOf(document, catalog, edge.source, edge.source_port);
  const input = inputOf(document, catalog, edge.target, edge.target_port);
  const from = stepTitle(source, catalog);
  const to = stepTitle(target, catalog);
  if (!output) return no("unknown_port", `${from} has no output ${edge.source_port}.`);
  if (!input) return no("unknown_port", `${to} has no input ${edge.target_port}.`);
  if (!canFeed(output.type, input.type)) {
    return no(
      "type_mismatch",
      `${input.title} takes ${article(typeWord(input.type))}, and ${output.title} is ${article(typeWord(output.type))}.`,
    );
  }
  if (document.graph.edges.some((other) => sameEdge(edge, other)))
    return no("duplicate_edge", "These two ports are already connected.");
  if (reaches(document, edge.target, edge.source))
    return no("cycle", `${from} already depends on ${to}, so this would make a loop.`);
  const holder = document.graph.edges.find(
    (other) => other.target === edge.target && other.target_port === edge.target_port,
  );
  if (holder) {
    const feeder = findNode(document, holder.source);
    const name = feeder ? stepTitle(feeder, catalog) : holder.source;
    return no(
      "too_many_connections",
      `${input.title} of ${to} already comes from ${name}. Remove that connection first.`,
    );
  }
  return { ok: true };
}

export function outputOf(
  document: PipelineDocument,
  catalog: Catalog,
  id: string,
  port: string,
): Port | undefined {
  const node = findNode(document, id);
  return node && catalog.byId.get(node.component)?.outputs.find((candidate) => candidate.name === port);
}

export function inputOf(
  document: PipelineDocument,
  catalog: Catalog,
  id: string,
  port: string,
): Port | undefined {
  const node = findNode(document, id);
  return node && catalog.byId.get(node.component)?.inputs.find((candidate) => candidate.name === port);
}

/** Does data flow from one step to another? */
export function reaches(document: PipelineDocument, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  while (queue.length) {
    const id = queue.pop() as string;
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const edge of document.graph.edges) if (edge.source === id) queue.push(edge.target);
  }
  return false;
}

/** The first pair of ports by which a step could feed a new one. Required inputs go first. */
export function firstJoin(
  document: PipelineDocument,
  catalog: Catalog,
  after: string,
  id: string,
  component: Component,
): GraphEdge | null {
  const node = findNode(document, after);
  const outputs = (node && catalog.byId.get(node.component)?.outputs) ?? [];
  const inputs = [...component.inputs].sort(
    (a, b) => Number(b.required ?? true) - Number(a.required ?? true),
  );
  for (const output of outputs) {
    const input = inputs.find((candidate) => canFeed(output.type, candidate.type));
    if (input) return { source: after, source_port: output.name, target: id, target_port: input.name };
  }
  return null;
}

/** Every input that an output may be joined to now, for the Connect list of the keyboard. */
export function openTargets(
  document: PipelineDocument,
  catalog: Catalog,
  source: string,
): { edge: GraphEdge; output: Port; input: Port; title: string }[] {
  const node = findNode(document, source);
  const outputs = (node && catalog.byId.get(node.component)?.outputs) ?? [];
  return outputs.flatMap((output) =>
    document.graph.nodes.flatMap((target) =>
      (catalog.byId.get(target.component)?.inputs ?? []).flatMap((input) => {
        const edge = { source, source_port: output.name, target: target.id, target_port: input.name };
        return checkConnection(document, catalog, edge).ok
          ? [{ edge, output, input, title: stepTitle(target, catalog) }]
          : [];
      }),
    ),
  );
}

function no(code: string, reason: string): Check {
  return { ok: false, code, reason };
}

export function article(word: string): string {
  if (word === "metrics") return word;
  return `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;
}
