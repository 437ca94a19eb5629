/** What is said while an article is written, how its parts move, and how two sides stand beside each other. */
import { describe, expect, it } from "vitest";
import { collapsed, sideBySide } from "./changes";
import { added, bare, emptyItem, keyed, moved, removed } from "./items";
import { allFaults, faultsOf, firstWords, wordCount } from "./lint";
import { takenFrom } from "./pictures";

const good = {
  ...emptyItem("李"),
  title: "秋日清单",
  digest: "五件小事",
  html: '<p>好<a href="https://mp.weixin.qq.com/s/a">看</a></p>',
  cover_media_id: "7",
};
const codes = (part: object) =>
  faultsOf({ ...good, ...part }, 0, (src) => src.startsWith("/"), true).map((one) => one.code);

describe("faults of an article", () => {
  it("are none when nothing is wrong", () => expect(codes({})).toEqual([]));
  it("name what WeChat refuses", () => {
    expect(codes({ title: " ", cover_media_id: null, html: "<p><br></p>" })).toEqual([
      "title_missing",
      "cover_missing",
      "body_missing",
    ]);
    expect(codes({ title: "字".repeat(33), author: "字".repeat(17), digest: "字".repeat(129) })).toEqual([
      "title_long",
      "author_long",
      "digest_long",
    ]);
    expect(codes({ source_url: "example.com" })).toEqual(["source_wrong"]);
    expect(codes({ html: `<p>${"字".repeat(20_000)}</p>` })).toEqual(["body_long"]);
  });
  it("name what WeChat drops and what it punishes", () => {
    expect(
      codes({ html: '<p>一<a href="https://shop.example/1">二</a><img src="https://a.example/b.png"></p>' }),
    ).toEqual(["links_away", "pictures_away"]);
    expect(codes({ html: "<p>全国第一，转发朋友圈有礼</p>" })).toEqual(["boasts", "begs"]);
  });
  it("ask for a digest where there is one article only", () => {
    expect(codes({ digest: "" })).toEqual(["digest_missing"]);
    const two = [good, { ...good, digest: "" }];
    expect(allFaults(two, () => true)).toEqual([]);
  });
  it("count what a reader reads", () => {
    expect(wordCount('<p>一 二</p><ul><li>三</li></ul><p><img src="/a"></p><hr>')).toBe(3);
    expect(firstWords("<h2>一</h2><p>二</p>")).toBe("一 二");
  });
});

describe("the articles of a draft", () => {
  it("move, come and go, between one and eight", () => {
    let items = keyed([good, { ...good, title: "二" }, { ...good, title: "三" }]);
    const titles = () => items.map((item) => item.title || "新");
    items = moved(items, items[2]?.key ?? "", 0);
    expect(titles()).toEqual(["三", "秋日清单", "二"]);
    items = moved(items, items[0]?.key ?? "", 1);
    expect(titles()).toEqual(["秋日清单", "三", "二"]);
    expect(moved(items, items[0]?.key ?? "", 9)).toEqual(items);
    items = added(items);
    expect(items.at(-1)?.author).toBe("李");
    for (let n = 0; n < 9; n++) items = added(items);
    expect(items.length).toBe(8);
    for (const item of items) items = removed(items, item.key);
    expect(items.length).toBe(1);
    expect(bare(items)[0]).not.toHaveProperty("key");
  });
});

describe("pictures of pasted words", () => {
  it("are ours, WeChat's by way of the hub, or left out", () => {
    expect(takenFrom("5", "/api/v1/media/7/file")).toBe("/api/v1/media/7/file");
    expect(takenFrom("5", `${location.origin}/api/v1/media/7/file`)).toBe("/api/v1/media/7/file");
    expect(takenFrom("5", "//mmbiz.qpic.cn/a/0?b=c")).toBe(
      "/api/v1/accounts/5/wechat_picture?address=https%3A%2F%2Fmmbiz.qpic.cn%2Fa%2F0%3Fb%3Dc",
    );
    expect(takenFrom("5", "https://mmbiz.qpic.cn.evil.example/a")).toBe(null);
    expect(takenFrom("5", "https://evil.example/a.png")).toBe(null);
  });
});

describe("two sides", () => {
  it("stand beside each other, changed lines in one row", () => {
    expect(sideBySide(["a", "b", "c"], ["a", "x", "c", "d"])).toEqual([
      { ours: "a", theirs: "a" },
      { ours: "b", theirs: "x" },
      { ours: "c", theirs: "c" },
      { ours: null, theirs: "d" },
    ]);
    expect(sideBySide([], ["a"])).toEqual([{ ours: null, theirs: "a" }]);
  });
  it("say of long runs that are the same only how long they are", () => {
    const same = ["a", "b", "c", "d", "e", "f"];
    const shown = collapsed(sideBySide([...same, "x", ...same], [...same, "y", ...same]));
    expect(shown).toEqual([
      { same: 5 },
      { ours: "f", theirs: "f" },
      { ours: "x", theirs: "y" },
      { ours: "a", theirs: "a" },
      { same: 5 },
    ]);
  });
});
