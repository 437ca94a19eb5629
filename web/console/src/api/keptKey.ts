/**
 * The key of a creation, kept while nobody knows what came of it: who presses again after an answer that did not
 * come asks for the same thing, and the hub does it once (P4). An answer, good or refused, ends it.
 */
import { useState } from "react";
import { ApiError } from "./client";

export type KeyHeader = { "Idempotency-Key": string };

/** Asks with the key of what is said; `said` is everything that makes two requests the same one. */
export type Once = <Answer>(said: unknown, ask: (headers: KeyHeader) => Promise<Answer>) => Promise<Answer>;

/** Later than this the same words are another wish: a second "hello" of tomorrow must go out. */
const rememberedMs = 10 * 60_000;

/** The keys of one place that asks, in memory only. */
export function keptKeys(): Once {
  const open = new Map<string, { key: string; since: number }>();
  return async (said, ask) => {
    const name = nameOf(said);
    const kept = open.get(name);
    const now = Date.now();
    const key = kept && now - kept.since < rememberedMs ? kept.key : crypto.randomUUID();
    open.set(name, { key, since: now });
    try {
      const answer = await ask({ "Idempotency-Key": key });
      open.delete(name);
      return answer;
    } catch (error) {
      if (isAnswered(error)) open.delete(name);
      throw error;
    }
  };
}

/** The keys of a page, for as long as it is open. */
export function useKeptKey(): Once {
  const [once] = useState(keptKeys);
  return once;
}

/** A file is the same by name, size and time, also when it was picked anew: reading it all would take long. */
function nameOf(said: unknown): string {
  const plain = (_: string, value: unknown) =>
    value instanceof File ? ["file", value.name, value.size, value.type, value.lastModified] : value;
  return JSON.stringify(said, plain) ?? "";
}

/** These are said before the hub looks at what is asked for, so they tell nothing of an earlier try. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) return false;
  return error.status !== 401 && error.status !== 429 && error.code !== "csrf";
}
