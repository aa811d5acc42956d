import { onePart, present } from "@/api/searchParts";

export const SECTIONS = ["general", "members", "datastores"] as const;
export type Section = (typeof SECTIONS)[number];

export interface SettingsSearch {
  section?: Section;
}

export function validateSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  return present({ section: onePart(search, "section", SECTIONS, "general") });
}
