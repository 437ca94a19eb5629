import { describe, expect, it } from "vitest";
import type { Customer, TemplateField } from "@/api/types";
import { filled, isPersonal, missingOf, parted, placeOf, strange, unfit } from "./values";

const field = (type: string | null, longest: number | null = 20): TemplateField => ({
  key: `${type}1`,
  name: "",
  type,
  longest,
  example: null,
  shown: true,
});
const anne = { fields: { name: { value: "安妮" } } } as unknown as Customer;

describe("values of a template", () => {
  it("are filled with what is known, or with what stands behind the bar", () => {
    expect(filled("{{customer.name|朋友}}，{{ customer.city | 本地 }}", anne)).toBe("安妮，本地");
    expect(filled("[{{customer.phone}}]", anne)).toBe("[]");
    expect(filled("{{customer.name}}", undefined)).toBe("{{customer.name}}");
    expect(placeOf("name", "朋友")).toBe("{{customer.name|朋友}}");
    expect(parted("Hi {{customer.name|you}}!").map((part) => part.place)).toEqual([null, "name", null]);
    expect(isPersonal("a {{customer.name}}")).toBe(true);
  });
  it("say which place nobody can fill", () => {
    expect(strange("{{customer.shoe}}")).toBe("customer.shoe");
    expect(strange("{{customer.name")).toBe("{{");
    expect(strange("{{customer.name|x}} and {{customer.city}}")).toBeNull();
  });
  it("say what nobody knows of this one, with nothing to be said instead", () => {
    expect(missingOf("{{customer.name}} {{customer.city}} {{ customer.city }}", anne)).toEqual(["city"]);
    expect(missingOf("{{customer.city|here}}{{customer.phone| }}", anne)).toEqual(["phone"]);
    expect(missingOf("a cup", anne)).toEqual([]);
  });
  it("fit by the rules of their types", () => {
    expect(unfit(field("thing"), "手工陶瓷杯")).toBeNull();
    expect(unfit(field("thing"), "一二三四五六七八九十一二三四五六七八九十一")).toBe("too_long");
    expect(unfit(field("thing"), " ")).toBe("empty");
    expect(unfit(field("character_string", 32), "订单")).toBe("characters");
    expect(unfit(field("time", null), "2026-11-28 10:30")).toBeNull();
    expect(unfit(field("time", null), "09:00 ~ 10:00")).toBeNull();
    expect(unfit(field("time", null), "tomorrow")).toBe("shape");
    expect(unfit(field("date", null), "2026年11月28日")).toBeNull();
    expect(unfit(field("date", null), "2026-13-01")).toBe("shape");
    expect(unfit(field("amount", null), "￥68.00")).toBeNull();
    expect(unfit(field("amount", null), "many")).toBe("shape");
    expect(unfit(field("name"), "一二三四五六七八九十一")).toBe("too_long");
    expect(unfit(field(null), "")).toBeNull();
  });
});
