/** Whom one can reach, and what became of it, as the hub speaks it. */
import type { Id, Millis } from "./types";

export type ReachCode =
  | "type"
  | "set"
  | "unbound"
  | "listen_only"
  | "not_following"
  | "window_closed"
  | "allowance_used";
/** Whether a fan can be spoken to in one way. */
export interface Way {
  function: string;
  may: boolean;
  why: { code: ReachCode; rule: string | null } | null;
  window: {
    opened_by: "message" | "menu_tap" | "follow" | "scan";
    opened_at: Millis;
    until: Millis;
    /** Null when WeChat does not count. */
    left: number | null;
  } | null;
}
export interface AccountReach {
  account_id: Id;
  openid: string;
  ways: Way[];
}
export interface Reach {
  at: Millis;
  accounts: AccountReach[];
}
/** A line of the ledger. */
export interface SendLine {
  id: Id;
  account_id: Id;
  customer_id: Id;
  state: "queued" | "held" | "cancelled" | "sending" | "retrying" | "sent" | "refused" | "unknown";
  reason: string | null;
}
