import type { TableSchema } from "@/api/types";

/** What changed from one version's columns to the next, in words. */
export function schemaChange(before: TableSchema, after: TableSchema): string[] {
  const old = new Map(before.columns.map((column) => [column.name, column.dtype]));
  const now = new Map(after.columns.map((column) => [column.name, column.dtype]));
  return [
    ...[...now.keys()].filter((name) => !old.has(name)).map((name) => `${name} added`),
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `${name} removed`),
    ...[...now]
      .filter(([name, dtype]) => old.has(name) && old.get(name) !== dtype)
      .map(([name, dtype]) => `${name}: ${old.get(name)} is now ${dtype}`),
  ];
}
