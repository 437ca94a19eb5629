import { expect, test } from "vitest";
import { accountsOf, expiry, grouped } from "./choose";

const scanners = [
  { id: 1, name: "王敏", role: "administrator", appid: "wx1", nick_name: "海港书店" },
  { id: 2, name: "李想", role: "operator", appid: "wx1", nick_name: "海港书店" },
  { id: 3, name: "茶馆", role: "administrator", appid: "wx2" },
] as const;

test("an administrator chooses among the accounts administered", () => {
  expect(accountsOf([...scanners], "administrator", null)).toEqual([
    { appid: "wx1", account: "海港书店", who: "王敏" },
    { appid: "wx2", account: "茶馆", who: "" },
  ]);
});

test("biz_appid leaves one account or none", () => {
  expect(accountsOf([...scanners], "administrator", "wx2").map((a) => a.appid)).toEqual(["wx2"]);
  expect(accountsOf([...scanners], "administrator", "wx9")).toEqual([]);
});

test("why a code is refused", () => {
  expect(expiry(404, "no such code")).toBe("unknown");
  expect(expiry(410, "pre_auth_code expired")).toBe("expired");
  expect(expiry(410, "this pre_auth_code was used")).toBe("used");
  expect(expiry(403, "only an administrator may authorize")).toBeNull();
  expect(expiry(500, "")).toBeNull();
});

test("exclusive sets stand last", () => {
  const set = (id: number, exclusive: boolean) => ({ id, exclusive, name_zh: "", name_en: "" });
  expect(grouped([set(24, true), set(4, true), set(15, false), set(1, false)]).map((s) => s.id)).toEqual([
    1, 15, 4, 24,
  ]);
});
