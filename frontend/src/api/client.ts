import { offlineProblem, Problem } from "./problem";

export { Problem, toProblem } from "./problem";

export type QueryValue = string | number | boolean | null | undefined | readonly string[];

export interface RequestOptions {
  query?: Record<string, QueryValue>;
  /** Sent as JSON, unless it is a Blob, which goes as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Reply<T> {
  status: number;
  data: T;
  headers: Headers;
}

type SignedOutListener = () => void;
const signedOut = new Set<SignedOutListener>();

/** Called when any request is answered 401: the session ended. */
export function onSignedOut(listener: SignedOutListener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

function csrfToken(): string {
  const found = /(?:^|;\s*)studio_csrf=([^;]+)/.exec(document.cookie);
  return found?.[1] ? decodeURIComponent(found[1]) : "";
}

export function withQuery(path: string, query?: Record<string, QueryValue>): string {
  if (!query) return path;
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    search.set(key, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  if (/json/.test(response.headers.get("content-type") ?? "")) {
    try {
      return new Problem(JSON.parse(text), response.status);
    } catch {
      // A truncated body: fall through to the status line.
    }
  }
  return new Problem({
    title: response.status >= 500 ? "The server failed" : "The request was refused",
    detail: `${response.status} ${response.statusText}`.trim(),
    code: response.status >= 500 ? "server_error" : "refused",
    status: response.status,
  });
}

/** One request; a failure is thrown as a typed {@link Problem}. */
export async function send<T>(method: string, path: string, options: RequestOptions = {}): Promise<Reply<T>> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    body = options.body;
    headers["Content-Type"] ??= "application/octet-stream";
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  let response: Response;
  try {
    response = await fetch(withQuery(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw offlineProblem();
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && path !== "/api/session") for (const listener of signedOut) listener();
    throw problem;
  }
  const text = response.status === 204 ? "" : await response.text();
  return {
    status: response.status,
    data: (text ? JSON.parse(text) : undefined) as T,
    headers: response.headers,
  };
}

async function dataOf<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
  return (await send<T>(method, path, options)).data;
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => dataOf<T>("GET", path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    dataOf<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    dataOf<T>("PUT", path, { ...options, body }),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    dataOf<T>("PATCH", path, { ...options, body }),
  delete: <T>(path: string, options?: RequestOptions) => dataOf<T>("DELETE", path, options),
};

/** Path of a workspace's resource: `inWorkspace("retail", "runs", id)`. */
export function inWorkspace(workspace: string, ...parts: (string | number)[]): string {
  return ["/api/workspaces", workspace, ...parts]
    .map((part, i) => (i ? encodeURIComponent(part) : part))
    .join("/");
}
