/** Times and numbers as a person reads them. All in the zone of the browser, with the words of the page's language. */

const cache = new Map<string, Intl.DateTimeFormat>();
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = cache.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, options);
    cache.set(key, made);
  }
  return made;
}

export const clock = (ms: number, locale: string) =>
  format(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);

export const clockSeconds = (ms: number, locale: string) =>
  format(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(ms);

export const day = (ms: number, locale: string) =>
  format(locale, { month: "short", day: "numeric", weekday: "short" }).format(ms);

export const exact = (ms: number, locale: string) =>
  format(locale, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(ms);

export const shortDate = (ms: number, locale: string) =>
  format(locale, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(ms);

/** 0 today, 1 yesterday, 2 the day before, … by the calendar of the browser. */
export function daysAgo(ms: number, now: number): number {
  const start = (at: number) => {
    const d = new Date(at);
    return new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  };
  return Math.round((start(now) - start(ms)) / 86_400_000);
}

/** How a chat tells when: the time today, "yesterday", the weekday within a week, else the date. */
export function chatTime(
  ms: number,
  now: number,
  locale: string,
  yesterday: string,
  withClock: boolean,
): string {
  const ago = daysAgo(ms, now);
  const at = clock(ms, locale);
  if (ago <= 0 && ago > -1) return at;
  const tail = withClock ? ` ${at}` : "";
  if (ago === 1) return yesterday + tail;
  if (ago > 1 && ago < 7) return format(locale, { weekday: "long" }).format(ms) + tail;
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  const date = format(
    locale,
    sameYear ? { month: "short", day: "numeric" } : { year: "numeric", month: "short", day: "numeric" },
  );
  return date.format(ms) + tail;
}

export const count = (n: number, locale: string) => new Intl.NumberFormat(locale).format(n);

/** 38 ms, 1.2 s, 14 s. */
export function elapsed(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${ms < 10_000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;
}

/** The middle of long ids is of no use to a reader. */
export function shorten(id: string, head = 6, tail = 4): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

/** Splits a span into the largest two units, for "1 d 4 h" in either language. */
export function span(ms: number): { unit: "d" | "h" | "m" | "s"; n: number }[] {
  const parts: { unit: "d" | "h" | "m" | "s"; n: number }[] = [];
  let left = Math.max(0, Math.round(ms / 1000));
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n > 0) parts.push({ unit, n });
    if (parts.length === 2) break;
  }
  return parts.length ? parts : [{ unit: "s", n: 0 }];
}
