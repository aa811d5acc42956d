import { countPart, flagPart, onePart, present, textPart } from "@/api/searchParts";

export interface DatasetsSearch {
  search?: string;
  archived?: true;
}

export function validateDatasetsSearch(search: Record<string, unknown>): DatasetsSearch {
  return present({ search: textPart(search, "search"), archived: flagPart(search, "archived") });
}

export const DATASET_TABS = ["preview", "profile", "versions", "lineage"] as const;
export type DatasetTab = (typeof DATASET_TABS)[number];

export interface DatasetSearch {
  tab?: DatasetTab;
  version?: number;
  /** `column` or `-column`. */
  sort?: string;
  search?: string;
}

export function validateDatasetSearch(search: Record<string, unknown>): DatasetSearch {
  return present({
    tab: onePart(search, "tab", DATASET_TABS, "preview"),
    version: countPart(search, "version"),
    sort: textPart(search, "sort", 500),
    search: textPart(search, "search"),
  });
}
