/** Previews to several, one call after the other: what became of each, and to whom the last ones went. */
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/client";
import type { Id } from "@/api/types";

/** A fan by customer, or anybody by WeChat id. */
export type Recipient = { customer_id: Id } | { wechat_id: string };
export type Outcome =
  | { state: "waiting" }
  | { state: "sending" }
  | { state: "sent" }
  | { state: "failed"; error: unknown };

export const keyOf = (one: Recipient) =>
  "customer_id" in one ? `c:${one.customer_id}` : `w:${one.wechat_id}`;

/** Nobody knows whether it arrived: the answer was lost on the way. */
export const isUnknown = (error: unknown) =>
  !(error instanceof ApiError) || error.code === "wechat_away" || error.status === 0 || error.status === 504;

/** Those who have it are never sent to again, however often one tries. */
export const left = (recipients: Recipient[], outcomes: ReadonlyMap<string, Outcome>) =>
  recipients.filter((one) => outcomes.get(keyOf(one))?.state !== "sent");

export function usePreviewing(send: (one: Recipient) => Promise<unknown>) {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [isGoing, setGoing] = useState(false);
  // Whoever closes the dialog stops what has not begun.
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);
  const go = useCallback(
    async (recipients: Recipient[]) => {
      const set = (one: Recipient, outcome: Outcome) =>
        setOutcomes((now) => new Map(now).set(keyOf(one), outcome));
      stopped.current = false;
      setGoing(true);
      for (const one of recipients) set(one, { state: "waiting" });
      for (const one of recipients) {
        if (stopped.current) break;
        set(one, { state: "sending" });
        try {
          await send(one);
          set(one, { state: "sent" });
        } catch (error) {
          set(one, { state: "failed", error });
        }
      }
      setGoing(false);
    },
    [send],
  );
  const stop = useCallback(() => {
    stopped.current = true;
  }, []);
  return { outcomes, isGoing, go, stop };
}

const most = 12;
const storageKey = (account: Id) => `hy.previewed.${account}`;

/** The fans of the last preview of this account, on this machine. */
export function lastFans(account: Id): Id[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey(account)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, most) : [];
  } catch {
    return [];
  }
}

export function keepFans(account: Id, fans: Id[]) {
  try {
    localStorage.setItem(storageKey(account), JSON.stringify(fans.slice(0, most)));
  } catch {
    // A full or forbidden storage keeps nothing; nobody is the worse for it.
  }
}
