import { expect, it } from "vitest";
import { validateSignInSearch } from "./search";

it("goes on to paths of this site only", () => {
  expect(validateSignInSearch({ next: "/w/retail/runs?status=failed" })).toEqual({
    next: "/w/retail/runs?status=failed",
  });
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""])
    expect(validateSignInSearch({ next })).toEqual({});
});
