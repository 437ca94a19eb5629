import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { ChatItem } from "../api/types";
import { WordsProvider } from "../words";
import { ItemView } from "./item";

beforeAll(() => {
  vi.stubGlobal("navigator", { languages: ["zh-CN"], language: "zh-CN" });
  vi.stubGlobal("location", { href: "http://127.0.0.1:8090/?person=0" });
});

const show = (item: Partial<ChatItem>) =>
  renderToStaticMarkup(
    <WordsProvider>
      <ItemView
        item={{ id: 1, at_ms: 0, from: "account", kind: "text", ...item }}
        account={{ appid: "wx1", name: "海港书店" }}
        person={{ person: 0, name: "陈雨桐" }}
        onOpen={() => {}}
        onMenu={() => {}}
      />
    </WordsProvider>,
  );

describe("every kind shows what it carries", () => {
  test.each<[string, Partial<ChatItem>, string[]]>([
    ["text", { text: "第一行\n第二行", via: "passive" }, ["第一行\n第二行", "被动回复"]],
    ["image", { media_url: "/sandbox/files/1.jpg" }, ['src="/sandbox/files/1.jpg"']],
    ["voice", { duration_ms: 7400, text: "几点开门" }, ["7″", "几点开门"]],
    ["video", { title: "书店一日", media_url: "/sandbox/files/1.mp4" }, ["书店一日"]],
    ["music", { title: "海港之声", description: "第 12 期" }, ["海港之声", "第 12 期"]],
    ["location", { latitude: 31.2397, longitude: 121.4906, label: "外滩" }, ["外滩", "31.23970, 121.49060"]],
    ["link", { title: "独立书店", url: "https://example.com/1" }, ["独立书店", "https://example.com/1"]],
    ["news", { articles: [{ title: "一", description: "说明", url: "https://a.example/" }] }, ["一", "说明"]],
    ["mpnews", { articles: [{ title: "甲" }, { title: "乙" }, { title: "丙" }] }, ["甲", "乙", "丙"]],
    [
      "msgmenu",
      { menu: { head: "满意吗", list: [{ id: "1", content: "很好" }], tail: "谢谢" } },
      ["满意吗", "很好", "谢谢"],
    ],
    ["miniprogrampage", { title: "积分商城", appid: "wxm" }, ["积分商城", "小程序"]],
    [
      "template",
      { title: "发货通知", lines: [{ name: "订单号", value: "1027" }] },
      ["发货通知", "订单号", "1027"],
    ],
    [
      "notice",
      { title: "开课提醒", lines: [{ name: "", value: "今晚七点" }], via: "notice" },
      ["开课提醒", "今晚七点", "订阅通知"],
    ],
    [
      "pictures",
      { text: "值得一看", pictures: ["/sandbox/files/1.jpg", "/sandbox/files/2.jpg"] },
      ["值得一看", "/sandbox/files/2.jpg"],
    ],
    [
      "undelivered",
      { from: "system", title: "发货通知", reason: "failed:user block" },
      ["发货通知", "failed:user block"],
    ],
    ["wxcard", { text: "pCARD" }, ["pCARD"]],
    ["failure", { from: "system", text: "出现故障", reason: "no answer" }, ["出现故障", "no answer"]],
    ["event", { from: "fan", event: "SCAN", key: "shop42" }, ["你扫描了二维码 · shop42"]],
    ["event", { from: "fan", event: "subscribe", key: "qrscene_shop42" }, ["你关注了该公众号"]],
    ["event", { from: "fan", event: "never_heard_of" }, ["never_heard_of"]],
    ["transfer", { from: "system", text: "正在转接人工客服" }, ["正在转接人工客服"]],
    ["hologram", { text: "x" }, ["hologram", "x"]],
  ])("%s", (kind, item, wanted) => {
    const html = show({ kind, ...item });
    for (const text of wanted) expect(html).toContain(text);
    expect(html).toContain(`data-kind="${kind}"`);
  });
});

test("what AI wrote and who sent it is told below", () => {
  const html = show({ text: "好的", via: "custom", kf: "anna@shop", ai: true });
  expect(html).toContain("客服消息 · anna@shop · 由第三方 AI 生成");
});

test("pictures of foreign hosts are not fetched by looking", () => {
  for (const item of [
    { kind: "image", media_url: "https://img.example.com/a.jpg" },
    { kind: "news", articles: [{ title: "t", pic_url: "https://img.example.com/a.jpg" }] },
    { kind: "video", thumb_url: "https://img.example.com/a.jpg", media_url: "https://img.example.com/a.mp4" },
    { kind: "music", thumb_url: "https://img.example.com/a.jpg" },
  ]) {
    expect(show(item)).not.toContain('src="https://img.example.com');
  }
});

test("an address that may not be opened is no button", () => {
  for (const url of ["javascript:alert(1)", "file:///etc/passwd", undefined]) {
    expect(show({ kind: "link", title: "t", url })).not.toContain("<button");
    expect(show({ kind: "news", articles: [{ title: "t", url }] })).not.toContain("<button");
  }
});

test("nothing an account sends becomes markup", () => {
  const evil = "<img src=x onerror=alert(1)>";
  const everywhere: Partial<ChatItem> = {
    text: evil,
    title: evil,
    description: evil,
    label: evil,
    reason: evil,
    event: evil,
    key: evil,
    kf: evil,
    via: evil,
    articles: [{ title: evil, description: evil, url: evil, pic_url: evil }],
    menu: { head: evil, list: [{ id: evil, content: evil }], tail: evil },
    lines: [{ name: evil, value: evil }],
    pictures: [evil],
  };
  for (const kind of [
    "text",
    "voice",
    "video",
    "music",
    "news",
    "location",
    "link",
    "msgmenu",
    "template",
    "notice",
    "pictures",
    "undelivered",
    "event",
    "failure",
    evil,
  ]) {
    expect([kind, show({ kind, ...everywhere }).includes("<img src=x")]).toEqual([kind, false]);
  }
});
