import { present, textPart } from "@/api/searchParts";

export interface SignInSearch {
  next?: string;
}

export function validateSignInSearch(search: Record<string, unknown>): SignInSearch {
  const next = textPart(search, "next", 2000);
  // Only a path of this site: an address elsewhere would make sign-in a trap.
  return present({ next: next && /^\/(?![/\\])/.test(next) ? next : undefined });
}
