import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { withFaces } from "./emoji";
import { flatText, parseText, safeUrl } from "./parse";
import { RichText } from "./rich";

const none = { onLink: () => {}, onMini: () => {}, onMenu: () => {} };
const html = (text: string) => renderToStaticMarkup(<RichText text={text} {...none} />);

describe("links", () => {
  test("an anchor becomes a link with its label", () => {
    expect(parseText('go <a href="https://a.example/x?y=1&amp;z=2">here</a>!')).toEqual([
      { kind: "text", text: "go " },
      { kind: "link", href: "https://a.example/x?y=1&z=2", text: "here" },
      { kind: "text", text: "!" },
    ]);
  });

  test("a bare address is a link and the full stop is not part of it", () => {
    expect(parseText("看 https://a.example/x。好 http://b.example/y.")).toEqual([
      { kind: "text", text: "看 " },
      { kind: "link", href: "https://a.example/x", text: "https://a.example/x" },
      { kind: "text", text: "。好 " },
      { kind: "link", href: "http://b.example/y", text: "http://b.example/y" },
      { kind: "text", text: "." },
    ]);
  });

  test("a mini-program link keeps app, path and fallback", () => {
    expect(
      parseText(
        '<a href="https://f.example/" data-miniprogram-appid="wxMINI" data-miniprogram-path="pages/i?x=1">open</a>',
      ),
    ).toEqual([
      { kind: "mini", appid: "wxMINI", path: "pages/i?x=1", href: "https://f.example/", text: "open" },
    ]);
  });

  test("a message-menu link says what the fan will say", () => {
    expect(
      parseText('<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F&msgmenuid=101">满意</a>'),
    ).toEqual([{ kind: "menu", id: "101", content: "满意", text: "满意" }]);
  });

  test.each([
    ["javascript:alert(1)"],
    ["JaVaScRiPt:alert(1)"],
    [" java\nscript:alert(1)"],
    ["data:text/html,<script>1</script>"],
    ["vbscript:x"],
    ["file:///etc/passwd"],
    ["https://user:pass@a.example/"],
    ["//a.example"],
    [""],
  ])("%j is never opened", (href) => {
    expect(safeUrl(href)).toBeNull();
    expect(
      parseText(`<a href="${href.replaceAll('"', "&quot;")}">x</a>`).every((p) => p.kind === "text"),
    ).toBe(true);
  });
});

describe("nothing becomes markup", () => {
  test.each([
    ["<script>alert(1)</script>"],
    ["<img src=x onerror=alert(1)>"],
    ['<a href="https://a.example" onclick="alert(1)">x</a>'],
    ["<a href='https://a.example'><img src=x onerror=alert(1)></a>"],
    ['<a href="https://a.example/&quot;><script>alert(1)</script>">x</a>'],
    ["<b>bold</b> &lt;script&gt;"],
    ["<svg/onload=alert(1)>"],
  ])("%j", (text) => {
    const shown = html(text);
    expect(shown.replace(/<\/?(span|button)( (type|class|title)="[^"<>]*")*>/g, "")).not.toMatch(/[<>]/);
  });

  test("an anchor that never ends stays letters", () => {
    expect(parseText('<a href="https://a.example')).toEqual([
      { kind: "text", text: '<a href="' },
      { kind: "link", href: "https://a.example/", text: "https://a.example" },
    ]);
    expect(flatText("<a  >")).toBe("<a >");
  });

  test("words that begin with <a are not anchors", () => {
    expect(flatText("<article>x</article> a<b")).toBe("<article>x</article> a<b");
  });

  test("letters whose lower case is longer do not shift the rest", () => {
    expect(parseText('İİ<A HREF="https://a.example/">x</A>y')).toEqual([
      { kind: "text", text: "İİ" },
      { kind: "link", href: "https://a.example/", text: "x" },
      { kind: "text", text: "y" },
    ]);
  });

  test("many unfinished anchors take no time", () => {
    const long = '<a href="x"'.repeat(20_000);
    const start = performance.now();
    parseText(long);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

test("previews have no tags and one line", () => {
  expect(flatText('第一行\n<a href="https://a.example">第二</a> 行')).toBe("第一行 第二 行");
});

test("known faces become signs, other brackets stay", () => {
  expect(withFaces("[微笑] [强] [toString] [不认识] [1]")).toBe("🙂 👍 [toString] [不认识] [1]");
});
