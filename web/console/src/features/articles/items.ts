/** The articles of one draft while they are written: each with a name of its own, so that it can be moved. */
import type { ArticleItem } from "@/api/types";
import { most } from "./lint";

export type Item = ArticleItem & { key: string };

let made = 0;
const nextKey = () => `i${++made}`;

export const keyed = (items: readonly ArticleItem[]): Item[] =>
  items.map((item) => ({ ...item, key: nextKey() }));
export const bare = (items: readonly Item[]): ArticleItem[] => items.map(({ key: _, ...item }) => item);

export const emptyItem = (author = ""): ArticleItem => ({
  title: "",
  author,
  digest: "",
  html: "",
  cover_media_id: null,
  source_url: "",
  comments: "off",
  wechat: null,
});

export function added(items: readonly Item[]): Item[] {
  if (items.length >= most.items) return [...items];
  const last = items.at(-1);
  return [...items, { ...emptyItem(last?.author), comments: last?.comments ?? "off", key: nextKey() }];
}

export const changed = (items: readonly Item[], key: string, part: Partial<ArticleItem>): Item[] =>
  items.map((item) => (item.key === key ? { ...item, ...part } : item));

/** Puts one where another stands. */
export function moved(items: readonly Item[], key: string, to: number): Item[] {
  const from = items.findIndex((item) => item.key === key);
  const item = items[from];
  if (!item || to < 0 || to >= items.length || to === from) return [...items];
  const rest = items.filter((one) => one.key !== key);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** A draft always has one article. */
export function removed(items: readonly Item[], key: string): Item[] {
  return items.length > 1 ? items.filter((item) => item.key !== key) : [...items];
}
