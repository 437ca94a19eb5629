/** Stretches of days, both ends included; the hub takes no longer ones than a year. */

export interface Stretch {
  from: string;
  to: string;
}

const longest = 366;

/** The day so many days later, `2026-11-27`. */
export const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export const lastDays = (days: number, today: string): Stretch => ({
  from: dayAfter(today, 1 - days),
  to: today,
});

/** The other end moves along when the two would pass each other or lie too far apart. */
export function withStart({ to }: Stretch, from: string): Stretch {
  const last = dayAfter(from, longest - 1);
  return { from, to: to < from ? from : to > last ? last : to };
}

export function withEnd({ from }: Stretch, to: string): Stretch {
  const first = dayAfter(to, 1 - longest);
  return { from: from > to ? to : from < first ? first : from, to };
}
