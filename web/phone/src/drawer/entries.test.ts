import { expect, test } from "vitest";
import type { Call, Push } from "../api/types";
import { callFailed, faultText, fold, merge, pushFailed, upsert } from "./entries";

const push = (id: number, at_ms: number, outcome = "answered"): Push => ({
  id,
  at_ms,
  appid: "wx1",
  what: "text",
  attempt: 1,
  url: "",
  status: 200,
  elapsed_ms: 5,
  outcome,
});
const call = (id: number, at_ms: number, part: Partial<Call> = {}): Call => ({
  id,
  at_ms,
  path: "/cgi-bin/token",
  ...part,
});

test("the newest stands first, in one list", () => {
  const list = merge([push(1, 10), push(2, 30)], [call(1, 20)]);
  expect(list.map((e) => e.at)).toEqual([30, 20, 10]);
});

test("a later word about the same push replaces the earlier", () => {
  expect(upsert([push(1, 10, "timeout")], [push(1, 10, "answered")]).map((p) => p.outcome)).toEqual([
    "answered",
  ]);
});

test("what counts as failure", () => {
  expect(
    ["answered", "silent", "timeout", "unreachable", "http_error", "bad_answer"].filter((o) =>
      pushFailed(push(1, 1, o)),
    ),
  ).toEqual(["timeout", "unreachable", "http_error", "bad_answer"]);
  expect(callFailed(call(1, 1, { errcode: 0, executed: true }))).toBe(false);
  expect(callFailed(call(1, 1, { errcode: 45015 }))).toBe(true);
  expect(callFailed(call(1, 1, { errcode: 0, executed: false }))).toBe(true);
});

test("a fault is named by its kind", () => {
  expect(faultText({ kind: "latency", ms: 6000 })).toBe("latency");
  expect(faultText("errcode")).toBe("errcode");
  expect(faultText(null)).toBeNull();
});

test("a busy stream does not grow the list without end", () => {
  const many = Array.from({ length: 5000 }, (_, i) => push(i + 1, i));
  const list = upsert([push(1, 0)], many);
  expect(list.length).toBe(300);
  expect(list.at(-1)?.id).toBe(5000);
});

test("a run of the same call is one row; failures and pushes stay by themselves", () => {
  const run = Array.from({ length: 10 }, (_, i) => call(i + 1, 100 + i));
  const rows = fold(merge([push(50, 200)], [...run, call(60, 300, { errcode: 45009 }), call(61, 301)]));
  expect(rows.map((r) => [r.entry.kind, r.entry.at, r.more, r.since])).toEqual([
    ["call", 301, 0, 301],
    ["call", 300, 0, 300],
    ["push", 200, 0, 200],
    ["call", 109, 9, 100],
  ]);
  expect(fold(merge([], run.slice(0, 3))).length).toBe(3);
});
