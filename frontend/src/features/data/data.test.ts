import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { schemaChange } from "./schemaChange";
import { validateDatasetSearch } from "./search";
import { newUpload, nextUpload, type UploadSignal, type UploadState, waitOf } from "./uploadMachine";

const run = (signals: UploadSignal[], from: UploadState = newUpload(100)) => signals.reduce(nextUpload, from);
const accepted: UploadSignal = { type: "accepted", id: "u", offset: 0, chunk: 40, complete: false };
const away = new Problem({ title: "away", status: 0 });
const refused = new Problem({ title: "too large", status: 413 });

describe("an upload", () => {
  it("goes chunk by chunk to its end", () => {
    const state = run([
      accepted,
      { type: "arrived", offset: 40, complete: false },
      { type: "arrived", offset: 100, complete: true },
    ]);
    expect(state).toMatchObject({ phase: "complete", offset: 100 });
  });

  it("continues where the server says, after a reload and after a wrong offset", () => {
    expect(run([{ ...accepted, offset: 80 }])).toMatchObject({ phase: "sending", offset: 80 });
    expect(run([accepted, { type: "corrected", offset: 40 }])).toMatchObject({
      phase: "sending",
      offset: 40,
    });
  });

  it("waits for a lost connection, longer each time, and forgets failures when a chunk arrives", () => {
    const lost = run([accepted, { type: "refused", problem: away }, { type: "refused", problem: away }]);
    expect(lost).toMatchObject({ phase: "waiting", failures: 2 });
    expect([1, 2, 3, 20].map(waitOf)).toEqual([1000, 2000, 4000, 30_000]);
    expect(run([{ type: "resume" }, { type: "arrived", offset: 40, complete: false }], lost)).toMatchObject({
      phase: "sending",
      failures: 0,
    });
  });

  it("gives up at once on what trying again cannot mend, and after many failures", () => {
    expect(run([accepted, { type: "refused", problem: refused }])).toMatchObject({
      phase: "failed",
      problem: refused,
    });
    const many = Array.from({ length: 7 }, (): UploadSignal => ({ type: "refused", problem: away }));
    expect(run([accepted, ...many]).phase).toBe("failed");
    expect(run([accepted, ...many, { type: "resume" }])).toMatchObject({ phase: "sending", failures: 0 });
    expect(run([{ type: "refused", problem: refused }, { type: "resume" }]).phase).toBe("creating");
  });

  it("stays paused while the last chunk lands, and completes if that was the end", () => {
    const paused = run([accepted, { type: "pause" }]);
    expect(nextUpload(paused, { type: "arrived", offset: 40, complete: false })).toMatchObject({
      phase: "paused",
      offset: 40,
    });
    expect(nextUpload(paused, { type: "refused", problem: away })).toMatchObject({
      phase: "paused",
      problem: null,
    });
    expect(nextUpload(paused, { type: "arrived", offset: 100, complete: true }).phase).toBe("complete");
  });

  it("once canceled or complete, hears nothing more", () => {
    const canceled = run([accepted, { type: "cancel" }]);
    expect(nextUpload(canceled, { type: "arrived", offset: 40, complete: false })).toBe(canceled);
  });
});

it("says what changed between two versions' columns", () => {
  const column = (name: string, dtype: "integer" | "float" = "integer") => ({
    name,
    dtype,
    role: null,
    categorical: false,
  });
  expect(
    schemaChange(
      { columns: [column("a"), column("b"), column("c")] },
      { columns: [column("a", "float"), column("c"), column("d")] },
    ),
  ).toEqual(["d added", "b removed", "a: integer is now float"]);
});

it("keeps of an address what the page knows", () => {
  expect(validateDatasetSearch({ tab: "profile", version: "2", sort: "-age", junk: 1 })).toEqual({
    tab: "profile",
    version: 2,
    sort: "-age",
  });
  expect(validateDatasetSearch({ tab: "preview", version: "0" })).toEqual({});
});
