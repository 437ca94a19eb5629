/** What a broadcast is made of, and what can be said of it without asking the hub. */
import type {
  Broadcast,
  BroadcastBody,
  BroadcastContent,
  BroadcastCounts,
  BroadcastPart,
  Id,
} from "@/api/types";
import { byteLength, textLimit } from "@/lib/text";

export const most = { pictures: 20, variants: 4, openids: 10_000, recommend: 200, title: 64 };
export type ContentKind = BroadcastContent["type"];

export function emptyContent(type: ContentKind): BroadcastContent {
  switch (type) {
    case "text":
      return { type, text: "" };
    case "article":
      return { type, article_id: "" };
    case "images":
      return { type, media_ids: [], recommend: null, comments: "off" };
    case "voice":
      return { type, media_id: "" };
    case "video":
      return { type, media_id: "", title: "", description: "" };
  }
}

export function newBody(account: Id, name: string, content = emptyContent("text")): BroadcastBody {
  return {
    account_id: account,
    name,
    contents: [content],
    test: null,
    audience: { type: "all" },
    ignore_reprint: false,
    on_quota: "wait",
  };
}

/** What can be written of a broadcast that is there. */
export function bodyOf(broadcast: Broadcast): BroadcastBody {
  const { account_id, name, contents, test, audience, ignore_reprint, on_quota } = broadcast;
  return { account_id, name, contents, test, audience, ignore_reprint, on_quota };
}

export type Gap =
  | "text"
  | "text_long"
  | "article"
  | "pictures"
  | "pictures_many"
  | "voice"
  | "video"
  | "video_title"
  | "tags"
  | "customers"
  | "openids"
  | "name"
  | "shares"
  | "past";
export type Part = "what" | "who" | "when" | "test" | "name";

/** What a content still lacks before anybody could be sent it. */
export function gapOf(content: BroadcastContent): Gap | null {
  switch (content.type) {
    case "text":
      if (content.text.trim() === "") return "text";
      return byteLength(content.text) > textLimit ? "text_long" : null;
    case "article":
      return content.article_id ? null : "article";
    case "images":
      if (content.media_ids.length === 0) return "pictures";
      return content.media_ids.length > most.pictures ? "pictures_many" : null;
    case "voice":
      return content.media_id ? null : "voice";
    case "video":
      if (!content.media_id) return "video";
      return content.title.trim() ? null : "video_title";
  }
}

/** Everything that is still missing, and where; a broadcast without gaps can be checked. */
export function gapsOf(body: BroadcastBody, startsAt: number | null, now: number) {
  const gaps: { part: Part; gap: Gap; variant: number }[] = [];
  if (body.name.trim() === "") gaps.push({ part: "name", gap: "name", variant: 0 });
  body.contents.forEach((content, variant) => {
    const gap = gapOf(content);
    if (gap) gaps.push({ part: "what", gap, variant });
  });
  const { audience } = body;
  if (audience.type === "tags" && audience.tag_ids.length === 0)
    gaps.push({ part: "who", gap: "tags", variant: 0 });
  if (audience.type === "customers" && audience.customer_ids.length === 0)
    gaps.push({ part: "who", gap: "customers", variant: 0 });
  if (audience.type === "openids" && audience.openids.length === 0)
    gaps.push({ part: "who", gap: "openids", variant: 0 });
  if (body.test && restOf(body) < 0) gaps.push({ part: "test", gap: "shares", variant: 0 });
  if (startsAt !== null && startsAt <= now) gaps.push({ part: "when", gap: "past", variant: 0 });
  return gaps;
}

/** Per cent of the audience that get the winner, after the variants and those who get nothing. */
export function restOf({ contents, test }: Pick<BroadcastBody, "contents" | "test">): number {
  return test ? 100 - test.share * contents.length - test.hold_out : 100;
}

/** Openids as they are pasted: one a line or parted by anything else, each once. */
export function readOpenids(text: string): { openids: string[]; wrong: string[] } {
  const openids = new Set<string>();
  const wrong = new Set<string>();
  for (const word of text.split(/[\s,，;；"']+/)) {
    if (word === "") continue;
    if (/^[A-Za-z0-9_-]{20,40}$/.test(word)) openids.add(word);
    else wrong.add(word);
  }
  return { openids: [...openids], wrong: [...wrong] };
}

/** Where WeChat's days begin, and its months: always Shanghai, which has no summer time. */
const shanghai = 8 * 3_600_000;
const day = 86_400_000;
export const shanghaiDay = (at: number) => new Date(at + shanghai).toISOString().slice(0, 10);
export const atShanghai = (isoDay: string, hour: number) => Date.parse(isoDay) + hour * 3_600_000 - shanghai;

/** When people read: this evening, tomorrow at breakfast, tomorrow evening. */
export function likelyTimes(
  now: number,
): { name: "tonight" | "tomorrow_morning" | "tomorrow_night"; at: number }[] {
  const today = shanghaiDay(now);
  const tomorrow = shanghaiDay(now + day);
  const tonight = atShanghai(today, 20);
  return [
    ...(tonight > now + 60_000 ? [{ name: "tonight" as const, at: tonight }] : []),
    { name: "tomorrow_morning", at: atShanghai(tomorrow, 8) },
    { name: "tomorrow_night", at: atShanghai(tomorrow, 20) },
  ];
}

/** The weeks of `2026-11`, Monday first; what is of another month is null. */
export function weeksOf(month: string): (string | null)[][] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const before = (first.getUTCDay() + 6) % 7;
  const cells: (string | null)[] = [
    ...Array.from({ length: before }, () => null),
    ...Array.from({ length: days }, (_, n) => `${month}-${String(n + 1).padStart(2, "0")}`),
  ];
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

export function monthAway(month: string, by: number): string {
  const first = new Date(`${month}-01T00:00:00Z`);
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + by, 1)).toISOString().slice(0, 7);
}

/** In the order a line of fans is told: what arrived first, what never will last. */
export const outcomes = [
  "sent",
  "submitted",
  "confirming",
  "waiting",
  "held_out",
  "filtered",
  "failed",
  "refused",
  "unknown",
  "cancelled",
] as const satisfies readonly Exclude<keyof BroadcastCounts, "fans">[];
export type Outcome = (typeof outcomes)[number];

export function shares(counts: BroadcastCounts): { outcome: Outcome; fans: number; percent: number }[] {
  const sum = outcomes.reduce((total, outcome) => total + counts[outcome], 0);
  return outcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => ({
      outcome,
      fans: counts[outcome],
      percent: (counts[outcome] / Math.max(1, sum)) * 100,
    }));
}

export function isOnItsWay(broadcast: Pick<Broadcast, "state" | "counts">): boolean {
  const { submitted, confirming } = broadcast.counts;
  return broadcast.state === "running" || submitted + confirming > 0;
}

/** How far it is: what WeChat has taken or answered, of all that get something, and how many seconds the rest may take. */
export function progressOf(broadcast: Pick<Broadcast, "counts" | "started_at">, now: number) {
  const { fans, held_out, waiting } = broadcast.counts;
  const total = fans - held_out;
  const done = total - waiting;
  const seconds = broadcast.started_at === null ? 0 : (now - broadcast.started_at) / 1000;
  const left = done > 0 && seconds > 0 && waiting > 0 ? (waiting * seconds) / done : null;
  return { done, total, left };
}

/** WeChat takes back articles and video only, and only what has gone out. */
export function mayWithdraw(content: BroadcastContent | undefined, part: BroadcastPart): boolean {
  return (content?.type === "article" || content?.type === "video") && part.state === "sent" && !!part.msg_id;
}

/** The administrator has half an hour to say yes in WeChat; the first part's ends first. */
export function confirmUntil(parts: BroadcastPart[]): number | null {
  const until = parts.flatMap((part) =>
    part.state === "awaiting_confirmation" ? (part.confirm_by ?? []) : [],
  );
  return until.length > 0 ? Math.min(...until) : null;
}

/** A part whose answer was lost, about which nobody has decided yet. */
export const isOpen = (part: BroadcastPart) => part.state === "unknown" && part.decision === null;

/** What is read is told of articles only. */
export const canCountReads = (contents: BroadcastContent[]) =>
  contents.every((content) => content.type === "article");

/** A link in the words of a text, as WeChat writes them. */
export function linkOf(url: string, words: string): string {
  const address = url.trim().replaceAll('"', "%22");
  return words.trim() ? `<a href="${address}">${words.trim()}</a>` : address;
}

export function insertAt(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

/** `A` for the first variant. */
export const letterOf = (variant: number) => String.fromCharCode(65 + variant);

/** Which part of the editor a field of the hub's stands in. */
export function partOf(field: string | null): Part | null {
  if (!field) return null;
  const [first] = field.split(/[.[]/);
  if (first === "contents" || first === "content" || first === "ignore_reprint") return "what";
  if (first === "audience") return "who";
  if (first === "at" || first === "starts_at" || first === "on_quota") return "when";
  if (first === "test") return "test";
  return first === "name" ? "name" : null;
}
