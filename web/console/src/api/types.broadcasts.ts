/** The shapes of broadcasts, as the hub speaks them. */
import type { At, Id, Millis, Op, Page, Paging, Query, Send } from "./types";

// What is said. Files are ours (media ids); articles are ours (`/articles`), kept as WeChat drafts.
export type BroadcastContent =
  | { type: "text"; text: string }
  | { type: "article"; article_id: Id }
  | { type: "images"; media_ids: Id[]; recommend: string | null; comments: "off" | "everybody" | "fans" }
  | { type: "voice"; media_id: Id }
  | { type: "video"; media_id: Id; title: string; description: string };

export type BroadcastAudience =
  | { type: "all" }
  | { type: "tags"; tag_ids: Id[] } // one of these tags; a single tag that is mirrored at WeChat goes as that tag
  | { type: "customers"; customer_ids: Id[] }
  | { type: "openids"; openids: string[] };

// A/B: `share` percent of the audience get each variant, `hold_out` percent get nothing, the rest get the winner after
// `hours`. share * variants + hold_out <= 100. By reads: only articles, and WeChat tells the reads of a day at 08:00 of the next.
export interface BroadcastTest {
  share: number;
  hold_out: number;
  hours: number;
  by: "reads" | "replies";
}

export type BroadcastState =
  | "draft"
  | "awaiting_approval"
  | "scheduled"
  | "missed"
  | "running"
  | "testing" /* waits for the winner */
  | "held" /* the account was lost on the way; start goes on */
  | "stopped"
  | "done";

// A part is one call to WeChat (all, one tag, or 2–10,000 openids), with one clientmsgid.
export type PartState =
  | "queued"
  | "sending"
  | "retrying"
  | "submitted"
  | "awaiting_confirmation"
  | "sent"
  | "refused"
  | "failed"
  | "unknown"
  | "cancelled"
  | "withdrawn";
export interface BroadcastPart {
  id: Id;
  position: number;
  variant: number | null /* from 0 */;
  way: "all" | "tag" | "list";
  state: PartState;
  fans: number;
  msg_id: string | null;
  reason: string | null;
  errcode: number | null;
  status: string | null /* WeChat's word: "send success", "err(10001)" */;
  evidence: string | null;
  total: number | null;
  filtered: number | null /* whom WeChat left out */;
  sent: number | null;
  failed: number | null; // of MASSSENDJOBFINISH
  attempts: number;
  due_at: Millis;
  sending_at: Millis | null;
  submitted_at: Millis | null;
  finished_at: Millis | null;
  confirm_by: Millis | null; // awaiting_confirmation: until then the administrator can confirm
  urls: string[]; // pages of the articles that went out
  decision: "left" | "resent" | null;
  decided_by: string | null;
  decided_at: Millis | null;
  resent_as: Id | null; // of unknown
}
// Counted from the parts; all but `fans` add up to `fans`.
export interface BroadcastCounts {
  fans: number;
  waiting: number;
  submitted: number;
  confirming: number;
  sent: number;
  filtered: number;
  failed: number;
  refused: number;
  unknown: number;
  cancelled: number;
  held_out: number;
}

/** A share or a difference of shares, and between which bounds the true one is with a confidence of 95 %. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  clear: boolean; // of a difference: the interval is on one side of none
}
export interface BroadcastVariant {
  fans: number;
  replies: number | null;
  reads: number | null;
  share: Estimate | null;
  difference: Estimate | null; // to those held out; where there are none, to the first variant
}

export interface Broadcast {
  id: Id;
  account_id: Id;
  name: string;
  contents: BroadcastContent[] /* 1, or 2–4 variants */;
  test: BroadcastTest | null;
  audience: BroadcastAudience;
  ignore_reprint: boolean;
  on_quota: "wait" | "stop";
  state: BroadcastState;
  starts_at: Millis | null;
  reason: string | null;
  counts: BroadcastCounts;
  parts?: BroadcastPart[]; // parts in one broadcast only
  winner: number | null;
  decide_at: Millis | null; // testing: when the winner is chosen
  variants?: BroadcastVariant[]; // in one broadcast with a test only
  held_out?: { fans: number; replies: number; share: Estimate | null }; // beside variants, where some get nothing and what they did is known
  created_by: string;
  decided_by: string | null /* who started or stopped it */;
  approved_by: string | null;
  may_approve: boolean; // awaiting_approval, and the caller is a person who did not start it
  created_at: Millis;
  started_at: Millis | null;
  ended_at: Millis | null;
  version: number;
}
export interface BroadcastBody {
  account_id: Id;
  name: string;
  contents: BroadcastContent[];
  test: BroadcastTest | null;
  audience: BroadcastAudience;
  ignore_reprint: boolean;
  on_quota: "wait" | "stop";
}

export interface BroadcastQuery extends Paging {
  account?: Id;
  state?: BroadcastState;
  query?: string;
  /** Only those with a part of which nobody knows whether it went out, and nobody has decided. */
  in_doubt?: boolean;
}

// `field`: contents | audience | test | starts_at | account_id ; e.g. "contents[0].text".
export interface Finding {
  code: string;
  severity: "error" | "warning" | "info";
  field: string | null;
  words: { "zh-CN": string; "en-US": string };
  rule: string | null;
  link: string | null;
}
export interface BroadcastCheck {
  at: Millis; // when it would go
  way: "all" | "tag" | "list";
  calls: number;
  fans: number;
  filtered: number;
  blocked: number; // on the account's blacklist at WeChat; none of filtered
  opted_out: number; // want no broadcasts; only a list leaves them out
  reached: number; // neither filtered (their 4 of the month are used) nor blocked
  used: { used: number; fans: number }[]; // of the audience: so many fans have had so many this month (0–4)
  allowance: BroadcastAllowance;
  needs_approval: boolean;
  approval_above: number | null;
  findings: Finding[];
  can_start: boolean;
}
export interface BroadcastAllowance {
  kind: "service" | "subscription";
  month: string /* 2026-11 */;
  today: { used: number; limit: number }; // subscription: of 1; service: API calls of 100
  all: { used: number; limit: number } | null; // service: broadcasts to all (here and in WeChat's console as far as known) of 4
  fans: { used: number; fans: number }[] | null; // service: of all fans who follow
  days: {
    day: string /* 2026-11-27 */;
    broadcasts: {
      id: Id | null /* null: from WeChat's console */;
      name: string;
      state: BroadcastState;
      at: Millis;
      fans: number;
    }[];
  }[];
}
export interface BroadcastStats {
  fetched_at: Millis | null;
  articles: {
    part_id: Id;
    variant: number | null;
    index: number;
    title: string;
    url: string | null;
    days: {
      day: string;
      target: number;
      reads: number;
      read_count: number;
      shares: number;
      share_count: number;
      favourites: number;
    }[];
  }[]; // each day: all until its end
}

type Nothing = Record<never, never>;

export interface BroadcastPaths {
  "/api/v1/broadcasts": {
    get: Op<Page<Broadcast>, Query<BroadcastQuery>>;
    post: Send<Broadcast, BroadcastBody>;
  };
  "/api/v1/broadcasts/{broadcast}": {
    get: Op<Broadcast, At<"broadcast">>;
    put: Send<Broadcast, BroadcastBody & { version: number }, At<"broadcast">>;
    delete: Op<undefined, At<"broadcast">>;
  };
  "/api/v1/broadcasts/{broadcast}/check": {
    post: Send<BroadcastCheck, { at?: Millis }, At<"broadcast">>;
  };
  "/api/v1/broadcasts/{broadcast}/start": {
    post: Send<Broadcast, { at?: Millis; fans: number }, At<"broadcast">>;
  };
  "/api/v1/broadcasts/{broadcast}/approve": { post: Send<Broadcast, Nothing, At<"broadcast">> };
  "/api/v1/broadcasts/{broadcast}/stop": { post: Send<Broadcast, Nothing, At<"broadcast">> };
  "/api/v1/broadcasts/{broadcast}/preview": {
    post: Send<
      { msg_id: string },
      { variant?: number; customer_id?: Id; openid?: string; wechat_id?: string },
      At<"broadcast">
    >;
  };
  "/api/v1/broadcasts/{broadcast}/withdraw": {
    post: Send<Broadcast, { part_id?: Id }, At<"broadcast">>;
  };
  "/api/v1/broadcasts/{broadcast}/winner": { post: Send<Broadcast, { variant: number }, At<"broadcast">> };
  "/api/v1/broadcasts/{broadcast}/parts/{part}/leave": {
    post: Send<Broadcast, Nothing, At<"broadcast" | "part">>;
  };
  "/api/v1/broadcasts/{broadcast}/parts/{part}/resend": {
    post: Send<Broadcast, { may_arrive_twice: true }, At<"broadcast" | "part">>;
  };
  "/api/v1/broadcasts/{broadcast}/stats": { get: Op<BroadcastStats, At<"broadcast">> };
  "/api/v1/broadcasts/{broadcast}/stats/fetch": {
    post: Send<BroadcastStats, Nothing, At<"broadcast">>;
  };
  "/api/v1/accounts/{account}/broadcast-allowance": {
    get: Op<BroadcastAllowance, At<"account"> & Query<{ month?: string }>>;
  };
}
