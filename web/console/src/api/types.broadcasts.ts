/** The shapes of broadcasts, as the hub speaks them. */
import type { Id, Millis, Paging } from "./types";

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

// A/B: shares of the audience get one variant each, `hold_out` percent get nothing, the rest get the winner after `hours`.
export interface BroadcastTest {
  share: number /* percent of the audience for each variant */;
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
  | "stopped"
  | "done";

// A part is one call to WeChat (all, one tag, or ≤ 10,000 openids), with one clientmsgid.
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
  variant: number | null;
  state: PartState;
  fans: number;
  msg_id: string | null;
  reason: string | null;
  errcode: number | null;
  status: string | null /* WeChat's word: "send success", "err(10001)" */;
  evidence: string | null;
  total: number | null;
  filtered: number | null;
  sent: number | null;
  failed: number | null; // of MASSSENDJOBFINISH
  sending_at: Millis | null;
  submitted_at: Millis | null;
  finished_at: Millis | null;
}
// Counted from the parts; they add up to `fans`.
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
  parts?: BroadcastPart[];
  winner: number | null;
  created_by: string;
  decided_by: string | null;
  approved_by: string | null;
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
}

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
  reached: number; // filtered: their 4 of the month are used
  used: { used: number; fans: number }[]; // of the audience: so many fans have had so many this month
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
  fans: { used: number; fans: number }[] | null; // service: of all fans
  days: {
    day: string;
    broadcasts: { id: Id; name: string; state: BroadcastState; at: Millis; fans: number }[];
  }[];
}

/** What became of the articles of one part, day by day, as WeChat counts it. */
export interface BroadcastStats {
  articles: {
    part_id: Id;
    idx: number;
    title: string;
    days: { day: string; reads: number; readers: number; shares: number; favourites: number }[];
  }[];
}
