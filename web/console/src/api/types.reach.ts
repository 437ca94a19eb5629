/** Whom one can reach, and what became of it, as the hub speaks it. */
import type { At, Id, Millis, Op, Page, Paging, Query, Send } from "./types";
import type { SendContent } from "./types.inbox";

export type ReachCode =
  | "type"
  | "set"
  | "unbound"
  | "listen_only"
  | "not_following"
  | "window_closed"
  | "allowance_used"
  | "day_used"
  | "month_used"
  | "not_agreed"
  | "blacklisted"
  | "opted_out"
  | "too_often"
  | "gate_closed"
  | "quiet_hours"
  | "paused";
/** Whether a fan can be spoken to in one way. */
export interface Way {
  function: string;
  may: boolean;
  why: { code: ReachCode; rule: string | null } | null;
  /** When it may again, if that is known. */
  again_at: Millis | null;
  /** It may, and goes out later; without an instant a person has to see to it first. */
  waits: { code: ReachCode; until: Millis | null } | null;
  /** What is said now answers what they did: nothing but WeChat keeps it back. */
  answers: boolean;
  opted_out: boolean;
  /** Broadcasts of this month, or notices, that may still reach them; null where nothing is counted. */
  left: number | null;
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
  /** On the account's blacklist at WeChat. */
  blocked: boolean;
  ways: Way[];
}
export interface Reach {
  at: Millis;
  accounts: AccountReach[];
}

export type OptOutWay = "custom_message" | "template" | "notice" | "broadcast";
export interface OptOut {
  way: OptOutWay;
  source: string;
  by: string;
  note: string | null;
  created_at: Millis;
  withdrawn_at: Millis | null;
  withdrawn_source: string | null;
  withdrawn_by: string | null;
}

/** When nothing is said unasked, and how often at most. Minutes of the company's day. */
export interface ReachSettings {
  quiet_hours: { from: number; until: number; service_too: boolean } | null;
  frequency_cap: { messages: number; days: number } | null;
}

export type SendState =
  | "queued"
  | "held"
  | "cancelled"
  | "sending"
  | "retrying"
  | "sent"
  | "refused"
  | "unknown";
export type Service = "custom" | "template" | "notice";
export interface TemplateContent {
  type: "template" | "notice";
  template_id: string;
  title?: string;
  data: Record<string, string>;
  url?: string;
}
/** A line of the ledger. */
export interface SendLine {
  id: Id;
  account_id: Id;
  customer_id: Id;
  openid: string;
  service: Service;
  content: SendContent | TemplateContent;
  campaign_id: Id | null;
  purpose: "marketing" | "service" | "answer";
  state: SendState;
  reason: string | null;
  errcode: number | null;
  evidence: string | null;
  rule_id: Id | null;
  by: string | null;
  due_at: Millis;
  deadline_at: Millis | null;
  sending_at: Millis | null;
  settled_at: Millis | null;
  attempts: number;
  wechat_id: string | null;
  delivery: "delivered" | "blocked" | "failed" | null;
  delivered_at: Millis | null;
  decision: "left" | "resent" | null;
  decided_by: string | null;
  decided_at: Millis | null;
  resent_as: Id | null;
}
export interface ListedSend extends SendLine {
  customer: { id: Id; display_name: string; avatar_url: string | null } | null;
}
export interface SendsQuery {
  state?: SendState;
  account?: Id;
  customer?: Id;
  service?: Service;
  campaign?: Id;
  due_after?: Millis;
  due_before?: Millis;
  undecided?: boolean;
}
export interface SendCounts {
  states: Partial<Record<SendState, number>>;
  more: boolean;
}
/** A way that is closed. */
export interface Gate {
  account_id: Id;
  service: Service;
  reason: string;
  errcode: number | null;
  evidence: string | null;
  closed_at: Millis;
  opens_at: Millis | null;
}
/** What keeps messages from going out. */
export interface Sending {
  pause: { reason: string; evidence: string | null; paused_at: Millis } | null;
  gates: Gate[];
  unknown: number;
  /** The daily comparison of counts; none before the first. */
  counts_checked: { checked_at: Millis; campaigns: number; broadcasts: number; faults: number } | null;
}

/** The operations about it. */
export interface ReachPaths {
  "/api/v1/customers/{customer}/opt_outs": {
    get: Op<Page<OptOut>, At<"customer">>;
    post: Send<Page<OptOut>, { way: OptOutWay; note?: string }, At<"customer">>;
  };
  "/api/v1/customers/{customer}/opt_outs/withdraw": {
    post: Send<Page<OptOut>, { way: OptOutWay }, At<"customer">>;
  };
  "/api/v1/accounts/{account}/blacklist/{openid}": {
    put: Op<undefined, At<"account" | "openid">>;
    delete: Op<undefined, At<"account" | "openid">>;
  };
  "/api/v1/reach_settings": { get: Op<ReachSettings>; put: Send<ReachSettings, ReachSettings> };
  "/api/v1/sending": { get: Op<Sending> };
  "/api/v1/sending/resume": { post: Op<Sending> };
  "/api/v1/accounts/{account}/gates/open": { post: Send<Sending, { service: Service }, At<"account">> };
  "/api/v1/sends": { get: Op<Page<ListedSend>, Query<SendsQuery & Paging>> };
  "/api/v1/sends/counts": { get: Op<SendCounts, Query<SendsQuery>> };
  "/api/v1/sends/{send}/leave": { post: Op<SendLine, At<"send">> };
  "/api/v1/sends/{send}/resend": { post: Send<SendLine, { may_arrive_twice: boolean }, At<"send">> };
}
