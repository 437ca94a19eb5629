import { describe, expect, it } from "vitest";
import { count, glyphOf, languageName, shorten, splitWords } from "./text";

describe("text", () => {
  it("shortens an openid in the middle and leaves short ids whole", () => {
    expect(shorten("oABCDEFGHIJKLMNOPQRSTUVWXYZ1")).toBe("oABCDE…XYZ1");
    expect(shorten("short-id")).toBe("short-id");
  });
  it("names the language that WeChat writes as a code, and keeps what is none", () => {
    expect(languageName("zh_CN", "en-US")).toContain("Chinese");
    expect(languageName("?", "zh-CN")).toBe("?");
  });
  it("writes thousands separators", () => {
    expect(count(1234567, "zh-CN")).toBe("1,234,567");
  });
  it("parts keywords at any comma, drops blanks and doubles", () => {
    expect(splitWords("菜单，新品, 菜单、\n 门店 ;")).toEqual(["菜单", "新品", "门店"]);
  });
  it("picks a glyph as people call each other", () => {
    expect(glyphOf("王思远")).toBe("远");
    expect(glyphOf("山茶咖啡")).toBe("山");
    expect(glyphOf("Emma Zhao")).toBe("EZ");
    expect(glyphOf("  ")).toBe("·");
  });
});
