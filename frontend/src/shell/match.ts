/** How well a typed text fits: a prefix beats a word's start, that beats letters in order; 0 is no fit. */
export function match(query: string, text: string): number {
  const wanted = query.toLowerCase();
  const within = text.toLowerCase();
  if (within.startsWith(wanted)) return 4;
  if (within.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 3;
  if (within.includes(wanted)) return 2;
  let from = 0;
  for (const letter of wanted) {
    if (letter === " ") continue;
    const found = within.indexOf(letter, from);
    if (found < 0) return 0;
    from = found + 1;
  }
  // Letters far apart are chance, not intent.
  return from <= wanted.length * 3 ? 1 : 0;
}
