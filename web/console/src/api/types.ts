/**
 * Every shape the hub's HTTP API v1 speaks, and the `paths` map that openapi-fetch is typed by.
 * Ids are strings (they exceed 2^53), instants are integers in milliseconds UTC and end in `_at`.
 */

import type { MenuPaths } from "./menu";

import type { ArticlePaths } from "./types.articles";
import type { BroadcastPaths } from "./types.broadcasts";
import type { CampaignPaths } from "./types.campaigns";
import type {
  CannedAnswer,
  CannedBody,
  ChatLine,
  Conversation,
  ConversationEntry,
  ConversationQuery,
  ConversationState,
  InboxSummary,
  SendContent,
} from "./types.inbox";
import type {
  AccountCodeStats,
  Code,
  CodeBatch,
  CodeBatchPage,
  CodeBatchStart,
  CodeBody,
  CodeOverview,
  CodePatch,
  CodeQuery,
  CodeStats,
  CodeStatsQuery,
} from "./types.qrcodes";
import type { Reach, ReachPaths, SendLine } from "./types.reach";

export type * from "./menu";
export type * from "./types.articles";
export type * from "./types.broadcasts";
export type * from "./types.campaigns";
export type * from "./types.inbox";
export type * from "./types.qrcodes";
export type * from "./types.reach";

export type Id = string;
export type Millis = number;
export type Language = "zh-CN" | "en-US";
export type Role = "owner" | "operator" | "viewer";
export type Capability =
  | "accounts:read"
  | "accounts:write"
  | "accounts:bind"
  | "replies:read"
  | "replies:write"
  | "menus:read"
  | "menus:write"
  | "customers:read"
  | "customers:write"
  | "messages:read"
  | "messages:write"
  | "qrcodes:read"
  | "qrcodes:write"
  | "team:read"
  | "team:write";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
export interface Items<T> {
  items: T[];
}
export type Params = Record<string, unknown>;

export interface FieldProblem {
  field: string;
  code: string;
  message?: string;
}
export interface Problem {
  type?: string;
  title?: string;
  status: number;
  code: string;
  detail?: string;
  errors?: FieldProblem[];
  params?: Params;
  trace_id?: string;
}

// Setup, session, team

export interface SetupState {
  needed: boolean;
  demo: boolean;
}
export interface SetupBody {
  tenant_name: string;
  name: string;
  email: string;
  password: string;
  language: Language;
}
export interface Me {
  person: { id: Id; name: string; email: string; language: Language; time_zone: string };
  tenant: { id: Id; name: string; time_zone: string };
  role: Role;
  capabilities: Capability[];
  csrf_token: string;
  sandbox_url: string | null;
  version: string;
}
export interface Person {
  id: Id;
  name: string;
  email: string;
  role: Role;
  disabled_at: Millis | null;
  last_seen_at: Millis | null;
  created_at: Millis;
}
export interface ApiKey {
  id: Id;
  name: string;
  prefix: string;
  scopes: Capability[];
  created_at: Millis;
  last_used_at: Millis | null;
}
export interface Tenant {
  name: string;
  time_zone: string;
  /** Broadcasts to more fans than this want a second person; null when none do. */
  approval_above: number | null;
}
export interface Platform {
  configured: boolean;
  component_app_id: string | null;
  ticket_at: Millis | null;
  token_expires_at: Millis | null;
  event_url: string | null;
  message_url: string | null;
  launch_host: string | null;
  problem: string | null;
}

// Accounts

export type AccountFunction =
  | "fan_import"
  | "reply_follow"
  | "reply_keyword"
  | "menu"
  | "qrcode"
  | "identity_qrcode"
  | "materials"
  | "broadcast"
  | "custom_message"
  | "template"
  | "notice"
  | "coupon"
  | "page_auth"
  | "page_visitor"
  | "journeys"
  | "tags";
export type Encryption = "plain" | "compatible" | "safe";
export type AccountKind = "subscription" | "service";

export interface PermissionSet {
  id: number;
  name_zh: string;
  name_en: string;
  granted: boolean;
  breaks: AccountFunction[];
}
export interface FunctionRight {
  function: AccountFunction;
  allowed: boolean;
  code: "type" | "set" | "unbound" | "listen_only" | null;
  rule: string | null;
  set: number | null;
}
export interface Import {
  state: "none" | "listing" | "running" | "paused" | "done" | "failed";
  total: number;
  done: number;
  rate: number;
  remaining_seconds: number | null;
  started_at: Millis | null;
  finished_at: Millis | null;
  problem: string | null;
  errcode: number | null;
}
export interface Account {
  id: Id;
  mode: "direct" | "platform";
  app_id: string;
  original_id: string | null;
  nick_name: string;
  avatar_url: string | null;
  kind: AccountKind;
  verification: "verified" | "unverified";
  verify_type: number;
  verification_source: "wechat" | "given" | "probe";
  alias: string;
  principal_name: string;
  status: "bound" | "unbound";
  permission_sets: PermissionSet[];
  functions: FunctionRight[];
  encryption: Encryption;
  callback_url: string;
  callback_verified_at: Millis | null;
  listen_only: boolean;
  allowance: Allowance;
  following: number;
  customers: number;
  health: {
    state: "ok" | "warning" | "error";
    last_callback_at: Millis | null;
    token_expires_at: Millis | null;
    problem: string | null;
    errcode: number | null;
  };
  import: Import | null;
  bound_at: Millis;
  unbound_at: Millis | null;
  created_at: Millis;
}
export interface DirectBinding {
  mode: "direct";
  app_id: string;
  app_secret: string;
  token: string;
  encoding_aes_key: string;
  encryption: Encryption;
  kind?: AccountKind;
  nick_name?: string;
  verify_type?: number;
}
export interface AccountPatch {
  nick_name?: string;
  app_secret?: string;
  token?: string;
  encoding_aes_key?: string;
  encryption?: Encryption;
  listen_only?: boolean;
  allowance?: Allowance;
}
/** Which table of customer-service messages WeChat keeps to. */
export type Allowance = "2023-06" | "classic";
export interface MediaUses {
  rules: { rule_id: Id; account_id: Id; name: string; kind: TriggerKind }[];
  /** Accounts whose menu or its draft answers with it. */
  menus: { account_id: Id }[];
  codes: { qrcode_id: Id; account_id: Id; name: string }[];
  articles: { article_id: Id; account_id: Id; title: string }[];
  broadcasts: { broadcast_id: Id; account_id: Id; name: string }[];
  /** Messages that wait to be sent. */
  waiting: number;
  /** WeChat's temporary copies, by account. */
  copies: { account_id: Id; expires_at: Millis }[];
}
export interface HeldSends {
  messages: number;
  people: number;
  oldest_at: number | null;
  too_late: number;
}
export interface Deletion {
  customers_kept: number;
  fans_frozen: number;
  events_kept: number;
  replies_deleted: number;
  tags_kept: number;
  pending_sends: number;
  date: Millis;
}
export interface Binding {
  id: Id;
  /** Given once, to the browser that began it. */
  url: string | null;
  state: "waiting" | "granted" | "importing" | "done" | "refused" | "expired" | "failed";
  account_id: Id | null;
  code: string | null;
  params: Params;
  expires_at: Millis;
}
export interface CheckItem {
  check: string;
  state: "ok" | "warning" | "error";
  code: string;
  params: Params;
}
export interface WechatTags {
  items: { wechat_id: number | null; name: string; count: number; tag_id: Id | null }[];
  synced_at: Millis | null;
  state: "idle" | "running" | "failed";
  problem: string | null;
}

// Replies

export type MessageKind = "text" | "image" | "voice" | "video" | "location" | "link";
export type MatchKind = "exact" | "contains" | "all" | "regex";
export type FollowKind = "any" | "first" | "returning";
export type TriggerKind = "follow" | "keyword" | "default";

export interface Trigger {
  kind: TriggerKind;
  match: MatchKind | null;
  words: string[];
  follow: FollowKind | null;
  message_kinds: MessageKind[];
}
export type Answer =
  | { type: "text"; text: string }
  | { type: "image"; media_id: Id }
  | { type: "voice"; media_id: Id }
  | { type: "video"; media_id: Id; title?: string; description?: string }
  | {
      type: "music";
      title?: string;
      description?: string;
      url: string;
      hq_url?: string;
      thumb_media_id: Id;
    }
  | { type: "article"; title: string; description?: string; picture_url?: string; url: string }
  | { type: "none" };
export type AnswerType = Answer["type"];
export interface Hours {
  days: number[];
  from: string;
  to: string;
}
export interface RuleBody {
  name: string;
  enabled: boolean;
  trigger: Trigger;
  answers: Answer[];
  send: "all" | "random";
  hours: Hours | null;
  once_per_seconds: number | null;
}
export interface Rule extends RuleBody {
  id: Id;
  account_id: Id;
  position: number;
  hits: number;
  last_hit_at: Millis | null;
  created_at: Millis;
  updated_at: Millis;
}
export interface TestBody {
  kind: MessageKind | "follow";
  text?: string;
  returning?: boolean;
  at?: Millis;
  draft?: RuleBody;
  /** The rule the draft is of; it is tried in its place. */
  draft_of?: Id;
}
export interface TestResult {
  rule: Rule | null;
  considered: { rule_id: Id | null; name: string; matched: boolean; why: string; word?: string | null }[];
  passive: Answer | null;
  later: Answer[];
  note: string | null;
}
export interface Conflict {
  rule_id: Id | null;
  name: string;
  word: string;
  other_word: string | null;
  kind: "same" | "shadows" | "shadowed";
  position: number | null;
}
export interface Unmatched {
  id: Id;
  text: string;
  count: number;
  first_at: Millis;
  last_at: Millis;
  examples: string[];
}
export type MediaKind = "image" | "voice" | "video" | "thumb";
export interface Media {
  id: Id;
  kind: MediaKind;
  file_name: string;
  content_type: string;
  size: number;
  url: string;
  /** Empty in none. */
  folder: string;
  /** Of recordings. */
  duration_ms: number | null;
  created_at: Millis;
}

// Customers and tags

export type FanStatus = "following" | "left" | "frozen" | "unknown";
export type Gender = "unknown" | "male" | "female";
export interface TagRef {
  id: Id;
  name: string;
  colour: string | null;
}
/** One openid of a customer. */
export interface FanBrief {
  account_id: Id;
  openid: string;
  status: FanStatus;
}
export interface CustomerRow {
  id: Id;
  name: string | null;
  display_name: string;
  avatar_url: string | null;
  gender: Gender;
  city: string | null;
  phone: string | null;
  email: string | null;
  tags: TagRef[];
  fans: FanBrief[];
  last_seen_at: Millis | null;
  created_at: Millis;
  match?: { field: string; text: string } | null;
}
export type ProfileField =
  | "name"
  | "gender"
  | "phone"
  | "email"
  | "city"
  | "province"
  | "country"
  | "language"
  | "birthday"
  | "note";
export interface FieldValue {
  value: string | null;
  source: "wechat" | "person" | "api" | "import";
  by: string | null;
  at: Millis;
}
export interface Identity {
  kind: "openid" | "unionid" | "phone" | "email" | "external_id";
  value: string;
  account_id: Id | null;
  source: string;
  at: Millis;
}
export interface Fan {
  account_id: Id;
  openid: string;
  status: FanStatus;
  status_until: Millis | null;
  subscribed_at: Millis | null;
  scene: string | null;
  /** The QR code of ours by which they came. */
  source: { qrcode_id: Id; name: string; source: string | null } | null;
  remark: string | null;
  wechat_tags: string[];
  periods: { followed_at: Millis | null; left_at: Millis | null; scene: string | null }[];
  unionid: string | null;
}
export interface Customer extends Omit<CustomerRow, "fans"> {
  fields: Partial<Record<ProfileField, FieldValue>>;
  identities: Identity[];
  fans: Fan[];
  note: string | null;
  merges: Merge[];
}
export interface MergedOne {
  id: Id;
  display_name: string;
  /** None of one who is joined with another. */
  fans: FanBrief[];
  last_seen_at: Millis | null;
}
/** Two customers who are one, may be one, or are not one. */
export interface Merge {
  id: Id;
  state: "proposed" | "joined" | "apart";
  cause: string;
  kept: MergedOne;
  other: MergedOne;
  /** What speaks against it, of one that waits for a person. */
  contradiction: "openids" | "unionids" | null;
  created_at: Millis;
  decided_at: Millis | null;
  decided_by: string | null;
}
export type CustomerPatch = Partial<
  Record<"name" | "gender" | "phone" | "email" | "city" | "birthday" | "note", string | null>
>;
export type Channel = "wechat" | "console" | "api" | "system";
export interface Event {
  id: Id;
  at: Millis;
  kind: string;
  channel: Channel;
  account_id: Id | null;
  properties: Params;
}
export interface Tag {
  id: Id;
  name: string;
  group: string | null;
  colour: string | null;
  customers: number;
  mirrored: { account_id: Id; wechat_id: number | null }[];
  created_at: Millis;
}
export interface TagBody {
  name: string;
  group?: string | null;
  colour?: string | null;
  mirror_accounts?: Id[];
}

// Home, search, live

export interface Need {
  code: string;
  severity: "info" | "warning" | "error";
  account_id: Id | null;
  params: Params;
  link: string | null;
}
export interface TrendDay {
  day: string;
  new: number;
  lost: number;
  messages: number;
}
export type RecentEvent = Event & {
  customer: { id: Id; display_name: string; avatar_url: string | null } | null;
};
export interface HomeAllowance {
  account_id: Id;
  per: "day" | "month";
  left: number;
  limit: number;
}
export interface Home {
  allowances: HomeAllowance[];
  counts: Record<
    | "customers"
    | "following"
    | "new_today"
    | "lost_today"
    | "new_yesterday"
    | "lost_yesterday"
    | "messages_today"
    | "unmatched",
    number
  >;
  trend: TrendDay[];
  needs: Need[];
  recent: RecentEvent[];
}
export interface SearchResult {
  customers: CustomerRow[];
  accounts: Pick<Account, "id" | "nick_name" | "app_id" | "kind" | "avatar_url">[];
  replies: {
    id: Id;
    account_id: Id;
    name: string;
    enabled: boolean;
    trigger: { kind: TriggerKind; words: string[] };
  }[];
}

// The map openapi-fetch reads

interface Json<T> {
  content: { "application/json": T };
}
interface Answers<R> {
  200: Json<R>;
  default: { content: { "application/problem+json": Problem } };
}
export interface Op<R, P = Record<never, never>> {
  parameters: P;
  responses: Answers<R>;
}
export interface Send<R, B, P = Record<never, never>> {
  parameters: P;
  requestBody: Json<B>;
  responses: Answers<R>;
}
export interface At<K extends string> {
  path: Record<K, string>;
}
export interface Query<Q> {
  query?: Q;
}
export interface Paging {
  limit?: number;
  cursor?: string;
}

export interface CustomerQuery extends Paging {
  query?: string;
  account?: Id;
  status?: "following" | "left" | "never";
  tag?: Id;
  seen_after?: Millis;
  seen_before?: Millis;
  sort?: "last_seen" | "created";
}

export interface paths extends ReachPaths, BroadcastPaths, ArticlePaths, CampaignPaths, MenuPaths {
  "/api/v1/setup": { get: Op<SetupState>; post: Send<Me, SetupBody> };
  "/api/v1/session": {
    get: Op<Me>;
    post: Send<Me, { email: string; password: string }>;
    patch: Send<Me, { name?: string; language?: Language; time_zone?: string }>;
    delete: Op<undefined>;
  };
  "/api/v1/session/password": { put: Send<undefined, { current: string; new: string }> };
  "/api/v1/people": {
    get: Op<Items<Person>>;
    post: Send<Person, { name: string; email: string; role: Role; password: string }>;
  };
  "/api/v1/people/{person}": {
    patch: Send<Person, { name?: string; role?: Role; disabled?: boolean; password?: string }, At<"person">>;
    delete: Op<undefined, At<"person">>;
  };
  "/api/v1/api_keys": {
    get: Op<Items<ApiKey>>;
    post: Send<ApiKey & { key: string }, { name: string; scopes: Capability[] }>;
  };
  "/api/v1/api_keys/{key}": { delete: Op<undefined, At<"key">> };
  "/api/v1/tenant": { get: Op<Tenant>; patch: Send<Tenant, Partial<Tenant>> };
  "/api/v1/platform": { get: Op<Platform> };

  "/api/v1/accounts": { get: Op<Items<Account>>; post: Send<Account, DirectBinding> };
  "/api/v1/accounts/{account}": {
    get: Op<Account, At<"account">>;
    patch: Send<Account, AccountPatch, At<"account">>;
    delete: Op<undefined, At<"account"> & Query<{ confirm: string }>>;
  };
  "/api/v1/accounts/{account}/unbind": { post: Op<Account, At<"account">> };
  "/api/v1/accounts/{account}/rebind": { post: Op<Account, At<"account">> };
  "/api/v1/accounts/{account}/deletion": { get: Op<Deletion, At<"account">> };
  "/api/v1/accounts/{account}/held_sends": { get: Op<HeldSends, At<"account">> };
  "/api/v1/accounts/{account}/held_sends/release": { post: Op<{ messages: number }, At<"account">> };
  "/api/v1/accounts/{account}/held_sends/cancel": { post: Op<{ messages: number }, At<"account">> };
  "/api/v1/bindings": { post: Op<Binding> };
  "/api/v1/bindings/{binding}": { get: Op<Binding, At<"binding">> };
  "/api/v1/accounts/{account}/import": { get: Op<Import, At<"account">>; post: Op<Import, At<"account">> };
  "/api/v1/accounts/{account}/import/pause": { post: Op<Import, At<"account">> };
  "/api/v1/accounts/{account}/import/resume": { post: Op<Import, At<"account">> };
  "/api/v1/accounts/{account}/check": { post: Op<Items<CheckItem>, At<"account">> };
  "/api/v1/accounts/{account}/wechat_tags": { get: Op<WechatTags, At<"account">> };
  "/api/v1/accounts/{account}/wechat_tags/sync": { post: Op<WechatTags, At<"account">> };

  "/api/v1/accounts/{account}/replies": {
    get: Op<Items<Rule>, At<"account">>;
    post: Send<Rule, RuleBody, At<"account">>;
  };
  "/api/v1/accounts/{account}/replies/{rule}": {
    get: Op<Rule, At<"account" | "rule">>;
    put: Send<Rule, RuleBody, At<"account" | "rule">>;
    patch: Send<Rule, { enabled?: boolean; name?: string }, At<"account" | "rule">>;
    delete: Op<undefined, At<"account" | "rule">>;
  };
  "/api/v1/accounts/{account}/replies/order": { post: Send<undefined, { ids: Id[] }, At<"account">> };
  "/api/v1/accounts/{account}/replies/test": { post: Send<TestResult, TestBody, At<"account">> };
  "/api/v1/accounts/{account}/replies/conflicts": {
    post: Send<Items<Conflict>, { id?: Id; trigger: Trigger }, At<"account">>;
  };
  "/api/v1/accounts/{account}/replies/unmatched": { get: Op<Page<Unmatched>, At<"account"> & Query<Paging>> };
  "/api/v1/accounts/{account}/replies/unmatched/{text}": { delete: Op<undefined, At<"account" | "text">> };
  "/api/v1/accounts/{account}/qrcodes": {
    get: Op<Page<Code>, At<"account"> & Query<CodeQuery>>;
    post: Send<Code, CodeBody, At<"account">>;
  };
  "/api/v1/accounts/{account}/qrcodes/{qrcode}": {
    get: Op<Code, At<"account" | "qrcode">>;
    patch: Send<Code, CodePatch, At<"account" | "qrcode">>;
  };
  "/api/v1/accounts/{account}/qrcodes/{qrcode}/make": {
    post: Send<Code, { days?: number }, At<"account" | "qrcode">>;
  };
  "/api/v1/accounts/{account}/qrcodes/{qrcode}/stats": {
    get: Op<CodeStats, At<"account" | "qrcode"> & Query<CodeStatsQuery>>;
  };
  "/api/v1/accounts/{account}/qrcode_stats": {
    get: Op<AccountCodeStats, At<"account"> & Query<CodeStatsQuery>>;
  };
  "/api/v1/accounts/{account}/qrcode_overview": { get: Op<CodeOverview, At<"account">> };
  "/api/v1/accounts/{account}/qrcode_batches": {
    get: Op<Page<CodeBatch>, At<"account"> & Query<Paging>>;
    post: Send<CodeBatchPage, FormData, At<"account">>;
  };
  "/api/v1/accounts/{account}/qrcode_batches/{batch}": {
    get: Op<CodeBatchPage, At<"account" | "batch">>;
    delete: Op<undefined, At<"account" | "batch">>;
  };
  "/api/v1/accounts/{account}/qrcode_batches/{batch}/start": {
    post: Send<CodeBatchPage, CodeBatchStart, At<"account" | "batch">>;
  };
  "/api/v1/accounts/{account}/qrcode_batches/{batch}/stop": {
    post: Op<CodeBatchPage, At<"account" | "batch">>;
  };

  "/api/v1/customers": { get: Op<Page<CustomerRow>, Query<CustomerQuery>> };
  "/api/v1/customers/{customer}": {
    get: Op<Customer, At<"customer">>;
    patch: Send<Customer, CustomerPatch, At<"customer">>;
  };
  "/api/v1/customers/{customer}/reach": { get: Op<Reach, At<"customer">> };
  "/api/v1/customers/{customer}/messages": {
    post: Send<SendLine, { account_id?: Id; content: SendContent }, At<"customer">>;
  };
  "/api/v1/customers/{customer}/timeline": {
    get: Op<Page<Event>, At<"customer"> & Query<Paging & { channel?: string; kind?: string }>>;
  };
  "/api/v1/customers/{customer}/tags/{tag}": {
    put: Op<undefined, At<"customer" | "tag">>;
    delete: Op<undefined, At<"customer" | "tag">>;
  };
  "/api/v1/inbox": { get: Op<InboxSummary, Query<{ account?: Id }>> };
  "/api/v1/conversations": { get: Op<Page<Conversation>, Query<ConversationQuery>> };
  "/api/v1/conversations/{conversation}": { get: Op<Conversation, At<"conversation">> };
  "/api/v1/conversations/{conversation}/messages": {
    get: Op<Page<ChatLine>, At<"conversation"> & Query<Paging>>;
  };
  "/api/v1/conversations/{conversation}/read": { post: Op<Conversation, At<"conversation">> };
  "/api/v1/conversations/{conversation}/assign": {
    post: Send<Conversation, { person_id: Id | null; note?: string }, At<"conversation">>;
  };
  "/api/v1/conversations/{conversation}/state": {
    post: Send<Conversation, { state: ConversationState; until?: Millis }, At<"conversation">>;
  };
  "/api/v1/conversations/{conversation}/notes": {
    post: Send<ConversationEntry, { text: string }, At<"conversation">>;
  };
  "/api/v1/conversations/{conversation}/typing": {
    post: Send<undefined, { typing: boolean }, At<"conversation">>;
  };
  "/api/v1/canned_answers": { get: Op<Items<CannedAnswer>>; post: Send<CannedAnswer, CannedBody> };
  "/api/v1/canned_answers/{canned_answer}": {
    put: Send<CannedAnswer, CannedBody, At<"canned_answer">>;
    delete: Op<undefined, At<"canned_answer">>;
  };
  "/api/v1/merges": { get: Op<Page<Merge>, Query<Paging & { state?: Merge["state"] }>> };
  "/api/v1/merges/{merge}/join": { post: Op<Merge, At<"merge">> };
  "/api/v1/merges/{merge}/part": { post: Op<Merge, At<"merge">> };
  "/api/v1/tags": { get: Op<Items<Tag>>; post: Send<Tag, TagBody> };
  "/api/v1/tags/{tag}": { patch: Send<Tag, Partial<TagBody>, At<"tag">>; delete: Op<undefined, At<"tag">> };

  "/api/v1/home": { get: Op<Home, Query<{ account?: Id }>> };
  "/api/v1/search": { get: Op<SearchResult, { query: { query: string } }> };
}
