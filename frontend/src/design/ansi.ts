export interface AnsiSpan {
  text: string;
  color?: string;
  bold?: boolean;
  dim?: boolean;
}

// The eight colors of a terminal, as ours that read on both themes.
const COLORS = [
  "var(--text-3)",
  "var(--st-fail)",
  "var(--st-ok)",
  "var(--st-warn)",
  "var(--series-1)",
  "var(--series-5)",
  "var(--series-7)",
  "var(--text)",
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read here
const SEQUENCE = /\u001b(?:\[([0-9;?]*)([A-Za-z])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** A line with its escape sequences read as color and weight, or dropped. */
export function parseAnsi(line: string): AnsiSpan[] {
  // A progress bar rewrites its line: only what was left standing is shown.
  const standing = line.includes("\r") ? (line.split("\r").filter(Boolean).at(-1) ?? "") : line;
  if (!standing.includes("\u001b")) return [{ text: standing }];
  const spans: AnsiSpan[] = [];
  let style: Omit<AnsiSpan, "text"> = {};
  let from = 0;
  for (const match of standing.matchAll(SEQUENCE)) {
    if (match.index > from) spans.push({ text: standing.slice(from, match.index), ...style });
    from = match.index + match[0].length;
    if (match[2] !== "m") continue;
    for (const code of (match[1] || "0").split(";").map(Number)) {
      if (code === 0) style = {};
      else if (code === 1) style = { ...style, bold: true };
      else if (code === 2) style = { ...style, dim: true };
      else if (code === 22) style = { ...style, bold: false, dim: false };
      else if (code === 39) style = { ...style, color: undefined };
      else if (code >= 30 && code <= 37) style = { ...style, color: COLORS[code - 30] };
      else if (code >= 90 && code <= 97) style = { ...style, color: COLORS[code - 90] };
    }
  }
  if (from < standing.length) spans.push({ text: standing.slice(from), ...style });
  return spans;
}

export function stripAnsi(line: string): string {
  return parseAnsi(line)
    .map((span) => span.text)
    .join("");
}
