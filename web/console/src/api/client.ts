/**
 * The one door to the hub: cookie session, CSRF header on every write, problem+json turned into `ApiError`.
 * `take()` unwraps an answer or throws; nothing else in the console looks at status codes.
 */
import createClient, { type Middleware } from "openapi-fetch";
import type { FieldProblem, Params, Problem, paths } from "./types";

export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly params: Params;
  readonly fields: FieldProblem[];
  readonly traceId: string | undefined;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.params = problem.params ?? {};
    this.fields = problem.errors ?? [];
    this.traceId = problem.trace_id;
  }
}

let csrfToken = "";
export function setCsrfToken(token: string) {
  csrfToken = token;
}
export function currentCsrfToken() {
  return csrfToken;
}

let onExpired: () => void = () => {};
/** Called when a request that needed a session found none; the shell opens the sign-in sheet over the page. */
export function whenSessionExpires(handler: () => void) {
  onExpired = handler;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    status: response.status,
    code: response.status >= 500 ? "internal" : "unknown",
  };
  if (response.status === 413) fallback.code = "too_large";
  if (response.status === 502 || response.status === 503 || response.status === 504)
    fallback.code = "unavailable";
  try {
    const body = (await response.clone().json()) as Partial<Problem> | null;
    if (body && typeof body.code === "string") return { ...fallback, ...body, status: response.status };
  } catch {
    // Not JSON: a proxy in between answered for the hub.
  }
  return fallback;
}

/** Writes on their way, kept so that one can be sent again with a newer token. */
const underway = new Map<string, Request>();

/** Somebody signed in again in another tab: the cookie is new and this tab's token is not. */
async function withNewToken(again: Request): Promise<Response | undefined> {
  const session = await fetch(new Request(new URL("/api/v1/session", again.url)));
  if (!session.ok) return undefined;
  csrfToken = ((await session.json()) as { csrf_token: string }).csrf_token;
  again.headers.set("x-csrf-token", csrfToken);
  return await fetch(again);
}

const doors: Middleware = {
  onRequest({ request, id }) {
    request.headers.set("accept", "application/json");
    if (request.method !== "GET") {
      request.headers.set("x-csrf-token", csrfToken);
      underway.set(id, request.clone());
    }
    return request;
  },
  async onResponse({ request, response, id }) {
    const again = underway.get(id);
    underway.delete(id);
    if (response.ok) return undefined;
    let problem = await problemOf(response);
    if (problem.code === "csrf" && again) {
      const second = await withNewToken(again);
      if (second?.ok) return second;
      if (second) problem = await problemOf(second);
    }
    if (problem.status === 401 && !new URL(request.url).pathname.endsWith("/session")) onExpired();
    throw new ApiError(problem);
  },
  onError({ id }) {
    underway.delete(id);
    return new ApiError({ status: 0, code: "offline" });
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  credentials: "same-origin",
});
api.use(doors);

/** The data of an answer; 204 gives `undefined`. Failures were already thrown as `ApiError`. */
export async function take<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** A write that must go out even while the page is being closed. */
export function sendOnLeave(method: "DELETE" | "POST", path: string) {
  void fetch(path, {
    method,
    keepalive: true,
    credentials: "same-origin",
    headers: { "x-csrf-token": csrfToken },
  });
}

export function isCode(error: unknown, ...codes: string[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code);
}
