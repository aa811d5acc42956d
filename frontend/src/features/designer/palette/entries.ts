import type { DatasetSummary } from "@/api/types";
import type { Addition } from "../actions/adding";
import { type Catalog, offered } from "../model/catalog";
import { makeIndex, matchText, search } from "../model/search";
import type { Component } from "../model/types";

export interface Entry extends Addition {
  key: string;
  label: string;
  hint: string;
  dataset: boolean;
}

export interface Family {
  name: string;
  entries: Entry[];
}

const DATASETS = "Datasets";

export function entryOf(component: Component): Entry {
  return { key: component.id, label: component.title, hint: component.summary, component, dataset: false };
}

/** The source that takes one kind of data set, and the parameter that names it. */
function sourceOf(catalog: Catalog, kind: "dataset" | "file") {
  const component = offered(catalog).find(
    (each) => each.inputs.length === 0 && each.parameters.some((parameter) => parameter.kind === kind),
  );
  return { component, parameter: component?.parameters.find((each) => each.kind === kind) };
}

/** A data set is the source that takes a data set, with the parameter already set. */
export function datasetEntries(catalog: Catalog, datasets: readonly DatasetSummary[]): Entry[] {
  const sources = { table: sourceOf(catalog, "dataset"), file: sourceOf(catalog, "file") };
  return datasets
    .filter((dataset) => dataset.latest_version !== null && !dataset.archived_at)
    .flatMap((dataset) => {
      const { component, parameter } = sources[dataset.kind];
      if (!component || !parameter) return [];
      return {
        key: `dataset:${dataset.id}`,
        label: dataset.name,
        hint: dataset.description,
        component,
        title: dataset.name,
        parameters: { [parameter.name]: { id: dataset.id, name: dataset.name, version: "latest" } },
        dataset: true,
      };
    });
}

/** The palette's families in the catalog's order, the data sets first. */
export function families(catalog: Catalog, datasets: readonly DatasetSummary[]): Family[] {
  const found = new Map<string, Entry[]>();
  for (const component of offered(catalog)) {
    const list = found.get(component.family) ?? [];
    list.push(entryOf(component));
    found.set(component.family, list);
  }
  const rest = [...found].map(([name, entries]) => ({ name, entries }));
  const own = datasetEntries(catalog, datasets);
  return own.length ? [{ name: DATASETS, entries: own }, ...rest] : rest;
}

/** What answers to the query, best first: components, then data sets. */
export function findEntries(catalog: Catalog, datasets: readonly DatasetSummary[], query: string): Entry[] {
  const components = search(makeIndex(offered(catalog)), query).map(entryOf);
  const own = datasetEntries(catalog, datasets)
    .map((entry) => ({ entry, score: matchText(entry.label, query) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
  return [...components, ...own];
}
