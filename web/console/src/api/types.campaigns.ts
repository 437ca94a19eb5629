/** The shapes of templates and of campaigns by template, as the hub speaks them. */
import type { At, Id, Millis, Op, Page, Paging, Query, Send } from "./types";
import type { SendLine } from "./types.reach";

export type TemplateKind = "template" | "notice";
export interface TemplateField {
  key: string;
  name: string;
  /** Null in historical templates. */
  type: string | null;
  longest: number | null;
  example: string | null;
  shown: boolean;
}
export interface Template {
  id: Id;
  kind: TemplateKind;
  wechat_id: string;
  title: string;
  content: string;
  example: string;
  fields: TemplateField[];
  industry: string | null;
  lasting: boolean;
  seen_at: Millis;
  changed_at: Millis | null;
  gone_at: Millis | null;
  grants: { fans: number; notices: number; lasting: number } | null;
  used_by: { campaign_id: Id; name: string; state: CampaignState }[];
}
export interface TemplateLibrary {
  items: Template[];
  state: "never" | "running" | "idle" | "failed";
  synced_at: Millis | null;
  problem: string | null;
  errcode: number | null;
  primary_industry: string | null;
  secondary_industry: string | null;
  industries_from: Millis | null;
  categories: { id: number; name: string }[];
}
export type NewTemplate =
  | { kind: "template"; short_id: string; keywords: string[] }
  | { kind: "notice"; title_id: number; keyword_ids: number[]; scene: string };
export interface AddedTemplate {
  wechat_id: string;
  library: TemplateLibrary;
}
export interface NoticeTitles {
  items: { title_id: number; title: string; lasting: boolean }[];
  total: number;
}
export interface NoticeKeywords {
  items: { keyword_id: number; name: string; example: string; type: string }[];
}

export type CampaignState = "draft" | "scheduled" | "missed" | "running" | "stopped" | "done";
export interface CampaignMessage {
  type: TemplateKind;
  template_id: string;
  title?: string;
  data: Record<string, string>;
  url?: string;
  mini_program?: { app_id: string; path?: string };
}
/** A template message to one fan. */
export interface NewTemplateMessage {
  account_id: Id;
  customer_id: Id;
  message: CampaignMessage;
  purpose: "marketing" | "service";
}
export type Audience =
  | { type: "all" }
  | { type: "tags"; tag_ids: Id[] }
  | { type: "customers"; customer_ids: Id[] }
  | { type: "openids"; openids: string[] };
export interface CampaignCounts {
  total: number;
  waiting: number;
  held: number;
  sending: number;
  sent: number;
  refused: number;
  unknown: number;
  cancelled: number;
}
export interface Campaign {
  id: Id;
  account_id: Id;
  name: string;
  service: TemplateKind;
  message: CampaignMessage;
  audience: Audience;
  on_quota: "wait" | "stop";
  grace_minutes: number;
  state: CampaignState;
  reason: string | null;
  drift: "changed" | "gone" | null;
  starts_at: Millis | null;
  filled: boolean;
  counts: CampaignCounts;
  created_by: string;
  created_at: Millis;
  decided_by: string | null;
  started_at: Millis | null;
  ended_at: Millis | null;
  version: number;
}
export interface CampaignBody {
  account_id: Id;
  name: string;
  message: CampaignMessage;
  audience: Audience;
  on_quota: "wait" | "stop";
  version?: number;
}
export interface CampaignTest {
  send_id: Id;
  customer_id: Id;
  openid: string;
  state: SendLine["state"];
  reason: string | null;
  errcode: number | null;
  delivery: "delivered" | "blocked" | "failed" | null;
  by: string | null;
  at: Millis;
}
export interface CampaignDetail {
  campaign: Campaign;
  reports: { delivered: number; blocked: number; failed: number; open: number };
  refusals: { reason: string | null; errcode: number | null; count: number }[];
  tests: CampaignTest[];
}
export interface CampaignFinding {
  code: string;
  level: "error" | "warning";
  rule: string | null;
  detail: string;
  params: Record<string, unknown>;
}
export interface CampaignCheck {
  meant: number;
  reachable: number;
  unreachable: {
    reason: "not_following" | "no_consent" | "blocked" | "opted_out" | "capped";
    rule: string | null;
    count: number;
  }[];
  missing: { name: string; keys: string[]; missing: number; fallback: string | null }[];
  unfit: { key: string; why: Unfit; count: number; example: string }[];
  examined: number;
  quota: { limit: number; used: number; left: number } | null;
  findings: CampaignFinding[];
  may_start: boolean;
}
export type Unfit = "empty" | "too_long" | "characters" | "shape";
export interface CampaignQuery extends Paging {
  account?: Id;
  state?: CampaignState;
}

export interface CampaignPaths {
  "/api/v1/accounts/{account}/templates": {
    get: Op<TemplateLibrary, At<"account">>;
    post: Send<AddedTemplate, NewTemplate, At<"account">>;
  };
  "/api/v1/accounts/{account}/templates/sync": { post: Op<TemplateLibrary, At<"account">> };
  "/api/v1/accounts/{account}/templates/{template}": { delete: Op<undefined, At<"account" | "template">> };
  "/api/v1/accounts/{account}/template_industries": {
    put: Send<TemplateLibrary, { primary: number; secondary: number }, At<"account">>;
  };
  "/api/v1/accounts/{account}/notice_titles": {
    get: Op<NoticeTitles, At<"account"> & { query: { category: number; start?: number } }>;
  };
  "/api/v1/accounts/{account}/notice_keywords": {
    get: Op<NoticeKeywords, At<"account"> & { query: { title: number } }>;
  };
  "/api/v1/template-messages": { post: Send<SendLine, NewTemplateMessage> };
  "/api/v1/campaigns": {
    get: Op<Page<Campaign>, Query<CampaignQuery>>;
    post: Send<Campaign, CampaignBody>;
  };
  "/api/v1/campaigns/{campaign}": {
    get: Op<CampaignDetail, At<"campaign">>;
    put: Send<Campaign, CampaignBody, At<"campaign">>;
    delete: Op<undefined, At<"campaign">>;
  };
  "/api/v1/campaigns/{campaign}/check": {
    post: Send<CampaignCheck, { at?: Millis }, At<"campaign">>;
  };
  "/api/v1/campaigns/{campaign}/test": {
    post: Send<CampaignTest, { customer_id: Id }, At<"campaign">>;
  };
  "/api/v1/campaigns/{campaign}/start": { post: Send<Campaign, { at?: Millis }, At<"campaign">> };
  "/api/v1/campaigns/{campaign}/stop": { post: Op<Campaign, At<"campaign">> };
}
