/** How a list that changes by itself stays under the hand of who works in it. */
import type { Conversation, Id } from "@/api/types";

/** The new order, but with the chosen one where it stood, so that it does not run away while it is answered. */
export function steady(before: Id[], now: Conversation[], chosen: Id | undefined): Conversation[] {
  const was = chosen ? before.indexOf(chosen) : -1;
  const is = now.findIndex((one) => one.id === chosen);
  const one = now[is];
  if (was < 0 || !one || was === is) return now;
  const rest = now.filter((other) => other !== one);
  rest.splice(Math.min(was, rest.length), 0, one);
  return rest;
}

/** Which one opens after this one is done with: the next below it, else the first that is left. */
export function nextAfter(list: Conversation[], id: Id): Conversation | undefined {
  const index = list.findIndex((one) => one.id === id);
  return list[index + 1] ?? list.find((one) => one.id !== id);
}
