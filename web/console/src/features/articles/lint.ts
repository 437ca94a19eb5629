/** What is wrong or unwise in a draft, while it is written. WeChat says no late and in numbers; here it is said early. */
import type { JSONContent } from "@tiptap/core";
import type { ArticleItem } from "@/api/types";
import { fromHtml } from "./text/read";

/** WeChat's limits, in characters. */
export const most = { items: 8, title: 32, author: 16, digest: 128, html: 20_000 } as const;

export type Level = "error" | "warning" | "hint";
export type Field = "title" | "author" | "digest" | "cover" | "source" | "body" | "comments";
export interface Fault {
  level: Level;
  code: string;
  field: Field;
  item: number;
  params?: Record<string, string | number>;
}

export const letters = (text: string) => [...text].length;

/** The words of a body, block by block. */
export function linesOf(html: string): string[] {
  const words = (node: JSONContent): string =>
    node.type === "hardBreak" ? " " : (node.text ?? (node.content ?? []).map(words).join(""));
  const lines = (node: JSONContent): string[] => {
    if (node.type === "image") return ["▣"];
    if (node.type === "horizontalRule") return ["—"];
    if (node.type === "paragraph" || node.type === "heading") return [words(node)];
    return (node.content ?? []).flatMap(lines);
  };
  return lines(fromHtml(html).doc).filter((line) => line.trim() !== "");
}

/** How many characters a reader reads; blanks and pictures are none. */
export const wordCount = (html: string) =>
  letters(
    linesOf(html)
      .filter((line) => line !== "▣" && line !== "—")
      .join("")
      .replace(/\s/g, ""),
  );

/** What WeChat shows where no digest is written. */
export const firstWords = (html: string) =>
  [
    ...linesOf(html)
      .filter((line) => line !== "▣" && line !== "—")
      .join(" "),
  ]
    .slice(0, 54)
    .join("");

// Words that the advertising law forbids, and begging for shares and follows, which WeChat punishes.
const boasts =
  /国家级|世界级|最高级|全国第一|全网第一|销量第一|第一品牌|顶级|极品|最佳|最低价|最便宜|绝无仅有|史无前例|万能|100%(?:有效|安全|正品)|包治/g;
const begging =
  /(?:转发|分享)(?:到|至)?朋友圈|集(?:满)?\s*\d*\s*个?赞|关注(?:后|才能|即可)(?:领|看|查看|获取)|不转不是/g;

export const isAddress = (text: string) => /^https?:\/\/[^\s/]+\S*$/i.test(text);
const found = (text: string, pattern: RegExp) =>
  [...new Set(text.match(pattern) ?? [])].slice(0, 3).join("、");

/** Whether WeChat keeps a link in the words of an article. */
const isWechatLink = (href: string) =>
  /^https?:\/\/(mp\.weixin\.qq\.com|weixin\.qq\.com)(\/|$|\?)/i.test(href);

export function faultsOf(
  item: ArticleItem,
  index: number,
  canShow: (src: string) => boolean,
  alone: boolean,
): Fault[] {
  const faults: Fault[] = [];
  const add = (level: Level, field: Field, code: string, params?: Fault["params"]) =>
    faults.push({ level, field, code, item: index, ...(params ? { params } : {}) });
  const title = letters(item.title.trim());
  if (title === 0) add("error", "title", "title_missing");
  else if (title > most.title) add("error", "title", "title_long", { n: title, most: most.title });
  if (letters(item.author) > most.author) add("error", "author", "author_long", { most: most.author });
  if (letters(item.digest) > most.digest) add("error", "digest", "digest_long", { most: most.digest });
  if (!item.cover_media_id && !item.wechat?.cover_id) add("error", "cover", "cover_missing");
  if (item.source_url && !isAddress(item.source_url)) add("error", "source", "source_wrong");
  const lines = linesOf(item.html);
  if (lines.length === 0) add("error", "body", "body_missing");
  if (letters(item.html) >= most.html)
    add("error", "body", "body_long", { n: letters(item.html), most: most.html });
  const links = [...item.html.matchAll(/<a[^>]+href="([^"]+)"/g)].map((match) => match[1] ?? "");
  const away = links.filter((href) => !isWechatLink(href.replaceAll("&amp;", "&")));
  if (away.length > 0) add("warning", "body", "links_away", { count: away.length });
  const pictures = [...item.html.matchAll(/<img[^>]+src="([^"]+)"/g)].map((match) => match[1] ?? "");
  const foreign = pictures.filter((src) => !canShow(src.replaceAll("&amp;", "&")));
  if (foreign.length > 0) add("warning", "body", "pictures_away", { count: foreign.length });
  const text = `${item.title}\n${item.digest}\n${lines.join("\n")}`;
  const boast = found(text, boasts);
  if (boast) add("warning", "body", "boasts", { words: boast });
  const beg = found(text, begging);
  if (beg) add("warning", "body", "begs", { words: beg });
  if (alone && !item.digest.trim() && lines.length > 0) add("hint", "digest", "digest_missing");
  return faults;
}

export function allFaults(items: readonly ArticleItem[], canShow: (src: string) => boolean): Fault[] {
  return items.flatMap((item, index) => faultsOf(item, index, canShow, items.length === 1));
}
