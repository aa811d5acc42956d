// @vitest-environment node
import { describe, expect, it } from "vitest";
import { catalog, component, components, input, output, spec } from "../testing/catalog";
import { copyText, readText } from "./clipboard";
import type { Command } from "./commands";
import { checkConnection, openTargets } from "./compat";
import { canonical, emptyDocument, openDocument } from "./document";
import {
  addStep,
  changeSettings,
  commentStep,
  connectPorts,
  deleteSelection,
  deleteSteps,
  disconnectEdges,
  duplicateSteps,
  fragmentOf,
  layoutSteps,
  moveSteps,
  pasteFragment,
  renameStep,
  setParameter,
  spliceStep,
} from "./edits";
import { emptyHistory, perform, redo, undo } from "./history";
import { merge } from "./merge";
import { placeMissing, STEP_HEIGHT, STEP_WIDTH } from "./placing";
import { makeIndex, search } from "./search";
import { flowOrder, related, summarize } from "./selectors";
import type { GraphEdge, PipelineDocument } from "./types";
import { combineIssues, validateLocally } from "./validation";

/** Random whole numbers below a limit, the same for the same seed (mulberry32). */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * limit);
  };
}

function build(steps: Record<string, string>, edges: string[] = []): PipelineDocument {
  let document = emptyDocument();
  let at = 0;
  for (const [id, name] of Object.entries(steps)) {
    at += 1;
    document = done(
      document,
      addStep(document, catalog, spec(name), { id, position: { x: at * 10, y: at * 100 } }),
    );
  }
  for (const text of edges) document = done(document, connectPorts(document, catalog, edge(text)) as Command);
  return document;
}

function edge(text: string): GraphEdge {
  const [from, to] = text.split(" > ") as [string, string];
  const [source, source_port] = from.split(".") as [string, string];
  const [target, target_port] = to.split(".") as [string, string];
  return { source, source_port, target, target_port };
}

function texts(document: PipelineDocument): string[] {
  return document.graph.edges.map((e) => `${e.source}.${e.source_port} > ${e.target}.${e.target_port}`);
}

function done(document: PipelineDocument, command: Command): PipelineDocument {
  return perform(document, emptyHistory, command, 0).document;
}

describe("history", () => {
  it("gives back the start after undoing 500 random operations, and the end after redoing them", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const next = numbers(seed);
      const start = build({ w: "well", s: "sieve", f: "fork" }, ["w.water > s.water", "s.clean > f.water"]);
      let document = start;
      let history = emptyHistory;
      let clock = 0;
      for (let count = 0; count < 500; count += 1) {
        const operation = { what: next(12), a: next(1000), b: next(1000), c: next(1000) };
        clock += next(1500);
        const command = randomCommand(document, operation);
        if (command) ({ document, history } = perform(document, history, command, clock));
        // Now and then a person changes their mind in the middle.
        if (operation.c % 17 === 0)
          ({ document, history } = undo(document, history) ?? { document, history });
        if (operation.c % 34 === 0)
          ({ document, history } = redo(document, history) ?? { document, history });
      }
      for (let on = redo(document, history); on; on = redo(document, history)) ({ document, history } = on);
      const end = canonical(document);
      expect(history.past.length).toBeGreaterThan(100);
      for (let back = undo(document, history); back; back = undo(document, history))
        ({ document, history } = back);
      expect(canonical(document), `seed ${seed}`).toBe(canonical(start));
      for (let on = redo(document, history); on; on = redo(document, history)) ({ document, history } = on);
      expect(canonical(document), `seed ${seed}`).toBe(end);
    }
  });

  it("makes a burst of typing one step, and a later burst another", () => {
    let document = build({ s: "sieve" });
    let history = emptyHistory;
    const type = (value: string, now: number) => {
      ({ document, history } = perform(document, history, setParameter("s", "note", "Note", value), now));
    };
    type("a", 0);
    type("ab", 300);
    type("abc", 1200);
    type("abcd", 9000);
    expect(history.past).toHaveLength(2);
    ({ document, history } = undo(document, history) as NonNullable<ReturnType<typeof undo>>);
    expect(document.graph.nodes[0]?.parameters.note).toBe("abc");
    ({ document, history } = undo(document, history) as NonNullable<ReturnType<typeof undo>>);
    expect(document.graph.nodes[0]?.parameters.note).toBe("");
  });

  it("forgets what was undone when something else is done", () => {
    let document = build({ s: "sieve" });
    let history = emptyHistory;
    ({ document, history } = perform(document, history, renameStep("s", "One"), 0));
    ({ document, history } = undo(document, history) as NonNullable<ReturnType<typeof undo>>);
    ({ document, history } = perform(document, history, renameStep("s", "Two"), 0));
    expect(redo(document, history)).toBeNull();
  });
});

function randomCommand(
  document: PipelineDocument,
  { what, a, b, c }: { what: number; a: number; b: number; c: number },
): Command | null {
  const { nodes, edges } = document.graph;
  const node = nodes[a % Math.max(1, nodes.length)];
  const other = nodes[b % Math.max(1, nodes.length)];
  const spare = nodes.length > 40 ? 1 : what;
  const position = { x: b, y: c };
  const name = (components[b % components.length] as (typeof components)[number]).name;
  if (spare === 0 || !node || !other)
    return addStep(document, catalog, spec(name), { position, after: node?.id });
  switch (spare) {
    case 1:
      return deleteSteps(document, catalog, c % 3 ? [node.id] : [...new Set([node.id, other.id])]);
    case 2:
      return moveSteps(
        { [node.id]: position, [other.id]: position },
        { coalesce: c % 2 ? "drag" : undefined },
      );
    case 3: {
      const targets = openTargets(document, catalog, node.id);
      const target = targets[b % Math.max(1, targets.length)];
      return target ? connectPorts(document, catalog, target.edge) : null;
    }
    case 4:
      return edges.length ? disconnectEdges([edges[b % edges.length] as GraphEdge]) : null;
    case 5:
      return setParameter(node.id, ["mesh", "note", "new"][b % 3] as string, "Some", c % 5 ? c : undefined);
    case 6:
      return renameStep(node.id, c % 4 ? `Name ${c}` : null);
    case 7:
      return commentStep(node.id, `Comment ${c}`);
    case 8:
      return pasteFragment(document, fragmentOf(document, [node.id, other.id]), position);
    case 9:
      return duplicateSteps(document, [node.id]);
    case 10:
      return layoutSteps(Object.fromEntries(nodes.map(({ id }, at) => [id, { x: at * b, y: c }])));
    case 11:
      return changeSettings({ continue_on_step_failure: c % 2 === 0 });
    default:
      return edges.length
        ? spliceStep(document, catalog, spec(name), edges[b % edges.length] as GraphEdge, { position })
        : deleteSelection(document, catalog, [node.id], edges.slice(0, 2));
  }
}

describe("edits", () => {
  it("adds a step joined to the one before it by the first ports that fit", () => {
    const document = build({ f: "fork" });
    const next = done(
      document,
      addStep(document, catalog, spec("garden"), { id: "g", position: { x: 0, y: 0 }, after: "f" }),
    );
    expect(texts(next)).toEqual(["f.left > g.water"]);
  });

  it("heals the connections around a deleted step, in one undo", () => {
    const document = build({ w: "well", s: "sieve", f: "fork" }, ["w.water > s.water", "s.clean > f.water"]);
    const { document: next, history } = perform(
      document,
      emptyHistory,
      deleteSteps(document, catalog, ["s"]),
      0,
    );
    expect(texts(next)).toEqual(["w.water > f.water"]);
    expect(undo(next, history)?.document).toEqual(document);
  });

  it("heals through several deleted steps, and not where the types differ", () => {
    const document = build({ w: "well", a: "sieve", b: "sieve", s: "seed", g: "garden", h: "harvest" }, [
      "w.water > a.water",
      "a.clean > b.water",
      "b.clean > g.water",
      "s.seedling > g.seedling",
      "g.plant > h.plant",
    ]);
    expect(texts(done(document, deleteSteps(document, catalog, ["a", "b"])))).toContain("w.water > g.water");
    expect(texts(done(document, deleteSteps(document, catalog, ["g"])))).toEqual([
      "w.water > a.water",
      "a.clean > b.water",
    ]);
  });

  it("splices a step into a connection", () => {
    const document = build({ w: "well", f: "fork" }, ["w.water > f.water"]);
    const command = spliceStep(document, catalog, spec("sieve"), edge("w.water > f.water"), {
      id: "s",
      position: { x: 1, y: 1 },
    }) as Command;
    expect(texts(done(document, command))).toEqual(["w.water > s.water", "s.clean > f.water"]);
    expect(
      spliceStep(document, catalog, spec("seed"), edge("w.water > f.water"), { position: { x: 0, y: 0 } }),
    ).toBeNull();
  });

  it("pastes under new ids and keeps inner connections only", () => {
    const document = build({ w: "well", s: "sieve", f: "fork" }, ["w.water > s.water", "s.clean > f.water"]);
    const pasted = readText(copyText(document, ["s", "f"]));
    if (!pasted.ok) throw new Error("The text was not read back.");
    const next = done(document, pasteFragment(document, pasted.fragment, { x: 500, y: 500 }));
    expect(next.graph.nodes).toHaveLength(5);
    expect(new Set(next.graph.nodes.map((node) => node.id)).size).toBe(5);
    expect(next.graph.edges).toHaveLength(3);
    const [first, second] = next.graph.nodes.slice(3).map((node) => next.view.positions[node.id]);
    expect(first).toEqual({ x: 500, y: 500 });
    expect(second).toEqual({ x: 510, y: 600 });
  });

  it("refuses text that is not steps", () => {
    expect(readText("hello")).toEqual({ ok: false, reason: null });
    expect(readText('{"format":"studio/steps","version":99}')).toMatchObject({ ok: false, reason: /newer/ });
    expect(readText('{"format":"studio/steps","version":1,"nodes":[{"id":1}]}')).toMatchObject({ ok: false });
  });

  it("keeps what it does not know when a draft is opened", () => {
    const document = openDocument(
      { nodes: [{ id: "x", component: "gone@9", parameters: { a: 1 } }], extra: 1 } as never,
      null,
    );
    expect(document.graph).toMatchObject({
      extra: 1,
      edges: [],
      settings: { continue_on_step_failure: false },
    });
    expect(document.graph.nodes[0]).toMatchObject({ component: "gone@9", title: null, comment: "" });
  });
});

describe("compat", () => {
  const document = build({ w: "well", s: "sieve", t: "sieve", d: "seed", g: "garden", h: "harvest" }, [
    "w.water > s.water",
    "s.clean > t.water",
    "g.plant > h.plant",
  ]);

  it.each([
    ["w.water > g.water", null, ""],
    ["w.water > g.seedling", "type_mismatch", "Seedling takes an untrained model, and Water is a table."],
    [
      "d.seedling > h.plant",
      "type_mismatch",
      "Plant takes a trained model, and Seedling is an untrained model.",
    ],
    ["w.water > s.water", "duplicate_edge", "These two ports are already connected."],
    [
      "w.water > t.water",
      "too_many_connections",
      "Water of Sieve already comes from Sieve. Remove that connection first.",
    ],
    ["t.clean > s.water", "cycle", "Sieve already depends on Sieve, so this would make a loop."],
    ["s.clean > s.water", "cycle", "A step cannot feed itself."],
    ["w.water > h.nothing", "unknown_port", "Harvest has no input nothing."],
    ["gone.water > s.water", "unknown_node", "One end of this connection is not in the pipeline any more."],
  ])("%s: %s", (text, code, reason) => {
    const check = checkConnection(document, catalog, edge(text));
    expect(check).toEqual(code === null ? { ok: true } : { ok: false, code, reason });
  });

  it("lists the open inputs that an output fits", () => {
    expect(openTargets(document, catalog, "w").map(({ edge: e }) => `${e.target}.${e.target_port}`)).toEqual([
      "g.water",
      "h.water",
    ]);
  });
});

describe("search", () => {
  const index = makeIndex([
    component("p", "Split Tables", {
      family: "Data transformation",
      synonyms: ["train test split", "validation set"],
    }),
    component("q", "Clean Missing Things", {
      family: "Data transformation",
      synonyms: ["impute", "missing values", "fill nulls"],
      inputs: [input("dataset", "table")],
      outputs: [output("dataset", "table"), output("cleaning", "transformation")],
    }),
    component("r", "Fit", { inputs: [input("m", "untrained_model")], outputs: [output("m", "model")] }),
    component("s", "Normalize", { summary: "Scale the values of columns, missing ones apart." }),
  ]);

  it.each([
    ["miss val", "q"],
    ["mis", "q"],
    ["clean", "q"],
    ["cln mis", "q"],
    ["untrained", "r"],
    ["transformation clean", "q"],
    ["tain test", "p"],
    ["slpit", "p"],
    ["NORM", "s"],
  ])("%s finds %s first", (query, name) => {
    expect(search(index, query)[0]?.name).toBe(name);
  });

  it("finds nothing for what is not there, and all for nothing", () => {
    expect(search(index, "xyzzy")).toEqual([]);
    expect(search(index, " ")).toHaveLength(4);
  });

  it("answers within 50 ms for 300 components", () => {
    const many = makeIndex(
      Array.from({ length: 300 }, (_, at) => component(`c${at}`, `Component number ${at}`)),
    );
    const before = performance.now();
    search(many, "number 299");
    expect(performance.now() - before).toBeLessThan(50);
  });
});

describe("selectors", () => {
  it("orders steps as data flows and finds what hangs on a step", () => {
    const document = build({ f: "fork", s: "sieve", w: "well" }, ["w.water > s.water", "s.clean > f.water"]);
    expect(flowOrder(document).map(({ node, depth }) => `${node.id}${depth}`)).toEqual(["w0", "s1", "f2"]);
    expect([...related(document, ["s"], "downstream")].sort()).toEqual(["f", "s"]);
    expect([...related(document, ["s"], "upstream")].sort()).toEqual(["s", "w"]);
  });

  it("summarizes a step by its key parameters", () => {
    const node = {
      id: "a",
      component: "well@1",
      title: null,
      comment: "",
      parameters: { depth: 7, origin: { id: "1", name: "River", version: 2 } },
    };
    expect(summarize(node, spec("well"))).toBe("River v2 · depth 7");
    expect(summarize(node, undefined)).toBe("Not installed");
  });
});

describe("validation", () => {
  it("finds what the browser can know by itself", () => {
    expect(validateLocally(emptyDocument(), catalog).map(({ code }) => code)).toEqual(["empty_graph"]);
    const document = build({ w: "well", g: "garden" }, ["w.water > g.water"]);
    expect(validateLocally(document, catalog)).toMatchObject([
      { code: "missing_parameter", node: "w", parameter: "origin" },
      { code: "missing_input", node: "g", port: "seedling", message: "Garden needs seedling." },
    ]);
  });

  it("takes from the server only what it cannot know and what still has a step", () => {
    const document = build({ w: "well" });
    const at = { severity: "error", port: null, parameter: null, message: "", fix: null } as const;
    expect(
      combineIssues(
        document,
        [],
        [
          { ...at, code: "missing_input", node: "w" },
          { ...at, code: "unknown_column", node: "w" },
          { ...at, code: "unknown_column", node: "gone" },
        ],
      ).map(({ code, node }) => `${code} ${node}`),
    ).toEqual(["unknown_column w"]);
  });
});

describe("merge", () => {
  const base = build({ w: "well", s: "sieve" }, ["w.water > s.water"]);

  it("keeps what each side did to different steps", () => {
    const mine = done(base, renameStep("w", "Mine"));
    let theirs = done(base, setParameter("s", "mesh", "Mesh", 9));
    theirs = done(
      theirs,
      addStep(theirs, catalog, spec("fork"), { id: "f", position: { x: 1, y: 2 }, after: "s" }),
    );
    const { document, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(document.graph.nodes.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "w Mine",
      "s null",
      "f null",
    ]);
    expect(document.graph.nodes[1]?.parameters.mesh).toBe(9);
    expect(texts(document)).toEqual(["w.water > s.water", "s.clean > f.water"]);
  });

  it("names the steps that both changed", () => {
    const mine = done(base, renameStep("w", "Mine"));
    const theirs = done(base, renameStep("w", "Theirs"));
    expect(merge(base, mine, theirs).conflicts).toEqual(["w"]);
    expect(merge(base, mine, mine).conflicts).toEqual([]);
  });

  it("calls it a conflict when one side joined a step that the other deleted, or both joined one input", () => {
    const joined = done(
      base,
      addStep(base, catalog, spec("fork"), { id: "f", position: { x: 0, y: 0 }, after: "s" }),
    );
    const deleted = done(base, deleteSteps(base, catalog, ["s"]));
    expect(merge(base, joined, deleted).conflicts).toContain("s");
    const open = build({ w: "well", v: "well", s: "sieve" });
    const one = done(open, connectPorts(open, catalog, edge("w.water > s.water")) as Command);
    const two = done(open, connectPorts(open, catalog, edge("v.water > s.water")) as Command);
    expect(merge(open, one, two).conflicts).toEqual(["s"]);
  });
});

describe("placing", () => {
  const step = (id: string) => ({ id, component: "x@1", title: null, comment: "", parameters: {} });
  const edge = (source: string, target: string) => ({
    source,
    source_port: "out",
    target,
    target_port: "in",
  });
  const nodes = ["data", "split", "trees", "train", "score"].map(step);
  const edges = [
    edge("data", "split"),
    edge("split", "train"),
    edge("trees", "train"),
    edge("train", "score"),
    edge("split", "score"),
  ];

  it("puts each step below what feeds it, and none over another", () => {
    const places = placeMissing({ nodes, edges }, {});
    for (const { source, target } of edges)
      expect((places[target]?.y ?? 0) - (places[source]?.y ?? 0)).toBeGreaterThan(STEP_HEIGHT);
    const spots = Object.values(places);
    for (const [at, a] of spots.entries())
      for (const b of spots.slice(at + 1))
        expect(Math.abs(a.x - b.x) >= STEP_WIDTH || Math.abs(a.y - b.y) >= STEP_HEIGHT).toBe(true);
  });

  it("leaves known places alone and ends on a cycle", () => {
    const known = { data: { x: 7, y: 9 } };
    const places = placeMissing({ nodes, edges: [...edges, edge("score", "split")] }, known);
    expect(places.data).toEqual({ x: 7, y: 9 });
    expect(Object.keys(places)).toHaveLength(nodes.length);
  });
});
