import type { Component, Json } from "./types";

/** The components by id, and the newest version of each by name. */
export interface Catalog {
  all: Component[];
  byId: ReadonlyMap<string, Component>;
  latestByName: ReadonlyMap<string, Component>;
}

export function makeCatalog(components: readonly Component[]): Catalog {
  const byId = new Map<string, Component>();
  const latestByName = new Map<string, Component>();
  for (const component of components) {
    byId.set(component.id, component);
    const known = latestByName.get(component.name);
    if (!known || known.version < component.version) latestByName.set(component.name, component);
  }
  return { all: [...components], byId, latestByName };
}

/** What the palette offers: the newest version of each component that is not on its way out. */
export function offered(catalog: Catalog): Component[] {
  return [...catalog.latestByName.values()].filter((component) => !component.deprecated);
}

export function defaults(component: Component): Record<string, Json> {
  return Object.fromEntries(component.parameters.map((parameter) => [parameter.name, parameter.default]));
}
