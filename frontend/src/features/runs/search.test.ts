import { expect, it } from "vitest";
import { validateRunsSearch } from "./search";

it("keeps of a runs address what can be asked for", () => {
  expect(
    validateRunsSearch({
      status: "failed,nonsense,running",
      sort: "-metrics.roc_auc",
      search: "churn",
      x: 1,
    }),
  ).toEqual({
    status: "running,failed",
    sort: "-metrics.roc_auc",
    search: "churn",
  });
  expect(validateRunsSearch({ sort: "-created_at" })).toEqual({});
  expect(validateRunsSearch({ sort: "password" })).toEqual({});
  expect(validateRunsSearch({ sort: "metrics.a'; drop" })).toEqual({});
});
