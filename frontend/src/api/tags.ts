/** Tags are name and value on the wire; people type `name` or `name: value`. */

export function tagsToList(tags: Record<string, string>): string[] {
  return Object.entries(tags).map(([name, value]) => (value ? `${name}: ${value}` : name));
}

export function listToTags(list: string[]): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const entry of list) {
    const [name = "", ...rest] = entry.split(":");
    if (name.trim()) tags[name.trim()] = rest.join(":").trim();
  }
  return tags;
}
