/** HTML in, HTML out: what WeChat keeps stays, what it drops never gets in, and nothing is flattened unseen. */
import { describe, expect, it } from "vitest";
import { fromHtml } from "./read";
import { colourOf, stylesOf } from "./style";
import { toHtml } from "./write";

const again = (html: string) => toHtml(fromHtml(html).doc);
const once = (html: string) => {
  const written = again(html);
  expect(again(written), "written twice it is the same").toBe(written);
  return written;
};

describe("an article's body", () => {
  it("keeps headings, letters and their looks, as inline styles", () => {
    expect(
      once(
        '<h1>秋</h1><p style="text-align:center;line-height:1.75;text-indent:2em">一<strong>二<em>三</em></strong><span style="color:rgb(199, 62, 58)">四</span></p>',
      ),
    ).toBe(
      '<h2 style="margin:1.4em 0 .7em;font-size:20px;font-weight:bold">秋</h2>' +
        '<p style="margin:0 0 1em;text-align:center;line-height:1.75;text-indent:2em">一<strong>二</strong><strong><em>三</em></strong><span style="color:#c73e3a">四</span></p>',
    );
  });

  it("keeps lists in lists, quotes, dividers and free lines", () => {
    const html = once(
      "<ul><li>甲<ul><li>乙</li></ul></li><li><p>丙</p></li></ul><ol start='3'><li>丁</li></ol><blockquote><p>戊</p></blockquote><hr><p><br></p><p>己</p>",
    );
    expect(html).toContain("<li>甲<ul");
    expect(html).toContain("<li>乙</li></ul></li><li>丙</li></ul>");
    expect(html).toContain('<ol start="3" ');
    expect(html).toContain("border-left:3px solid #d5d8db");
    expect(html).toContain("<hr ");
    expect(html).toContain('<p style="margin:0 0 1em"><br></p><p style="margin:0 0 1em">己</p>');
  });

  it("gives a picture a line of its own, wherever it stood", () => {
    const { doc } = fromHtml('<p>前<img src="/api/v1/media/7/file" style="width:50%">后</p>');
    expect(doc.content?.map((one) => one.type)).toEqual(["paragraph", "image", "paragraph"]);
    expect(doc.content?.[1]?.attrs).toEqual({ src: "/api/v1/media/7/file", alt: null, width: "50%" });
    once('<p>前<img src="/api/v1/media/7/file" style="width:50%">后</p>');
  });

  it("lets nothing in that runs, and no address but http", () => {
    const html = once(
      '<p onclick="x()">一<script>alert(1)</script><a href="javascript:x()">二</a><img src="javascript:x()" onerror="y()"><video src="https://evil.example/a.mp4"></video></p><style>p{}</style>',
    );
    expect(html).toBe('<p style="margin:0 0 1em">一二</p>');
    expect(again('<p>a&lt;script&gt; &amp; "b"</p>')).toBe(
      '<p style="margin:0 0 1em">a&lt;script&gt; &amp; &quot;b&quot;</p>',
    );
  });

  it("says what it cannot keep", () => {
    expect(fromHtml("<table><tr><td>一</td><td>二</td></tr></table>").lost).toEqual(["table"]);
    expect(
      fromHtml('<section style="background-image:url(https://a.example/b.png)"><p>一</p></section>').lost,
    ).toEqual(["layout"]);
    expect(fromHtml("<p>一</p><mp-common-profile></mp-common-profile><svg></svg>").lost).toEqual([
      "frame",
      "drawing",
    ]);
    expect(
      fromHtml(again("<h2>一</h2><p>二</p><ul><li>三</li></ul><blockquote>四</blockquote><hr>")).lost,
    ).toEqual([]);
    expect(toHtml(fromHtml("<table><tr><td>一</td><td>二</td></tr></table>").doc)).toContain("一");
  });

  it("reads what other editors write", () => {
    const html = once(
      '<section><section style="text-align: center;"><span style="font-weight: 700; text-decoration: underline;">标题</span></section><p><span style="color:#333333;font-size:15px;">正文<br></span></p></section>',
    );
    expect(html).toBe(
      '<p style="margin:0 0 1em;text-align:center"><strong><u>标题</u></strong></p><p style="margin:0 0 1em"><span style="font-size:15px">正文</span></p>',
    );
  });

  it("keeps one link one link, and an empty document empty", () => {
    expect(once('<p><a href="https://mp.weixin.qq.com/s/a">一<strong>二</strong></a></p>')).toContain(
      '<a href="https://mp.weixin.qq.com/s/a">一<strong>二</strong></a>',
    );
    expect(again("")).toBe("");
    expect(again("<p></p>")).toBe("");
  });
});

describe("styles", () => {
  it("are read as browsers do", () => {
    expect(stylesOf("Color : red !important; background: url(data:a;b) ; x")).toEqual({
      color: "red",
      background: "url(data:a;b)",
    });
    expect(colourOf("rgba(0, 0, 0, 0)")).toBe(null);
    expect(colourOf("#ABC")).toBe("#aabbcc");
    expect(colourOf("rgb(1,2,3)")).toBe("#010203");
  });
});
