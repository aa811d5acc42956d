import { describe, expect, it } from "vitest";
import { lessIsBetter, metricTitle } from "./metrics";

describe("metrics", () => {
  it("have names that people write", () => {
    expect(["macro_f1", "auc", "log_loss", "r2"].map(metricTitle)).toEqual([
      "Macro F1",
      "AUC",
      "Log loss",
      "R²",
    ]);
  });

  it("know of which less is better", () => {
    const less = ["log_loss", "root_mean_squared_error", "average_distance_to_center"];
    const more = ["accuracy", "macro_f1", "coefficient_of_determination", "average_distance_to_other_center"];
    expect([...less, ...more].filter(lessIsBetter)).toEqual(less);
  });
});
