import { typeWord } from "./compat";
import type { Component } from "./types";

/** Where a word may be found, and how much a find there is worth. */
const WEIGHTS = { title: 10, synonyms: 6, ports: 3, family: 2, summary: 1 } as const;

interface Field {
  weight: number;
  words: string[];
}

interface Indexed {
  component: Component;
  fields: Field[];
  title: string;
}

export type Index = Indexed[];

export function makeIndex(components: readonly Component[]): Index {
  return components.map((component) => ({
    component,
    title: component.title.toLowerCase(),
    fields: [
      { weight: WEIGHTS.title, words: words(component.title) },
      { weight: WEIGHTS.synonyms, words: component.synonyms.flatMap(words) },
      {
        weight: WEIGHTS.ports,
        words: [...component.inputs, ...component.outputs].flatMap((port) => words(typeWord(port.type))),
      },
      { weight: WEIGHTS.family, words: words(component.family) },
      { weight: WEIGHTS.summary, words: words(component.summary) },
    ],
  }));
}

/** The components that answer to every word of the query, best first; all of them, in order, for an empty one. */
export function search(index: Index, query: string): Component[] {
  const tokens = words(query);
  if (!tokens.length) return index.map(({ component }) => component);
  const found: { component: Component; score: number; order: number }[] = [];
  index.forEach((entry, order) => {
    let total = 0;
    for (const token of tokens) {
      const best = Math.max(...entry.fields.map((field) => field.weight * bestMatch(field.words, token)));
      if (best <= 0) return;
      total += best;
    }
    // A title that begins as the query does is what was meant.
    if (entry.title.startsWith(query.trim().toLowerCase())) total += 20;
    found.push({ component: entry.component, score: total, order });
  });
  return found.sort((a, b) => b.score - a.score || a.order - b.order).map(({ component }) => component);
}

/** Plain fuzzy score of a text for other lists (data sets, commands): 0 is no match. */
export function matchText(text: string, query: string): number {
  const tokens = words(query);
  const candidates = words(text);
  let total = 0;
  for (const token of tokens) {
    const best = bestMatch(candidates, token);
    if (best <= 0) return 0;
    total += best;
  }
  return tokens.length ? total : 1;
}

function bestMatch(candidates: readonly string[], token: string): number {
  let best = 0;
  for (const word of candidates) best = Math.max(best, matchWord(word, token));
  return best;
}

function matchWord(word: string, token: string): number {
  if (word === token) return 1;
  if (word.startsWith(token)) return 0.8 + 0.1 * (token.length / word.length);
  if (token.length >= 3 && word.includes(token)) return 0.5;
  if (token.length >= 3 && isSubsequence(word, token)) return 0.25;
  if (token.length >= 4 && nearlyPrefix(word, token)) return 0.2;
  return 0;
}

/** Letters left out: "mssng" in "missing". The first letter must agree, else everything matches everything. */
function isSubsequence(word: string, token: string): boolean {
  if (word[0] !== token[0]) return false;
  let at = 0;
  for (const letter of word) if (letter === token[at]) at += 1;
  return at === token.length && token.length >= word.length / 2;
}

/** One letter wrong, or two swapped: "slpit" for "split". */
function nearlyPrefix(word: string, token: string): boolean {
  const start = word.slice(0, token.length);
  if (start.length !== token.length) return false;
  const wrong = [...start].flatMap((letter, at) => (letter === token[at] ? [] : [at]));
  if (wrong.length === 1) return true;
  const [first, second] = wrong;
  return (
    wrong.length === 2 &&
    first !== undefined &&
    second === first + 1 &&
    start[first] === token[second] &&
    start[second] === token[first]
  );
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
