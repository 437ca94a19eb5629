import { expect, test } from "vitest";
import { changes, splitList } from "./fields";

test("lists of addresses are read however they were separated", () => {
  expect(splitList(" 10.0.0.1;10.0.0.2,\n10.0.0.3  10.0.0.4 ;")).toEqual([
    "10.0.0.1",
    "10.0.0.2",
    "10.0.0.3",
    "10.0.0.4",
  ]);
  expect(splitList("  ")).toEqual([]);
});

test("a save sends only what changed", () => {
  const old = { mode: "plain", ip_whitelist: ["1.1.1.1"], on: false };
  expect(changes(old, { mode: "plain", ip_whitelist: ["1.1.1.1"], on: true })).toEqual({ on: true });
  expect(changes(old, { ip_whitelist: [] })).toEqual({ ip_whitelist: [] });
});
