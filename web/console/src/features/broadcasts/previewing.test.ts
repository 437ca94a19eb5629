import { expect, test } from "vitest";
import { ApiError } from "@/api/client";
import { isUnknown, keepFans, lastFans, left, type Outcome, type Recipient } from "./previewing";

test("who has it is never sent to again, whoever failed is", () => {
  const all: Recipient[] = [{ customer_id: "1" }, { customer_id: "2" }, { wechat_id: "me" }];
  const outcomes = new Map<string, Outcome>([
    ["c:1", { state: "sent" }],
    ["c:2", { state: "failed", error: new Error("no") }],
    ["w:me", { state: "sent" }],
  ]);
  expect(left(all, outcomes)).toEqual([{ customer_id: "2" }]);
  expect(left(all, new Map())).toEqual(all);
});

test("the last fans are kept for each account, and nonsense in the storage is nobody", () => {
  keepFans("7", ["1", "2"]);
  expect(lastFans("7")).toEqual(["1", "2"]);
  expect(lastFans("8")).toEqual([]);
  localStorage.setItem("hy.previewed.8", '{"a":1}');
  expect(lastFans("8")).toEqual([]);
  localStorage.setItem("hy.previewed.8", "not json");
  expect(lastFans("8")).toEqual([]);
});

test("a refusal of WeChat's is known, a lost answer is not", () => {
  expect(isUnknown(new TypeError("fetch failed"))).toBe(true);
  expect(isUnknown(failure("wechat_away", 502))).toBe(true);
  expect(isUnknown(failure("wechat_refused", 502))).toBe(false);
  expect(isUnknown(failure("not_a_fan", 409))).toBe(false);
});

function failure(code: string, status: number) {
  return new ApiError({ type: "about:blank", title: code, code, status });
}
