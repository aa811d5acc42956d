import { describe, expect, it } from "vitest";
import { keys } from "@/api/keys";
import type { ActivityChanged, Run, StudioEvent } from "@/api/types";
import { effectsOf, isKnown, TABLE } from "./apply";

const WS = "retail";

function run(change: Partial<Run> = {}): Run {
  return {
    id: "r1",
    number: 1,
    kind: "pipeline",
    display_name: "Churn",
    description: "",
    experiment: null,
    status: "queued",
    phase: "",
    progress: null,
    attempt: 1,
    wait_reason: "capacity",
    created_at: "2026-01-01T00:00:00Z",
    started_at: null,
    finished_at: null,
    duration_s: null,
    actor: null,
    parent: null,
    failure: null,
    tags: {},
    metrics: {},
    steps: null,
    draft: null,
    selection: null,
    resumes: null,
    can_cancel: true,
    ...change,
  };
}

function changed(seq: number, change: Partial<ActivityChanged>): StudioEvent {
  return {
    seq,
    type: "activity.changed",
    at: "2026-01-01T00:00:00Z",
    payload: {
      id: "r1",
      kind: "pipeline_run",
      title: "Churn",
      status: "queued",
      previous: "queued",
      phase: "",
      progress: null,
      attempt: 1,
      wait_reason: null,
      parent: null,
      node: null,
      subject: null,
      started_at: null,
      finished_at: null,
      reused_from: null,
      failure_title: null,
      ...change,
    },
  };
}

const STARTED = "2026-01-01T00:00:01Z";
const FINISHED = "2026-01-01T00:00:11Z";
const STREAM: StudioEvent[] = [
  changed(1, { status: "running", started_at: STARTED, progress: 0 }),
  {
    seq: 2,
    type: "activity.progressed",
    at: STARTED,
    payload: { id: "r1", parent: null, node: null, progress: 0.5, phase: "3 of 6 steps" },
  },
  changed(3, {
    status: "finalizing",
    previous: "running",
    started_at: STARTED,
    progress: 0.9,
    phase: "Writing",
  }),
  changed(4, {
    status: "completed",
    previous: "finalizing",
    started_at: STARTED,
    finished_at: FINISHED,
    progress: 1,
  }),
];
const FRESH = run({
  status: "completed",
  started_at: STARTED,
  finished_at: FINISHED,
  duration_s: 10,
  progress: 1,
  wait_reason: null,
  can_cancel: false,
});

/** A cache of every shape in which a run is held, run through the patches. */
function replay(events: StudioEvent[], start: Run): unknown[] {
  let shapes: [readonly unknown[], unknown][] = [
    [keys.run(WS, "r1"), start],
    [
      keys.runList(WS, {}),
      { pages: [{ results: [run({ id: "other" }), start], next: null, count: 2 }], pageParams: [null] },
    ],
    [keys.home(WS), { running: [start], recent_runs: [start], failed: [] }],
    [keys.activityList(WS, {}), { pages: [{ results: [start], next: null, count: 1 }], pageParams: [null] }],
  ];
  for (const event of events)
    for (const effect of effectsOf(event, WS))
      if (effect.kind === "patch")
        shapes = shapes.map(([key, data]) =>
          effect.key.every((part, i) => key[i] === part) ? [key, effect.update(data)] : [key, data],
        );
  return shapes.map(([, data]) => data);
}

describe("a trial", () => {
  it("refreshes the trials of its step, and no other list", () => {
    const effects = effectsOf(changed(1, { id: "t1", kind: "trial", parent: "s1", status: "completed" }), WS);
    expect(effects).toEqual([{ kind: "invalidate", key: keys.children(WS, "s1") }]);
  });
});

describe("replaying a stream over a stale cache", () => {
  it("equals a fresh fetch", () => {
    expect(replay(STREAM, run())).toEqual(replay([], FRESH));
  });

  it("equals it with duplicates, and from any cut", () => {
    expect(replay([...STREAM, ...STREAM], run())).toEqual(replay([], FRESH));
    for (let cut = 0; cut < STREAM.length; cut += 1)
      expect(replay(STREAM.slice(cut), run({ started_at: STARTED }))).toEqual(replay([], FRESH));
  });

  it("does not take back an outcome that a fetch already knew", () => {
    expect(replay(STREAM.slice(0, 3), FRESH)).toEqual(replay([], FRESH));
  });

  it("leaves other objects and unrelated answers as they were", () => {
    const [, list] = replay(STREAM, run()) as [unknown, { pages: { results: Run[] }[] }];
    expect(list.pages[0]?.results[0]).toEqual(run({ id: "other" }));
  });

  it("lets a new attempt leave a failed one", () => {
    const again = changed(9, { status: "running", previous: "failed", attempt: 2 });
    const [one] = replay([again], run({ status: "failed", attempt: 1 })) as [Run];
    expect(one.status).toBe("running");
  });
});

describe("metric points", () => {
  const event: StudioEvent = {
    seq: 5,
    type: "experiments.metrics_logged",
    at: STARTED,
    payload: {
      run: "s1",
      parent: "r1",
      node: "n1",
      points: [{ name: "loss", step: 1, value: 0.4, at: STARTED }],
    },
  };
  const apply = (data: unknown) => {
    const [effect] = effectsOf(event, WS);
    return effect?.kind === "patch" ? effect.update(data) : data;
  };

  it("are appended once", () => {
    const once = apply({ series: [] });
    expect(once).toEqual({
      series: [
        {
          run: "s1",
          node: "n1",
          name: "loss",
          last: 0.4,
          points: [{ step: 1, value: 0.4, at: STARTED }],
          count: 1,
        },
      ],
    });
    expect(apply(once)).toEqual(once);
  });
});

describe("the table", () => {
  it("knows its types and no other", () => {
    for (const type of Object.keys(TABLE)) expect(isKnown({ type })).toBe(true);
    expect(isKnown({ type: "monitoring.drift_seen" })).toBe(false);
    expect(isKnown({ type: "constructor" })).toBe(false);
  });

  it("refreshes lists when an activity is born or done, not in between", () => {
    const touches = (event: StudioEvent) =>
      effectsOf(event, WS).some(
        (effect) => effect.kind === "invalidate" && effect.key === keys.runLists(WS),
      ) ||
      effectsOf(event, WS).some(
        (effect) =>
          effect.kind === "invalidate" && JSON.stringify(effect.key) === JSON.stringify(keys.runLists(WS)),
      );
    expect(touches(changed(1, { previous: null }))).toBe(true);
    expect(touches(changed(1, { status: "running" }))).toBe(false);
    expect(touches(changed(1, { status: "failed" }))).toBe(true);
  });
});
