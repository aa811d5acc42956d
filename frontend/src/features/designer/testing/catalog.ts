import { type Catalog, makeCatalog } from "../model/catalog";
import type { Component, Parameter, Port, PortType } from "../model/types";

/** A small made-up catalog. Its components exist nowhere else: the designer knows kinds, never names. */

export function parameter(name: string, kind: Parameter["kind"], more: Partial<Parameter> = {}): Parameter {
  return {
    name,
    title: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " "),
    kind,
    default: null,
    required: false,
    nullable: true,
    minimum: null,
    maximum: null,
    exclusive_minimum: false,
    exclusive_maximum: false,
    step: null,
    choices: null,
    shown_when: null,
    columns_of: null,
    language: null,
    group: null,
    placeholder: null,
    help: "",
    fields: null,
    ...more,
  };
}

export function input(name: string, type: PortType, required = true): Port {
  return { name, title: name.charAt(0).toUpperCase() + name.slice(1), type, required, help: "" };
}

export function output(name: string, type: PortType): Port {
  return { name, title: name.charAt(0).toUpperCase() + name.slice(1), type, help: "" };
}

export function component(name: string, title: string, more: Partial<Component> = {}): Component {
  return {
    id: `${name}@${more.version ?? 1}`,
    name,
    version: 1,
    title,
    family: "Transform",
    summary: `${title}.`,
    description: "",
    synonyms: [],
    effect: "pure",
    deprecated: false,
    inputs: [],
    outputs: [],
    parameters: [],
    ...more,
  };
}

export const components: Component[] = [
  component("well", "Well", {
    family: "Sources",
    effect: "source",
    outputs: [output("water", "table")],
    parameters: [
      parameter("depth", "integer", { default: 3 }),
      parameter("origin", "dataset", { required: true }),
    ],
  }),
  component("sieve", "Sieve", {
    synonyms: ["filter rows"],
    inputs: [input("water", "table")],
    outputs: [output("clean", "table")],
    parameters: [
      parameter("mesh", "number", { default: 0.5, required: true }),
      parameter("note", "text", { default: "" }),
    ],
  }),
  component("fork", "Fork", {
    inputs: [input("water", "table")],
    outputs: [output("left", "table"), output("right", "table")],
  }),
  component("seed", "Seed", { family: "Growing", outputs: [output("seedling", "untrained_model")] }),
  component("garden", "Garden", {
    family: "Growing",
    inputs: [input("seedling", "untrained_model"), input("water", "table")],
    outputs: [output("plant", "model")],
  }),
  component("harvest", "Harvest", {
    family: "Growing",
    inputs: [input("plant", "model"), input("water", "table", false)],
    outputs: [output("fruit", "metrics")],
  }),
];

export const catalog: Catalog = makeCatalog(components);

export function spec(name: string): Component {
  const found = catalog.latestByName.get(name);
  if (!found) throw new Error(`No ${name} in the made-up catalog.`);
  return found;
}
