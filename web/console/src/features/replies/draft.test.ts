import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, describe, expect, it } from "vitest";
import type { RuleBody } from "@/api/types";
import { emptyRule, problemOf, sameBody, useDraft } from "./draft";

const good: RuleBody = {
  ...emptyRule("keyword", "菜单"),
  name: "菜单",
  answers: [{ type: "text", text: "今天有…" }],
};

interface Seen {
  draft?: ReturnType<typeof useDraft>;
}
function Probe({ base, seen }: { base: RuleBody; seen: Seen }) {
  seen.draft = useDraft("draft-key", base);
  return null;
}

describe("a draft", () => {
  it("says the first thing that keeps it from going live", () => {
    expect(problemOf(good)).toBeNull();
    expect(problemOf(emptyRule("keyword"))).toBe("words");
    expect(problemOf({ ...good, answers: [] })).toBe("answers");
    expect(problemOf({ ...good, answers: [{ type: "text", text: "  " }] })).toBe("text");
    expect(problemOf({ ...good, answers: [{ type: "text", text: "字".repeat(683) }] })).toBe("long");
    expect(problemOf({ ...good, answers: [{ type: "text", text: "字".repeat(682) }] })).toBeNull();
    expect(problemOf({ ...good, answers: [{ type: "image", media_id: "" }] })).toBe("media");
    expect(
      problemOf({ ...good, answers: [{ type: "article", title: "a", url: "javascript:alert(1)" }] }),
    ).toBe("url");
    expect(problemOf({ ...good, hours: { days: [], from: "09:00", to: "18:00" } })).toBe("hours");
  });

  it("is unchanged when only the order of keys or empty extras differ", () => {
    const same = { ...good, answers: [{ text: "今天有…", type: "text" as const }], hours: null };
    expect(sameBody(good, same)).toBe(true);
    expect(sameBody(good, { ...good, answers: [{ type: "text", text: "别的" }] })).toBe(false);
  });
});

describe("the keeping of a draft", () => {
  beforeEach(() => localStorage.clear());
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

  function open(base: RuleBody) {
    const seen: Seen = {};
    const root = createRoot(document.createElement("div"));
    act(() => root.render(createElement(Probe, { base, seen })));
    const draft = () => {
      if (!seen.draft) throw new Error("not rendered");
      return seen.draft;
    };
    return { draft, close: () => act(() => root.unmount()) };
  }

  it("survives a closed page and goes when discarded", () => {
    const first = open(good);
    act(() => first.draft().change({ ...good, name: "秋季菜单" }));
    expect(first.draft().dirty).toBe(true);
    first.close();

    const second = open(good);
    expect(second.draft().body.name).toBe("秋季菜单");
    act(() => second.draft().clear());
    expect(second.draft().body.name).toBe("菜单");
    second.close();
    expect(localStorage.getItem("draft-key")).toBeNull();
  });

  it("keeps nothing when the text came back to what is live", () => {
    const page = open(good);
    act(() => page.draft().change({ ...good, name: "x" }));
    act(() => page.draft().change(good));
    expect(page.draft().dirty).toBe(false);
    expect(localStorage.getItem("draft-key")).toBeNull();
    page.close();
  });
});
