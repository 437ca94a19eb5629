/** Stretches of days, both ends included; the hub takes no longer ones than a year. */
import { dayAfter } from "@/lib/time";

export interface Stretch {
  from: string;
  to: string;
}

const longest = 366;

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
