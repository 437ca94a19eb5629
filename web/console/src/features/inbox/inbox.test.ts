import { describe, expect, it } from "vitest";
import type { Conversation } from "@/api/types";
import { nextAfter, steady } from "./order";
import { instantOf, laters, localOf } from "./snooze";
import { asked, filled } from "./template";

const list = (...ids: string[]) => ids.map((id) => ({ id }) as Conversation);
const ids = (all: Conversation[]) => all.map((one) => one.id);

describe("the list", () => {
  it("keeps the chosen one where it stood", () => {
    expect(ids(steady(["a", "b", "c"], list("b", "c", "a"), "a"))).toEqual(["a", "b", "c"]);
    expect(ids(steady(["a", "b", "c"], list("x", "b", "c", "a"), "a"))).toEqual(["a", "x", "b", "c"]);
    expect(ids(steady(["a", "b"], list("b"), "a"))).toEqual(["b"]);
    expect(ids(steady([], list("b", "a"), "a"))).toEqual(["b", "a"]);
  });

  it("opens the next one, or the first that is left", () => {
    expect(nextAfter(list("a", "b", "c"), "b")?.id).toBe("c");
    expect(nextAfter(list("a", "b", "c"), "c")?.id).toBe("a");
    expect(nextAfter(list("a"), "a")).toBeUndefined();
  });
});

describe("canned answers", () => {
  it("say the name, or what stands in for it", () => {
    expect(filled("Hi {{customer.name|friend}}!", { "customer.name": "Ann" })).toBe("Hi Ann!");
    expect(filled("Hi {{ customer.name | friend}}!", {})).toBe("Hi  friend!");
    expect(filled("{{account.name}}{{person.name|}}", { "account.name": "Shop" })).toBe("Shop");
  });

  it("are asked for by a slash and nothing else", () => {
    expect(asked("/")).toBe("");
    expect(asked("/hi")).toBe("hi");
    for (const text of ["hi", "/hi there", "see /hi", ""]) expect(asked(text)).toBeNull();
  });
});

describe("putting off", () => {
  it("goes by the person's clock", () => {
    const noon = Date.parse("2026-11-27T04:00:00Z");
    expect(localOf(noon, "Asia/Shanghai")).toBe("2026-11-27T12:00");
    expect(instantOf("2026-11-27T12:00", "Asia/Shanghai")).toBe(noon);
    const later = Object.fromEntries(
      laters(noon, "Asia/Shanghai").map(({ name, at }) => [name, localOf(at, "Asia/Shanghai")]),
    );
    expect(later).toEqual({
      hour: "2026-11-27T13:00",
      evening: "2026-11-27T18:00",
      tomorrow: "2026-11-28T09:00",
      monday: "2026-11-30T09:00",
    });
    const night = Date.parse("2026-11-30T11:00:00Z");
    const names = laters(night, "Asia/Shanghai").map(({ name }) => name);
    expect(names).not.toContain("evening");
    const berlin = instantOf("2026-10-25T09:00", "Europe/Berlin");
    expect(localOf(berlin, "Europe/Berlin")).toBe("2026-10-25T09:00");
  });
});
