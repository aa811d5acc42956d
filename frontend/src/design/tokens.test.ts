import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function tokensOf(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const dark = css.indexOf(':root[data-mantine-color-scheme="dark"] {');
const themes = {
  light: tokensOf(css.slice(0, dark)),
  dark: tokensOf(css.slice(dark, css.indexOf("@media"))),
};

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const TEXT: [string, string][] = [
  ["text", "surface"],
  ["text", "bg"],
  ["text", "sunken"],
  ["text", "hover"],
  ["text", "active"],
  ["text", "raised"],
  ["text-2", "surface"],
  ["text-2", "bg"],
  ["text-2", "sunken"],
  ["text-2", "active"],
  ["text-2", "raised"],
  ["text-3", "surface"],
  ["text-3", "bg"],
  ["text-3", "sunken"],
  ["text-3", "hover"],
  ["text-3", "raised"],
  ["on-ink", "ink"],
  ["on-ink", "ink-hover"],
  ["focus", "surface"],
  ["text", "bar-soft"],
  ["st-queued", "st-queued-bg"],
  ["st-running", "st-running-bg"],
  ["st-ok", "st-ok-bg"],
  ["st-warn", "st-warn-bg"],
  ["st-fail", "st-fail-bg"],
  ["text-2", "st-fail-bg"],
  ["text-2", "st-warn-bg"],
  ...["st-queued", "st-running", "st-ok", "st-warn", "st-fail"].map((name): [string, string] => [
    name,
    "surface",
  ]),
];
const MARKS: [string, string][] = [
  ["control", "surface"],
  ["control", "raised"],
  ["st-off", "surface"],
  ["bar", "surface"],
  ...["table", "model", "transform", "metrics", "file", "image"].flatMap((name): [string, string][] => [
    [`pt-${name}`, "surface"],
    [`pt-${name}`, "node"],
    [`pt-${name}`, "canvas"],
  ]),
  ...Array.from({ length: 10 }, (_, i): [string, string] => [`series-${i + 1}`, "surface"]),
];

describe.each(Object.entries(themes))("%s tokens", (_name, tokens) => {
  const pair = (front: string, back: string) => {
    const [a, b] = [tokens[front], tokens[back]];
    if (!a || !b) throw new Error(`--${front} or --${back} is not a plain color.`);
    return contrast(a, b);
  };
  it.each(TEXT)("text %s on %s reads at 4.5", (front, back) => {
    expect(pair(front, back)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(MARKS)("mark %s on %s shows at 3", (front, back) => {
    expect(pair(front, back)).toBeGreaterThanOrEqual(3);
  });
});

it("dark redefines every color of light", () => {
  expect(Object.keys(themes.light).filter((name) => !(name in themes.dark))).toEqual([]);
});
