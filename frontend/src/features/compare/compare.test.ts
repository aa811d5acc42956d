import { describe, expect, it } from "vitest";
import type {
  ComparedParameter,
  ComparedStep,
  Comparison,
  EvaluationDocument,
  GraphDifference,
  MetricSeries,
  Run,
} from "@/api/types";
import { curvePanels, plotted, smoothed } from "./model/curves";
import { distribution } from "./model/distribution";
import { BOX, differenceText, drawingOf } from "./model/drawing";
import { distinctNames, linesOf, type RunLine, shownLines } from "./model/lines";
import { delta, metricRows } from "./model/metrics";
import { chosenOutput, columnChanges, joinedEvaluation, type OutputChoice } from "./model/outputs";
import { parameterTable } from "./model/parameters";
import { sameValue, valueText } from "./model/values";
import { validateCompareSearch, withoutRun } from "./search";

const id = (n: number) => `0000000${n}-0000-7000-8000-000000000000`;
const run = (n: number, more: Partial<Run> = {}) =>
  ({ id: id(n), number: n, display_name: `R${n}`, metrics: {}, ...more }) as Run;
const line = (n: number, more: Partial<RunLine> = {}, of: Partial<Run> = {}): RunLine => ({
  run: run(n, of),
  id: id(n),
  name: `R${n}`,
  place: n - 1,
  hidden: false,
  isBaseline: n === 1,
  ...more,
});

describe("the address", () => {
  it("keeps what can be shown and leaves out what is so anyway", () => {
    expect(
      validateCompareSearch({
        runs: `${id(1)},nonsense,${id(2)},${id(1)}`,
        baseline: id(1),
        hidden: `${id(2)},${id(3)}`,
        tab: "metrics",
        with: id(9),
        x: "wall",
        smooth: "0.6",
        all: "true",
        scale: "log",
        other: 1,
      }),
    ).toEqual({ runs: `${id(1)},${id(2)}`, hidden: id(2), smooth: 0.6, all: true, scale: "log" });
    expect(validateCompareSearch({ runs: 7, smooth: 3, tab: "x", hidden: id(1) })).toEqual({});
  });

  it("is the same after it was read back", () => {
    const search = {
      runs: `${id(1)},${id(2)}`,
      baseline: id(2),
      tab: "curves",
      x: "time",
      smooth: 0.5,
    } as const;
    expect(validateCompareSearch({ ...search })).toEqual(search);
  });

  it("forgets a removed run everywhere", () => {
    expect(
      withoutRun({ runs: `${id(1)},${id(2)},${id(3)}`, baseline: id(2), hidden: id(2), with: id(2) }, id(2)),
    ).toEqual({ runs: `${id(1)},${id(3)}` });
  });
});

describe("the runs", () => {
  it("keep their colors when others are hidden, and the baseline comes first", () => {
    const data = { runs: [run(2), run(1), run(3)] } as Comparison;
    const lines = linesOf(data, [1, 2, 3].map(id).join(","), id(1), id(3));
    expect(lines.map(({ place, hidden, isBaseline }) => [place, hidden, isBaseline])).toEqual([
      [0, true, false],
      [1, false, false],
      [2, false, true],
    ]);
    expect(shownLines(lines).map(({ id }) => id)).toEqual([id(3), id(2)]);
  });

  it("are told apart where they have one name", () => {
    const names = distinctNames([run(1, { display_name: "A" }), run(2, { display_name: "A" }), run(3)]);
    expect([...names.values()]).toEqual(["A #1", "A #2", "R3"]);
  });
});

describe("metrics", () => {
  it("mark the best by the metric's direction and measure from the baseline, also a hidden one", () => {
    const lines = [
      line(1, {}, { metrics: { auc: 0.8, log_loss: 0.4 } }),
      line(2, {}, { metrics: { auc: 0.9, log_loss: 0.5, "auc (2)": 0.1 } }),
    ];
    const rows = metricRows(lines, lines[0]);
    expect(rows.map((row) => [row.name, row.best])).toEqual([
      ["auc", 0.9],
      ["log_loss", 0.4],
      ["auc (2)", null],
    ]);
    expect(metricRows(lines.slice(1), lines[0])[0]?.baseline).toBe(0.8);
  });

  it("say how far a value lies from the baseline", () => {
    expect(delta("auc", 0.9, 0.8)).toEqual({ text: "+0.1", share: "+12.5%", better: true });
    expect(delta("rmse", 2, 1)?.better).toBe(false);
    expect(delta("auc", 1, 1)?.text).toBe("±0");
    expect(delta("auc", 1, 0)?.share).toBe("");
    expect(delta("auc", "NaN", 0.8)).toBeNull();
  });
});

describe("parameters", () => {
  const parameters = [
    {
      step: "s",
      step_title: "Split",
      name: "fraction",
      title: "Fraction",
      kind: "number",
      differs: true,
      values: [
        { run: id(1), value: 0.5 },
        { run: id(2), value: 0.7 },
        { run: id(3), value: 0.5 },
      ],
    },
    {
      step: "s",
      step_title: "Split",
      name: "seed",
      title: "Seed",
      kind: "number",
      differs: false,
      values: [
        { run: id(1), value: 0 },
        { run: id(2), value: 0 },
        { run: id(3), value: 0 },
      ],
    },
  ] as ComparedParameter[];

  const steps = [
    {
      key: "s",
      title: "Split",
      component: "x@1",
      cells: [
        { run: id(1), title: "Split" },
        { run: id(2), title: "Halves" },
      ],
    },
  ] as ComparedStep[];

  it("show what differs among the runs on screen", () => {
    const three = parameterTable({ parameters, steps }, [line(1), line(2), line(3)], false);
    expect([three.differing, three.total, three.groups[0]?.rows.map((row) => row.title)]).toEqual([
      1,
      2,
      ["Fraction"],
    ]);
    expect(three.groups[0]?.title).toBe("Split / Halves");
    expect(parameterTable({ parameters, steps }, [line(1), line(3)], false)).toMatchObject({
      differing: 0,
      groups: [],
    });
    expect(parameterTable({ parameters, steps }, [line(1), line(2)], true).groups[0]?.rows).toHaveLength(2);
  });

  it("are words and compare by content", () => {
    expect(valueText({ rules: [{ action: "include", by: "types", values: ["float"] }] })).toBe("types float");
    expect(valueText({ name: "numbers", version: "latest" })).toBe("numbers, version latest");
    expect(valueText("a\nb")).toBe("2 lines");
    expect([valueText(null), valueText(true), valueText(""), valueText([])]).toEqual([
      "not set",
      "yes",
      "empty",
      "none",
    ]);
    expect(sameValue({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(sameValue({ a: 1 }, { b: 1 })).toBe(false);
    expect(sameValue([], {})).toBe(false);
  });
});

describe("curves", () => {
  it("are smoothed without bias, and gaps stay gaps", () => {
    expect(smoothed([1, 1, null, 1], 0.9).map((value) => value && Math.round(value * 1e9) / 1e9)).toEqual([
      1,
      1,
      null,
      1,
    ]);
    const [a, b] = smoothed([0, 1], 0.5);
    expect([a, b]).toEqual([0, (1 * 0.5) / 0.75]);
  });

  it("of one metric share a panel, by step or by time, with one color a run", () => {
    const series = (n: number, values: (number | string)[]) =>
      ({
        run: id(n),
        node: "t",
        name: "loss",
        count: values.length,
        last: 0,
        points: values.map((value, i) => ({
          step: i * 10,
          value,
          at: new Date(1000 * (i + n)).toISOString(),
        })),
      }) as MetricSeries;
    const seriesOf = new Map([
      [id(1), [series(1, [1, 2])]],
      [id(2), [series(2, [3, "NaN", 5])]],
    ]);
    const [panel] = curvePanels([line(1), line(2)], seriesOf, "step", () => "Train");
    expect(panel?.traces.map(({ name, x, y, gaps }) => ({ name, x, y, gaps }))).toEqual([
      { name: "R1", x: [0, 10], y: [1, 2], gaps: 0 },
      { name: "R2", x: [0, 10, 20], y: [3, null, 5], gaps: 1 },
    ]);
    expect(curvePanels([line(2)], seriesOf, "time", () => "")[0]?.traces[0]?.x).toEqual([0, 1, 2]);
    expect(plotted(panel as never, 0).map((trace) => trace.line.color)).toEqual([
      "var(--series-1)",
      "var(--series-2)",
    ]);
    expect(plotted(panel as never, 0.5)).toHaveLength(4);
  });
});

describe("the drawing", () => {
  const node = (key: string, state: string) =>
    ({ key, title: key, state, fields: [], consequences: {} }) as never;
  const difference = {
    run: id(2),
    matched_by: "id",
    same: false,
    settings: [],
    metrics: [],
    nodes: [node("a", "same"), node("old", "removed"), node("new", "added")],
    edges_added: [{ source: "a", source_port: "o", target: "new", target_port: "i" }],
    edges_removed: [{ source: "a", source_port: "o", target: "old", target_port: "i" }],
  } as GraphDifference;
  const side = (ids: string[], edges: GraphDifference["edges_added"]) => ({
    graph: { nodes: ids.map((each) => ({ id: each })), edges } as never,
    view: { positions: Object.fromEntries(ids.map((each, i) => [each, { x: 0, y: i * 100 }])) } as never,
    keys: new Map(ids.map((each) => [each, each])),
  });

  it("puts what is gone beside what took its place", () => {
    const drawing = drawingOf(
      difference,
      side(["a", "old"], difference.edges_removed),
      side(["a", "new"], difference.edges_added),
    );
    const [, old, now] = drawing.nodes;
    expect(old?.y).toBe(now?.y);
    expect(Math.abs((old?.x ?? 0) - (now?.x ?? 0))).toBeGreaterThanOrEqual(BOX.width);
    expect(drawing.edges.map((edge) => edge.state)).toEqual(["removed", "added"]);
    expect(drawing.width).toBeGreaterThan(2 * BOX.width);
  });

  it("is one sentence, too", () => {
    expect(differenceText(difference)).toBe("1 step added, 1 removed, 2 connections changed.");
    expect(differenceText({ ...difference, same: true })).toMatch(/same drawing/);
  });
});

describe("outputs", () => {
  const choice = (step: string, port: string, type: string) =>
    ({ step, port, type, value: `${step}/${port}` }) as OutputChoice;
  const choices = [
    choice("s", "first", "table"),
    choice("s", "second", "table"),
    choice("e", "report", "metrics"),
    choice("z", "out", "file"),
  ];

  it("are chosen by address, else the last report", () => {
    expect(chosenOutput(choices, "s", "second")?.value).toBe("s/second");
    expect(chosenOutput(choices, "s", "gone")?.value).toBe("s/first");
    expect(chosenOutput(choices, undefined, undefined)?.value).toBe("e/report");
    expect(chosenOutput([], "s", "x")).toBeUndefined();
  });

  it("join evaluations in the colors of their runs", () => {
    const document = {
      kind: "evaluation",
      task: "binary",
      results: [{ name: "Left" }, { name: "Right" }],
    } as EvaluationDocument;
    const joined = joinedEvaluation([
      { line: line(1), document: { ...document, results: document.results.slice(0, 1) } },
      { line: line(3), document },
    ]);
    expect(joined?.document.results.map((result) => result.name)).toEqual(["R1", "R3, Left", "R3, Right"]);
    expect(joined?.places).toEqual([0, 2, 12]);
  });

  it("tell which columns differ", () => {
    const column = (name: string, dtype = "float") =>
      ({ name, dtype, role: null, categorical: false }) as never;
    expect(
      columnChanges([column("a"), column("b")], [column("a", "string"), column("c")]).map(
        (each) => each.text,
      ),
    ).toEqual(["c (float) added", "b removed", "a was float, is string"]);
  });

  it("draw shares, so that tables of any length compare", () => {
    const column = (counts: number[]) =>
      ({ name: "x", dtype: "float", count: 10, histogram: { edges: [0, 1, 2], counts } }) as never;
    const plot = distribution([
      { line: line(1), column: column([1, 1]) },
      { line: line(2), column: column([30, 10]) },
    ]);
    expect(plot?.data.map((trace) => trace.y)).toEqual([
      [0, 50, 50, 50, 50, 0],
      [0, 75, 75, 25, 25, 0],
    ]);
    const words = (count: number) =>
      ({ name: "w", dtype: "string", count: 4, histogram: null, top: [{ value: "a", count }] }) as never;
    expect(
      distribution([
        { line: line(1), column: words(1) },
        { line: line(2), column: words(2) },
      ])?.data.map((trace) => trace.y),
    ).toEqual([[25], [50]]);
    expect(distribution([])).toBeNull();
  });
});
