import type { FaultKind } from "../api/types";

export const faultKinds: FaultKind[] = [
  "errcode",
  "latency",
  "status",
  "http_5xx",
  "html",
  "empty",
  "other_json",
  "redirect",
  "silence",
  "truncate",
  "drop_before",
  "drop_after",
  "steal_token",
  "duplicate_push",
  "late_push",
  "reorder_push",
];

/** What stands in the form, as typed. */
export interface FaultDraft {
  kind: FaultKind;
  path: string;
  appid: string;
  errcode: string;
  ms: string;
  status: string;
  times: string;
  percent: string;
}

export const isPushFault = (kind: FaultKind) => kind.endsWith("_push");

export function needs(kind: FaultKind, what: "ms" | "errcode" | "status"): boolean {
  if (what === "ms")
    return kind === "latency" || kind === "late_push" || kind === "reorder_push" || kind === "silence";
  return kind === what;
}

/** The number in `text`, if it is a whole one between the two; else null. */
function whole(text: string, least: number, most: number): number | null {
  const n = Number(text.trim());
  return text.trim() !== "" && Number.isInteger(n) && n >= least && n <= most ? n : null;
}

/** The request for a draft; null when a figure makes no sense. */
export function faultBody(draft: FaultDraft): object | null {
  const what: Record<string, unknown> = { kind: draft.kind };
  if (needs(draft.kind, "ms")) {
    what.ms = whole(draft.ms, 1, 600_000);
    if (what.ms === null) return null;
  }
  if (needs(draft.kind, "errcode")) {
    what.errcode = whole(draft.errcode, -1, 99_999_999);
    if (what.errcode === null || what.errcode === 0) return null;
  }
  if (needs(draft.kind, "status")) {
    what.status = whole(draft.status, 100, 599);
    if (what.status === null) return null;
  }
  const where: Record<string, string> = {};
  const path = draft.path.trim();
  // Pushes are named by the kind of message or the event, calls by their path.
  if (path) where.path = isPushFault(draft.kind) || path.startsWith("/") ? path : `/${path}`;
  if (draft.appid) where.appid = draft.appid;
  const body: Record<string, unknown> = { where, what };
  if (draft.times.trim()) {
    body.times = whole(draft.times, 1, 1_000_000);
    if (body.times === null) return null;
  }
  const percent = whole(draft.percent || "100", 1, 100);
  if (percent === null) return null;
  if (percent < 100) body.probability = percent / 100;
  return body;
}
