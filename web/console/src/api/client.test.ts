import { afterEach, expect, it, vi } from "vitest";

const seen: Request[] = [];
let answer: () => Response | Promise<Response> = () => new Response("{}");

// openapi-fetch takes `fetch` when the client is made, so it is replaced before the module is read.
vi.stubGlobal("fetch", async (request: Request) => {
  seen.push(request);
  return answer();
});
const { api, ApiError, setCsrfToken, take, whenSessionExpires } = await import("./client");

afterEach(() => {
  seen.length = 0;
});

const problem = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });

it("sends the CSRF token on writes and not on reads", async () => {
  setCsrfToken("token-1");
  answer = () => Response.json({ items: [] });
  await take(api.GET("/api/v1/accounts"));
  await take(api.POST("/api/v1/bindings"));
  expect(seen.map((request) => request.headers.get("x-csrf-token"))).toEqual([null, "token-1"]);
});

it("turns problem+json into an error that knows its code, fields and params", async () => {
  answer = () =>
    problem(422, {
      status: 422,
      code: "invalid",
      params: { limit: 3 },
      errors: [{ field: "name", code: "required", message: "…" }],
      trace_id: "t1",
    });
  const error = await take(api.GET("/api/v1/tags")).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: "invalid", status: 422, traceId: "t1", params: { limit: 3 } });
  expect((error as InstanceType<typeof ApiError>).fields[0]?.field).toBe("name");
});

it("names a refusal that is not the hub's own, and an unreachable hub", async () => {
  answer = () => new Response("<html>bad gateway</html>", { status: 502 });
  await expect(take(api.GET("/api/v1/tags"))).rejects.toMatchObject({ code: "unavailable", status: 502 });
  answer = () => Promise.reject(new TypeError("Failed to fetch"));
  await expect(take(api.GET("/api/v1/tags"))).rejects.toMatchObject({ code: "offline", status: 0 });
});

it("tells the shell when a session ended, but not when somebody merely has none", async () => {
  const told = vi.fn();
  whenSessionExpires(told);
  answer = () => problem(401, { status: 401, code: "unauthenticated" });
  await api.GET("/api/v1/session").catch(() => {});
  expect(told).not.toHaveBeenCalled();
  await api.GET("/api/v1/tags").catch(() => {});
  expect(told).toHaveBeenCalledOnce();
});

it("sends a write once more when another tab renewed the token, and no more than once", async () => {
  setCsrfToken("old");
  let refusals = 1;
  answer = () => {
    const request = seen.at(-1);
    if (request?.url.endsWith("/session")) return Response.json({ csrf_token: "new" });
    if (refusals > 0) {
      refusals -= 1;
      return problem(403, { status: 403, code: "csrf" });
    }
    return Response.json({ id: "1" }, { status: 201 });
  };
  await expect(take(api.POST("/api/v1/tags", { body: { name: "a" } }))).resolves.toEqual({ id: "1" });
  expect(seen.map((request) => request.headers.get("x-csrf-token"))).toEqual(["old", null, "new"]);
  expect(await seen.at(-1)?.json()).toEqual({ name: "a" });

  seen.length = 0;
  refusals = 2;
  await expect(take(api.POST("/api/v1/tags", { body: { name: "a" } }))).rejects.toMatchObject({
    code: "csrf",
  });
  expect(seen).toHaveLength(3);
});
