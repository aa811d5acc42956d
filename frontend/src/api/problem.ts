import type { ProblemDetails, ProblemError } from "./types";

/** A failed request (or a failed activity) in the API's one shape, RFC 9457. */
export class Problem extends Error implements ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly fault: "user" | "platform";
  readonly errors: ProblemError[];
  readonly fix: string | null;
  readonly trace_id: string | null;
  readonly current_revision?: number;
  /** The body as sent, for extension members. */
  readonly body: Record<string, unknown>;

  constructor(details: Partial<ProblemDetails> & Record<string, unknown>, status = 0) {
    super(details.detail || details.title || "The request failed.");
    this.name = "Problem";
    this.body = details;
    this.type = details.type ?? "about:blank";
    this.title = details.title ?? "Something failed";
    this.status = details.status ?? status;
    this.detail = details.detail ?? "";
    this.code = details.code ?? "unexpected";
    this.fault = details.fault ?? (this.status >= 400 && this.status < 500 ? "user" : "platform");
    this.errors = details.errors ?? [];
    this.fix = details.fix ?? null;
    this.trace_id = details.trace_id ?? null;
    if (typeof details.current_revision === "number") this.current_revision = details.current_revision;
  }

  /** The message for one field of a form, when the server named it. */
  forField(name: string): string | undefined {
    const found = this.errors.find(
      (error) => error.parameter === name || error.pointer === `/${name}` || error.pointer === name,
    );
    return found?.detail;
  }
}

/** The browser could not reach the server at all. */
export function offlineProblem(): Problem {
  return new Problem({
    title: "Studio cannot be reached",
    detail: "The server did not answer. Check that it is running and that you are online, then retry.",
    code: "offline",
    fault: "platform",
    status: 0,
  });
}

/** Any thrown value as a Problem, so that every error on screen has one shape. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({
    title: "This part of the page failed",
    detail: error instanceof Error ? error.message : String(error),
    code: "browser_error",
    fault: "platform",
  });
}
