import { describe, expect, it } from "vitest";
import { parseAnsi, stripAnsi } from "./ansi";
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatNumber,
  formatPercent,
  plural,
  sentence,
} from "./format";

const T = "\u2009";
const M = "\u2212";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [6204, `6${T}204`],
    [-1234567, `${M}1${T}234${T}567`],
    [0.98765, "0.9877"],
    [1234.5678, `1${T}235`],
    [0.00001234, "1.234e-5"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "∞"],
    ["9007199254740993", `9${T}007${T}199${T}254${T}740${T}993`],
    ["-Infinity", `${M}∞`],
    [null, ""],
  ])("%s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
  it("keeps decimals where a column asks for them", () => {
    expect(formatNumber(3174.6, { decimals: 2 })).toBe(`3${T}174.60`);
  });
});

it("sizes", () => {
  expect([0, 999, 1000, 1_300_000, 2_147_483_648].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1 kB",
    "1.3 MB",
    "2.1 GB",
  ]);
});

it("durations", () => {
  expect([0, 0.42, 18.2, 59.7, 102, 7500, 100_000].map(formatDuration)).toEqual([
    "0.0 s",
    "0.4 s",
    "18 s",
    "1 m 0 s",
    "1 m 42 s",
    "2 h 5 m",
    "1 d 3 h",
  ]);
});

it("ages", () => {
  const now = Date.parse("2026-06-15T12:00:00Z");
  const ago = (seconds: number) => formatAge(now - seconds * 1000, now);
  expect([1, 12, 300, 7200, 200_000].map(ago)).toEqual([
    "just now",
    "12 s ago",
    "5 m ago",
    "2 h ago",
    "2 d ago",
  ]);
  expect(ago(86_400 * 30)).toBe("May 16");
});

it("shares, counts and names", () => {
  expect([0, 0.0003, 0.003, 0.38, 1].map(formatPercent)).toEqual(["0%", "<0.1%", "0.3%", "38%", "100%"]);
  expect([plural(1, "row"), plural(2, "row"), plural(0, "activity", "activities")]).toEqual([
    "1 row",
    "2 rows",
    "0 activities",
  ]);
  expect(sentence("pipeline_run")).toBe("Pipeline run");
});

it("terminal colors are read, other sequences dropped, rewritten lines shown as left", () => {
  expect(parseAnsi("\u001b[31mred\u001b[0m plain")).toEqual([
    { text: "red", color: "var(--st-fail)" },
    { text: " plain" },
  ]);
  expect(stripAnsi("\u001b[2K\u001b[1;32mdone\u001b[0m")).toBe("done");
  expect(stripAnsi("10%\r50%\r100%")).toBe("100%");
});
