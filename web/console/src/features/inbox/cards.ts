/** Link cards and music of the composer: what WeChat takes of them, told while they are written. */
import type { CardContent } from "@/api/types";
import { byteLength } from "@/lib/text";

/** As the hub holds it: bytes of an address. */
export const longestUrl = 1024;

export const emptyCard = (type: CardContent["type"]): CardContent =>
  type === "article" ? { type, title: "", url: "" } : { type, url: "", thumb_media_id: "" };

/** Why an address leads nowhere, as a key of words; an empty one is only wrong where one is needed. */
export function faultOfUrl(url: string | undefined) {
  const text = url?.trim() ?? "";
  if (!text) return null;
  if (!/^https?:\/\/[^\s/]+\S*$/.test(text)) return "inbox.card.wrong.url" as const;
  if (byteLength(text) > longestUrl) return "inbox.card.wrong.url_long" as const;
  return null;
}

/** What is still missing or wrong. */
export function faultOfCard(card: CardContent) {
  const wrong =
    faultOfUrl(card.url) ?? faultOfUrl(card.type === "article" ? card.picture_url : card.hq_url) ?? null;
  if (wrong) return wrong;
  if (card.type === "article" && !card.title.trim()) return "inbox.card.wrong.title" as const;
  if (!card.url.trim()) return "inbox.card.wrong.no_url" as const;
  if (card.type === "music" && !card.thumb_media_id) return "inbox.card.wrong.cover" as const;
  return null;
}

/** Without what was left empty. */
export function tidied(card: CardContent): CardContent {
  const some = (text: string | undefined) => text?.trim() || undefined;
  const words = { description: some(card.description), url: card.url.trim() };
  return card.type === "article"
    ? { ...card, ...words, title: card.title.trim(), picture_url: some(card.picture_url) }
    : { ...card, ...words, title: some(card.title), hq_url: some(card.hq_url) };
}

/** The host of an address, as people know it. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
