/** Instants as people say them: relative within a day, absolute beyond, exact on demand, in the person's zone. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(language: string, zone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language}|${zone}|${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    } catch {
      // A zone this browser does not know: its own is better than nothing.
      found = new Intl.DateTimeFormat(language, options);
    }
    formatters.set(key, found);
  }
  return found;
}

export function exactTime(at: number, language: string, zone: string): string {
  const text = formatter(language, zone, {
    year: "numeric",
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(at);
  return `${text} · ${zone}`;
}

export function clockTime(at: number, language: string, zone: string): string {
  return formatter(language, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

export function dayOf(at: number, language: string, zone: string): string {
  return formatter(language, zone, {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
  }).format(at);
}

/** `2026-11-20`, the civil day an instant falls on in a zone. */
export function isoDay(at: number, zone: string): string {
  return formatter("en-CA", zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** The day so many days later, `2026-11-27`. */
export const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export function shortTime(at: number, language: string, zone: string, now: number): string {
  const sameYear = isoDay(at, zone).slice(0, 4) === isoDay(now, zone).slice(0, 4);
  return formatter(
    language,
    zone,
    sameYear
      ? { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : { year: "numeric", month: "short", day: "numeric" },
  ).format(at);
}

/** "3 分钟前" / "3 minutes ago" within a day either way; a date and time beyond. */
export function whenText(at: number, language: string, zone: string, now: number): string {
  const away = at - now;
  const size = Math.abs(away);
  if (size >= day) return shortTime(at, language, zone, now);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (size < 45_000) return language.startsWith("zh") ? "刚刚" : "just now";
  if (size < hour) return relative.format(Math.round(away / minute), "minute");
  return relative.format(Math.round(away / hour), "hour");
}

/** "2 小时 5 分" style lengths for progress, rounded to what a waiting person cares about. */
export function lengthText(seconds: number, language: string): string {
  const unit = (value: number, name: "hour" | "minute" | "second") =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(value);
  if (seconds < 60) return unit(Math.max(1, Math.round(seconds)), "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return unit(minutes, "minute");
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? unit(hours, "hour") : `${unit(hours, "hour")} ${unit(rest, "minute")}`;
}
