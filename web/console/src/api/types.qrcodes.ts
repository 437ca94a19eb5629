/** The shapes of QR codes with parameters, as the hub speaks them. */
import type { Answer, Id, Millis, Paging, TagRef } from "./types";

export type Content = Exclude<Answer, { type: "none" }>;
export type CodeState = "making" | "live" | "expired" | "archived";
export interface OnScan {
  /** `null` inherits the account's welcome. */
  new_fans: Content[] | null;
  following: Content[];
}
export interface Code {
  id: Id;
  account_id: Id;
  name: string;
  source: string | null;
  folder: string | null;
  note: string | null;
  permanent: boolean;
  state: CodeState;
  expires_at: Millis | null;
  scene: string;
  url: string | null;
  tags: TagRef[];
  on_scan: OnScan;
  logo_media_id: Id | null;
  batch_id: Id | null;
  problem: string | null;
  errcode: number | null;
  scans: number;
  follows: number;
  lost: number;
  last_scan_at: Millis | null;
  by: string | null;
  archived_at: Millis | null;
  created_at: Millis;
  updated_at: Millis;
}
export interface CodeBody {
  name: string;
  source: string | null;
  folder: string | null;
  note: string | null;
  permanent: boolean;
  days?: number;
  tag_ids: Id[];
  tag_names: string[];
  on_scan: OnScan;
  logo_media_id: Id | null;
}
export type CodePatch = Partial<Omit<CodeBody, "permanent" | "days">> & { archived?: boolean };
export interface CodeQuery extends Paging {
  query?: string;
  state?: CodeState;
  folder?: string;
  batch?: Id;
  sort?: "created" | "scans";
}
export interface CodeBudget {
  limit: number;
  used: number;
  left: number;
}
export interface CodeOverview {
  budget: CodeBudget;
  folders: { name: string; codes: number }[];
  sources: string[];
}
export interface CodeFigures {
  scans: number;
  follows: number;
  firsts: number;
  lost: number;
  kept: { days: number; of: number; kept: number }[];
}
/** `kept_…` are of those who came on this day; null while it is not yet so far back. */
export interface CodeDay {
  day: string;
  scans: number;
  follows: number;
  lost: number;
  kept_1: number | null;
  kept_7: number | null;
  kept_30: number | null;
}
/** Which days; the last thirty when nothing is said. */
export interface CodeStatsQuery {
  from?: string;
  to?: string;
}
export interface CodeStats {
  from: string;
  to: string;
  days: CodeDay[];
  total: CodeFigures;
}
export interface AccountCodeStats extends CodeStats {
  folders: (CodeFigures & { folder: string | null })[];
}
export interface CodeBatch {
  id: Id;
  account_id: Id;
  file_name: string;
  state: "draft" | "running" | "done" | "stopped";
  total: number;
  made: number;
  failed: number;
  rate: number;
  seconds_left: number | null;
  problem: string | null;
  errcode: number | null;
  waits_until: Millis | null;
  by: string | null;
  started_at: Millis | null;
  finished_at: Millis | null;
  created_at: Millis;
}
export interface CodeLine {
  line: number;
  name: string;
  source: string | null;
  folder: string | null;
  tags: string[];
  note: string | null;
}
export interface CodeBatchPage extends CodeBatch {
  lines: CodeLine[];
  faults: { line: number; column: string; code: string; value: string }[];
  faulty: number;
  new_tags: string[];
  budget: CodeBudget;
}
export interface CodeBatchStart {
  permanent: boolean;
  days?: number;
  folder: string | null;
  tag_ids: Id[];
}
