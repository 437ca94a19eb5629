/** The shapes of the inbox, as the hub speaks them. */
import type { Answer, Event, Id, Millis, Paging, SendLine, TagRef, Way } from "./types";

export type ConversationState = "open" | "snoozed" | "done";
/** A conversation with one fan of one account. */
export interface Conversation {
  id: Id;
  account_id: Id;
  openid: string;
  customer: { id: Id; name: string | null; display_name: string; avatar_url: string | null; tags: TagRef[] };
  state: ConversationState;
  snoozed_until: Millis | null;
  attention: "unread" | "unanswered" | "nothing";
  unread: number;
  assignee: { id: Id; name: string | null } | null;
  last: { from: string; kind: string; text: string; by: string | null; at: Millis };
  waiting_since_at: Millis | null;
  window: Way["window"];
  why: Way["why"];
  match: { field: string; text: string } | null;
  created_at: Millis;
}
export interface ConversationQuery extends Paging {
  account?: Id;
  assigned?: "me" | "nobody";
  state?: ConversationState | "all";
  only?: "unread" | "waiting" | "closing";
  query?: string;
  customer?: Id;
}
export interface InboxSummary {
  unread: number;
  waiting: number;
  closing: number;
  mine: number;
}
export interface ReceivedFile {
  id: Id;
  kind: "image" | "voice" | "video";
  state: "waiting" | "kept" | "gone";
  problem: string | null;
  content_type: string | null;
  size: number | null;
  url: string | null;
}
/** Something people leave beside a conversation. */
export type ConversationEntry = { at: Millis; by: string } & (
  | { kind: "note"; text: string }
  | { kind: "assigned"; to: string | null; text: string | null }
  | { kind: "state"; state: ConversationState; until: Millis | null }
);
/** What an account says. */
export type SendContent =
  | { type: "text"; text: string }
  | { type: "image" | "voice" | "video"; media_id: Id }
  | CardContent;
/** A link with a title and a picture, or a piece of music. */
export type CardContent = Extract<Answer, { type: "article" | "music" }>;
export interface ChatLine {
  id: string;
  at: Millis;
  event: Event | null;
  file: ReceivedFile | null;
  rule: { id: Id; name: string | null } | null;
  evidence: string | null;
  /** What WeChat reported afterwards of a template message or notice. */
  delivery: SendLine["delivery"];
  send: { id: Id; content: SendContent; state: SendLine["state"]; by: string | null } | null;
  entry: ConversationEntry | null;
}
export interface CannedAnswer {
  id: Id;
  shortcut: string;
  text: string;
  updated_at: Millis;
}
export interface CannedBody {
  shortcut: string;
  text: string;
}
