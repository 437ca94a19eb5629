/** The shapes of menus, as `types.ts` has those of everything else. */
import type {
  Answer,
  At,
  FieldProblem,
  Id,
  Items,
  MediaKind,
  Millis,
  Op,
  Page,
  Paging,
  Query,
  Send,
} from "./types";

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
/** A file of the library that WeChat keeps for the account for good. */
export interface MenuMaterial {
  /** WeChat's id, as a button names it. */
  material: string;
  media_id: Id;
  kind: MediaKind;
  file_name: string;
}
export type WechatMaterialKind = "image" | "voice" | "video" | "news";
/** Permanent material as WeChat lists it. */
export interface WechatMaterial {
  material: string;
  name: string;
  picture_url: string | null;
  media_id: Id | null;
  updated_at: Millis;
}
export interface WechatMaterials {
  items: WechatMaterial[];
  total: number;
  next_offset: number | null;
}

export interface MenuPaths {
  "/api/v1/accounts/{account}/menu": {
    get: Op<MenuView, At<"account">>;
    put: Send<MenuView, { buttons: MenuButton[]; revision: number }, At<"account">>;
    delete: Op<MenuView, At<"account">>;
  };
  "/api/v1/accounts/{account}/menu/publish": { post: Send<MenuView, { revision: number }, At<"account">> };
  "/api/v1/accounts/{account}/menu/import": {
    post: Send<
      { found: "api" | "console" | "none"; menu: MenuView },
      { into_draft?: boolean },
      At<"account">
    >;
  };
  "/api/v1/accounts/{account}/menu/versions": { get: Op<Page<MenuVersion>, At<"account"> & Query<Paging>> };
  "/api/v1/accounts/{account}/menu/rollback": { post: Send<MenuView, { version_id: Id }, At<"account">> };
  "/api/v1/accounts/{account}/menu/schedule": {
    post: Send<
      MenuView,
      { version_id?: Id; starts_at: Millis; ends_at?: Millis; daily?: boolean },
      At<"account">
    >;
  };
  "/api/v1/accounts/{account}/menu/schedules/{schedule}": {
    delete: Op<undefined, At<"account" | "schedule">>;
  };
  "/api/v1/accounts/{account}/menu/conditional": {
    post: Send<
      MenuView,
      { name: string; buttons: MenuButton[]; wechat_tag_id?: number; platform?: PhonePlatform },
      At<"account">
    >;
  };
  "/api/v1/accounts/{account}/menu/conditional/{menu}": { delete: Op<MenuView, At<"account" | "menu">> };
  "/api/v1/accounts/{account}/menu/see_as": { post: Send<MenuSeen, { customer_id: Id }, At<"account">> };
  "/api/v1/accounts/{account}/menu/taps": {
    get: Op<TapReport, At<"account"> & Query<{ from?: string; to?: string }>>;
  };
  "/api/v1/accounts/{account}/menu/materials": {
    get: Op<Items<MenuMaterial>, At<"account"> & Query<{ material: string }>>;
    post: Send<MenuMaterial, { media_id: Id }, At<"account">>;
  };
  "/api/v1/accounts/{account}/menu/materials/at_wechat": {
    get: Op<WechatMaterials, At<"account"> & Query<{ kind: WechatMaterialKind; offset?: number }>>;
  };
}
