/**
 * The sandbox's control API as the pages read it. Only what is shown is named; unknown fields are ignored.
 * Times are milliseconds of the sandbox's own clock; ids of chat items, pushes and calls grow with time.
 */

export type Id = number | string;

export interface Authorization {
  component_appid: string;
  name: string;
  sets: number[];
  auth_time_ms: number;
}

export interface Account {
  appid: string;
  appsecret: string;
  original_id: string;
  nick_name: string;
  kind: "subscription" | "service";
  service_type: number;
  verify_type: number;
  alias: string;
  principal: string;
  status: number | string;
  token: string;
  encoding_aes_key: string;
  mode: "plain" | "compatible" | "safe";
  format: "xml" | "json";
  callback_url: string | null;
  fans: number;
  open_platform: boolean;
  legacy_profile: boolean;
  voice_recognition?: boolean;
  publishing: Publishing;
  no_comments: boolean;
  ip_whitelist: string[];
  authorizations: Authorization[];
  allowance: string;
  mass: MassSettings;
}

export interface Component {
  appid: string;
  name: string;
  appsecret: string;
  token: string;
  encoding_aes_key: string;
  event_url: string | null;
  message_url_template: string | null;
  launch_host: string | null;
  released: boolean;
  ip_whitelist: string[];
  /** Original ids that may authorise before the release. */
  test_list: string[];
  /** Permission sets the platform asks for. */
  sets: number[];
}

export interface SandboxState {
  now_ms: number;
  component: Component;
  accounts: Account[];
  push: PushSettings;
}

/** How pushes are tried: WeChat's own rule is 5 s, three times, at once again. */
export interface PushSettings {
  timeout_ms: number;
  attempts: number;
  pause_ms: number;
}

export type Picture = string | { hue: number; glyph: string } | null | undefined;

export interface Person {
  person: number;
  name: string;
  avatar?: Picture;
  city?: string;
}

export interface Article {
  title: string;
  description?: string;
  pic_url?: string;
  url?: string;
}

/** An article that is out, with a page of its own. */
export interface PublishedArticle {
  msg_data_id: number;
  idx: number;
  title: string;
  digest: string;
  cover_url: string;
  url: string;
  out_ms: number;
  deleted: boolean;
  reads: number;
  comments: unknown[];
}

/** How an account's publications end. */
export interface Publishing {
  outcome: "done" | "not_original" | "failed" | "refused";
  fail_idx: number[];
  seconds: number;
}

export interface MenuLine {
  id: string;
  content: string;
}

export interface ChatItem {
  id: Id;
  at_ms: number;
  from: "fan" | "account" | "system";
  kind: string;
  text?: string | null;
  media_url?: string | null;
  thumb_url?: string | null;
  title?: string | null;
  description?: string | null;
  url?: string | null;
  duration_ms?: number | null;
  latitude?: number | null;
  longitude?: number | null;
  label?: string | null;
  appid?: string | null;
  pagepath?: string | null;
  articles?: Article[] | null;
  menu?: { head?: string | null; list: MenuLine[]; tail?: string | null } | null;
  event?: string | null;
  key?: string | null;
  reason?: string | null;
  ai?: boolean | null;
  kf?: string | null;
  via?: string | null;
  pictures?: string[] | null;
  /** Of a template message or a notice. */
  lines?: FormLine[] | null;
}

export interface FormLine {
  name: string;
  value: string;
}

export interface Button {
  type?: string;
  name: string;
  key?: string;
  url?: string;
  appid?: string;
  pagepath?: string;
  sub_button?: Button[];
}

export interface Chat {
  items: ChatItem[];
  following: boolean;
  menu: { button: Button[] } | null;
  typing_until_ms?: number | null;
  unread?: number;
}

export interface ChatRow {
  appid: string;
  openid: string;
  nick_name: string;
  kind: "subscription" | "service";
  following: boolean;
  last: ChatItem | null;
  unread: number;
}

export interface PersonPage extends Person {
  chats: ChatRow[];
}

export interface Fan {
  openid: string;
  person: number;
  name: string;
  avatar?: Picture;
  city?: string;
  unionid?: string | null;
  following: boolean;
  subscribe_time_ms?: number | null;
  blacklisted: boolean;
  muted: boolean;
  tags: number[];
  remark?: string | null;
  window?: { remaining: number | null; deadline_ms: number } | null;
  /** Nothing reaches this phone, though WeChat tries. */
  failing: boolean;
  /** Broadcasts of this month. */
  broadcasts: number;
}

/** A template of notices, and what this fan agreed to. */
export interface Notice {
  template_id: string;
  title: string;
  /** 2: one consent for one notice; 3: for good. */
  kind: number;
  scene: string;
  keys: { key: string; name: string; example: string }[];
  consent: { left: number; lasting: boolean };
}

export interface Broadcast {
  msg_id: Id;
  clientmsgid: string | null;
  audience: "all" | "tag" | "list";
  tag_id: number | null;
  msgtype: string;
  summary: string;
  at_ms: number;
  due_ms: number;
  ended_ms: number | null;
  state: "waiting" | "sending" | "success" | "failed" | "deleted";
  /** As the event says it. */
  status: string;
  counts: { total: number; filter: number; sent: number; error: number };
}

/** How an account's broadcasts go. */
export interface MassSettings {
  protection: boolean;
  protocol_agreed: boolean;
  clientmsgid_bytes: number;
  originality: "original" | "reprint" | "forbidden" | "error";
  next_status: string | null;
  next_answer: number | null;
}

export interface QrCode {
  ticket: string;
  appid: string;
  nick_name: string;
  scene: string | number;
  action_name: string;
  url: string;
  created_ms: number;
  expires_ms: number | null;
}

export interface Push {
  id: Id;
  at_ms: number;
  appid: string;
  openid?: string | null;
  what: string;
  attempt: number;
  url: string;
  status: number | null;
  elapsed_ms: number | null;
  outcome: string;
  reason?: string | null;
}

export interface Call {
  id: Id;
  at_ms: number;
  path: string;
  appid?: string | null;
  calls?: number;
  executed?: boolean;
  errcode?: number | null;
  errmsg?: string | null;
  key?: string | null;
  fault?: unknown;
  method?: string;
  elapsed_ms?: number | null;
}

export interface Journal {
  items: Call[];
  totals: Record<string, { calls: number; executions: number }>;
}

export type FaultKind =
  | "latency"
  | "errcode"
  | "drop_before"
  | "drop_after"
  | "truncate"
  | "html"
  | "empty"
  | "other_json"
  | "redirect"
  | "silence"
  | "status"
  | "duplicate_push"
  | "late_push"
  | "reorder_push"
  | "steal_token"
  | "http_5xx";

export interface Fault {
  id: Id;
  where?: { path?: string | null; appid?: string | null } | null;
  what: { kind: FaultKind; ms?: number | null; errcode?: number | null; status?: number | null };
  times?: number | null;
  left?: number | null;
  hits?: number | null;
  probability?: number | null;
}

export interface PermissionSet {
  id: number;
  name_zh: string;
  name_en: string;
  exclusive: boolean;
}

export interface Scanner {
  id: Id;
  name: string;
  role: "administrator" | "operator";
  appid?: string | null;
  nick_name?: string | null;
}

export interface AuthorizationRequest {
  component_appid: string;
  name: string;
  asked_sets: PermissionSet[];
  auth_type: number;
  expires_ms: number;
  used?: boolean;
  scanners: Scanner[];
}

export interface ReleaseTest {
  passed: boolean;
  cases: { name: string; passed: boolean; detail?: string | null }[];
}

export interface List<T> {
  items: T[];
  total?: number;
}
