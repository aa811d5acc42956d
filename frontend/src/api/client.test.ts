import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api, inWorkspace, onSignedOut, Problem, send, toProblem, withQuery } from "./client";
import { countPart, manyPart, onePart, present, textPart } from "./searchParts";

const answer = (status: number, body: unknown, type = "application/json") =>
  new Response(status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "Content-Type": type },
  });
const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("document", { cookie: "theme=x; studio_csrf=tok%3Den" });
});
afterEach(() => {
  fetched.mockReset();
  vi.unstubAllGlobals();
});

it("sends JSON with the CSRF token, and none on reading", async () => {
  fetched.mockImplementation(async () => answer(200, { id: 1 }));
  await api.post("/api/x", { a: 1 });
  const headers = fetched.mock.calls[0]?.[1]?.headers as Record<string, string>;
  expect(headers["X-CSRFToken"]).toBe("tok=en");
  expect(fetched.mock.calls[0]?.[1]?.body).toBe('{"a":1}');
  await api.get("/api/x");
  expect(fetched.mock.calls[1]?.[1]?.headers).not.toHaveProperty("X-CSRFToken");
});

it("keeps the status for answers that mean different things", async () => {
  fetched.mockImplementation(async () => answer(202, { id: "a" }));
  expect((await send("GET", "/api/x")).status).toBe(202);
  fetched.mockImplementation(async () => answer(204, ""));
  expect(await api.delete("/api/x")).toBeUndefined();
});

it("throws the server's problem, typed", async () => {
  const body = {
    type: "about:blank",
    title: "The draft has changed",
    status: 412,
    detail: "Reload.",
    code: "stale",
    fault: "user",
    current_revision: 7,
    errors: [{ pointer: "/name", code: "taken", detail: "The name is taken." }],
    trace_id: "t1",
  };
  fetched.mockImplementation(async () => answer(412, body, "application/problem+json"));
  const problem = await api.put("/api/x", {}).catch(toProblem);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({
    status: 412,
    code: "stale",
    current_revision: 7,
    trace_id: "t1",
    fault: "user",
  });
  expect((problem as Problem).forField("name")).toBe("The name is taken.");
  expect((problem as Problem).forField("other")).toBeUndefined();
});

it("makes a problem of a proxy's page and of silence", async () => {
  fetched.mockImplementation(async () => answer(502, "<html>", "text/html"));
  expect(await api.get("/api/x").catch(toProblem)).toMatchObject({
    status: 502,
    code: "server_error",
    fault: "platform",
  });
  fetched.mockImplementation(async () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await api.get("/api/x").catch(toProblem)).toMatchObject({ status: 0, code: "offline" });
});

it("tells when the session has ended, but not when signing in fails", async () => {
  const heard = vi.fn();
  const stop = onSignedOut(heard);
  fetched.mockImplementation(async () => answer(401, { title: "Sign in", status: 401 }));
  await api.post("/api/session", {}).catch(() => null);
  expect(heard).not.toHaveBeenCalled();
  await api.get("/api/workspaces").catch(() => null);
  expect(heard).toHaveBeenCalledOnce();
  stop();
});

it("builds addresses that hold any name", () => {
  expect(inWorkspace("a b", "runs", "x/y")).toBe("/api/workspaces/a%20b/runs/x%2Fy");
  expect(withQuery("/x", { a: "", b: null, c: 0, d: ["p", "q"], e: undefined })).toBe("/x?c=0&d=p%2Cq");
});

it("drops what an address should not hold", () => {
  expect(onePart({ tab: "nope" }, "tab", ["a", "b"])).toBeUndefined();
  expect(onePart({ tab: "a" }, "tab", ["a", "b"], "a")).toBeUndefined();
  expect(manyPart({ s: "b,zzz,a" }, "s", ["a", "b", "c"])).toBe("a,b");
  expect(manyPart({ s: "zzz" }, "s", ["a"])).toBeUndefined();
  expect(textPart({ q: { a: 1 } }, "q")).toBeUndefined();
  expect(textPart({ q: 12 }, "q")).toBe("12");
  expect([countPart({ v: "3" }, "v"), countPart({ v: -1 }, "v"), countPart({ v: 1.5 }, "v")]).toEqual([
    3,
    undefined,
    undefined,
  ]);
  expect(present({ a: undefined, b: 1 })).toEqual({ b: 1 });
});
