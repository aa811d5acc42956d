import { beforeEach, expect, it } from "vitest";
import type { ActivityChanged, Status, Step, StudioEvent } from "@/api/types";
import { forgetSteps, paintStep, seedSteps, useStepStore } from "./steps";

const fetched = (status: Status, attempt = 1) =>
  [{ id: "s", node: "split", status, attempt, outputs: [], progress: null, phase: "" }] as unknown as Step[];
const told = (status: Status, attempt = 1) =>
  paintStep({
    seq: 1,
    type: "activity.changed",
    at: "",
    payload: { id: "s", kind: "step", parent: "run", node: "split", status, attempt } as ActivityChanged,
  } as StudioEvent);
const shown = () => useStepStore.getState().runs.run?.split?.status;

beforeEach(() => forgetSteps("run"));

it("a fetch that was read before an event does not take the step back", () => {
  told("running");
  seedSteps("run", fetched("starting"));
  expect(shown()).toBe("running");
});

it("a fetch that is newer moves the step on, also to another attempt", () => {
  told("running");
  seedSteps("run", fetched("completed"));
  expect(shown()).toBe("completed");
  forgetSteps("run");
  told("running");
  seedSteps("run", fetched("starting", 2));
  expect(shown()).toBe("starting");
});

it("events are believed in their order, also back to the queue", () => {
  told("running");
  told("not_responding");
  told("queued");
  expect(shown()).toBe("queued");
});
