import { expect, it } from "vitest";
import { BASKET_LIMIT, readBasket, rowsBetween, withRuns } from "./basket";
import { bestOf, lessIsBetter, metricTitle } from "./metrics";
import { seriesColor, seriesDash, seriesPattern, seriesSymbol } from "./series";

const run = (n: number) => ({ id: `r${n}`, number: n, name: `Run ${n}` });
const runs = (count: number) => Array.from({ length: count }, (_, i) => run(i));

it("keeps a run once and says how many did not fit", () => {
  expect(withRuns([run(1)], [run(1), run(2)])).toEqual({ runs: [run(1), run(2)], left: 0 });
  const full = withRuns(runs(BASKET_LIMIT - 1), [run(100), run(101), run(102)]);
  expect([full.runs.length, full.left]).toEqual([BASKET_LIMIT, 2]);
});

it("reads of storage what is a basket", () => {
  expect(readBasket(JSON.stringify([run(1), { id: 3 }, null]))).toEqual([run(1)]);
  expect([readBasket(null), readBasket("{"), readBasket('"x"')]).toEqual([[], [], []]);
});

it("takes the rows between two clicks", () => {
  const rows = runs(5);
  expect(rowsBetween(rows, "r3", "r1").map(({ id }) => id)).toEqual(["r1", "r2", "r3"]);
  expect(rowsBetween(rows, null, "r2").map(({ id }) => id)).toEqual(["r2"]);
  expect(rowsBetween(rows, "gone", "r2").map(({ id }) => id)).toEqual(["r2"]);
});

it("names metrics and knows which way is better", () => {
  expect(["auc", "auc (2)", "r2", "log_loss", "f1"].map(metricTitle)).toEqual([
    "AUC",
    "AUC (2)",
    "R²",
    "Log loss",
    "F1",
  ]);
  expect(
    ["training binary_logloss", "mean_absolute_error", "rmse (2)", "accuracy"].map(lessIsBetter),
  ).toEqual([true, true, true, false]);
  expect([
    bestOf("auc", [0.1, 0.2, "NaN", undefined]),
    bestOf("rmse", [1, 2]),
    bestOf("auc", [1]),
    bestOf("auc", [1, 1]),
  ]).toEqual([0.2, 1, null, null]);
});

it("marks points and bars of the eleventh run otherwise, too", () => {
  expect([seriesSymbol(0), seriesSymbol(10), seriesPattern(0), seriesPattern(10)]).toEqual([
    "circle",
    "diamond-open",
    "",
    "/",
  ]);
});

it("draws the eleventh run in the first color with another line", () => {
  expect([seriesColor(0), seriesColor(10), seriesDash(0), seriesDash(10)]).toEqual([
    "var(--series-1)",
    "var(--series-1)",
    "solid",
    "dash",
  ]);
});
