import { expect, test } from "vitest";
import { type FaultDraft, faultBody } from "./fault-draft";

const draft: FaultDraft = {
  kind: "errcode",
  path: "cgi-bin/token",
  appid: "",
  errcode: "45009",
  ms: "",
  status: "",
  times: "",
  percent: "",
};

test("an errcode on a path, for ever", () => {
  expect(faultBody(draft)).toEqual({
    where: { path: "/cgi-bin/token" },
    what: { kind: "errcode", errcode: 45009 },
  });
});

test("times, chance and account are sent when given", () => {
  expect(
    faultBody({ ...draft, kind: "latency", ms: "6000", times: "2", percent: "25", appid: "wx1" }),
  ).toEqual({
    where: { path: "/cgi-bin/token", appid: "wx1" },
    what: { kind: "latency", ms: 6000 },
    times: 2,
    probability: 0.25,
  });
});

test("faults of pushes name a kind of message or an event", () => {
  expect(faultBody({ ...draft, kind: "duplicate_push", path: "subscribe" })).toEqual({
    where: { path: "subscribe" },
    what: { kind: "duplicate_push" },
  });
});

test.each([
  { errcode: "x" },
  { errcode: "0" },
  { times: "0" },
  { times: "1.5" },
  { percent: "101" },
  { kind: "status" as const, status: "42" },
  { kind: "latency" as const, ms: "" },
])("%j makes no sense", (part) => {
  expect(faultBody({ ...draft, ...part })).toBeNull();
});
