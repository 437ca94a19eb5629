/** Times to put something off to, on the clock of the person. */
import { isoDay } from "@/lib/time";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const pad = (n: number) => String(n).padStart(2, "0");

/** How far the clock of a zone is ahead of UTC at an instant. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(at / 1000) * 1000;
}

/** The instant at which the clocks of a zone show `2026-11-27T09:00`. */
export function instantOf(local: string, zone: string): number {
  const naive = Date.parse(`${local}:00Z`);
  const first = naive - ahead(naive, zone);
  return naive - ahead(first, zone);
}

/** What the clocks of a zone show at an instant, as an input of a date and a time takes it. */
export function localOf(at: number, zone: string): string {
  const there = new Date(at + ahead(at, zone));
  return `${isoDay(at, zone)}T${pad(there.getUTCHours())}:${pad(there.getUTCMinutes())}`;
}

export type Later = "hour" | "evening" | "tomorrow" | "monday";

/** Those that are still to come. */
export function laters(now: number, zone: string): { name: Later; at: number }[] {
  const today = isoDay(now, zone);
  const on = (days: number) => isoDay(instantOf(`${today}T12:00`, zone) + days * day, zone);
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay();
  const all: { name: Later; at: number }[] = [
    { name: "hour", at: now + hour },
    { name: "evening", at: instantOf(`${today}T18:00`, zone) },
    { name: "tomorrow", at: instantOf(`${on(1)}T09:00`, zone) },
    { name: "monday", at: instantOf(`${on((8 - weekday) % 7 || 7)}T09:00`, zone) },
  ];
  return all.filter((later) => later.at > now + 15 * minute);
}
