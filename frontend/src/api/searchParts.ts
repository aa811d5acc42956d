/** Parts of an address's search, checked: what is unknown is dropped, defaults are left out. */

type Search = Record<string, unknown>;

export function textPart(search: Search, name: string, longest = 200): string | undefined {
  const value = search[name];
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).slice(0, longest);
  return text === "" ? undefined : text;
}

export function onePart<V extends string>(
  search: Search,
  name: string,
  known: readonly V[],
  fallback?: V,
): V | undefined {
  const value = known.find((each) => each === search[name]);
  return value === fallback ? undefined : value;
}

/** A comma list of known words, in the known order. */
export function manyPart<V extends string>(
  search: Search,
  name: string,
  known: readonly V[],
): string | undefined {
  const value = search[name];
  if (typeof value !== "string") return undefined;
  const wanted = new Set(value.split(","));
  const kept = known.filter((each) => wanted.has(each));
  return kept.length ? kept.join(",") : undefined;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A comma list of ids, each once, in the order given. */
export function idsPart(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value !== "string") return undefined;
  const kept = [
    ...new Set(
      value
        .toLowerCase()
        .split(",")
        .filter((each) => ID.test(each)),
    ),
  ];
  return kept.length ? kept.join(",") : undefined;
}

export function flagPart(search: Search, name: string): true | undefined {
  return search[name] === true || search[name] === "true" || search[name] === 1 ? true : undefined;
}

export function countPart(search: Search, name: string): number | undefined {
  const value = Number(search[name]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Removes what is undefined, so that an address holds only what differs. */
export function present<T extends object>(parts: T): T {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T;
}
