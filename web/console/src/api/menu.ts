/** The shapes of menus, as `types.ts` has those of everything else. */
import type { Answer, FieldProblem, Id, Millis } from "./types";

export type ButtonKind =
  | "click"
  | "view"
  | "scancode_push"
  | "scancode_waitmsg"
  | "pic_sysphoto"
  | "pic_photo_or_album"
  | "pic_weixin"
  | "location_select"
  | "media_id"
  | "view_limited"
  | "article_id"
  | "article_view_limited"
  | "miniprogram"
  | "console";
/** A draft may be incomplete; what is absent is not set. */
export interface MenuButton {
  id: string;
  name: string;
  type?: ButtonKind;
  key?: string;
  url?: string;
  count_visits?: boolean;
  material?: string;
  article?: string;
  app_id?: string;
  page_path?: string;
  console_type?: string;
  console_value?: string;
  answer?: Exclude<Answer, { type: "none" }>;
  buttons?: MenuButton[];
}
export interface MenuVersion {
  id: Id;
  number: number;
  buttons: MenuButton[];
  source: "draft" | "rollback" | "schedule" | "import" | "deletion";
  state: "publishing" | "live" | "replaced" | "failed";
  problem: string | null;
  errcode: number | null;
  made_at: Millis;
  made_by: string | null;
  published_at: Millis | null;
  ended_at: Millis | null;
}
export interface MenuChange {
  change: "added" | "removed" | "changed" | "moved";
  button: string;
  name: string;
  name_before: string | null;
  fields: string[];
}
export type PhonePlatform = "ios" | "android" | "other";
export interface ConditionalMenu {
  id: Id;
  name: string;
  buttons: MenuButton[];
  wechat_tag_id: number | null;
  platform: PhonePlatform | null;
  state: "adding" | "live" | "removing" | "failed";
  problem: string | null;
  errcode: number | null;
  made_at: Millis;
  made_by: string | null;
}
export interface MenuSchedule {
  id: Id;
  buttons: MenuButton[];
  starts_at: Millis;
  ends_at: Millis | null;
  daily: boolean;
  state: "waiting" | "on" | "failed";
  problem: string | null;
  made_at: Millis;
  made_by: string | null;
}
export interface MenuView {
  account_id: Id;
  draft: {
    buttons: MenuButton[];
    revision: number;
    updated_at: Millis | null;
    updated_by: string | null;
  };
  faults: FieldProblem[];
  changes: MenuChange[];
  live: MenuVersion | null;
  publishing: MenuVersion | null;
  failed: MenuVersion | null;
  undo: { version_id: Id | null; number: number | null; until_at: Millis } | null;
  conditional: ConditionalMenu[];
  schedules: MenuSchedule[];
  link_host: string;
}
export interface ButtonTaps {
  button: string;
  name: string;
  taps: number;
  visits: number;
  by_day: number[];
  by_version: { version_id: Id | null; taps: number }[];
}
export interface TapReport {
  days: string[];
  taps: number;
  visits: number;
  buttons: ButtonTaps[];
}
export interface MenuSeen {
  buttons: MenuButton[];
  conditional_id: Id | null;
  is_default: boolean;
}
