import type { Call, Id, Push } from "../api/types";

export type Entry =
  | { kind: "push"; at: number; bad: boolean; push: Push }
  | { kind: "call"; at: number; bad: boolean; call: Call };

const kept = 300;

/** Adds or replaces by id, in order of id; forgets the oldest beyond what a person scrolls through. */
export function upsert<T extends { id: Id }>(items: T[], more: T[]): T[] {
  const all = new Map(items.map((item) => [String(item.id), item]));
  for (const item of more) all.set(String(item.id), item);
  return [...all.values()].sort((a, b) => Number(a.id) - Number(b.id)).slice(-kept);
}

/** The hub answered, with a message or with "success". Everything else (timeout, no connection, nonsense) is a failure. */
export function pushFailed(push: Push): boolean {
  return push.outcome !== "answered" && push.outcome !== "silent";
}

export function callFailed(call: Call): boolean {
  return Boolean(call.errcode) || call.executed === false;
}

export function faultText(fault: unknown): string | null {
  if (fault === null || fault === undefined || fault === false) return null;
  if (typeof fault === "object") {
    const kind = (fault as { kind?: unknown }).kind;
    return typeof kind === "string" ? kind : JSON.stringify(fault);
  }
  return String(fault);
}

/** Newest first; what happened in the same moment in the order WeChat saw it. */
export function merge(pushes: Push[], calls: Call[]): Entry[] {
  return [
    ...pushes.map((push): Entry => ({ kind: "push", at: push.at_ms, bad: pushFailed(push), push })),
    ...calls.map((call): Entry => ({ kind: "call", at: call.at_ms, bad: callFailed(call), call })),
  ].sort((a, b) => b.at - a.at || Number(idOf(b)) - Number(idOf(a)));
}

/** An entry, and how many like it came right before (older) and are not shown by themselves. */
export type Row = { entry: Entry; more: number; since: number };

const folded = 3;

/** Long runs of the same successful call become one row: an import of fans is one line, not a wall. */
export function fold(entries: Entry[]): Row[] {
  const rows: Row[] = [];
  let at = 0;
  while (at < entries.length) {
    const entry = entries[at] as Entry;
    let end = at + 1;
    while (end < entries.length && alike(entry, entries[end] as Entry)) end++;
    if (end - at > folded) {
      rows.push({ entry, more: end - at - 1, since: (entries[end - 1] as Entry).at });
    } else {
      for (const one of entries.slice(at, end)) rows.push({ entry: one, more: 0, since: one.at });
    }
    at = end;
  }
  return rows;
}

function alike(a: Entry, b: Entry): boolean {
  if (a.kind !== "call" || b.kind !== "call" || a.bad || b.bad) return false;
  return a.call.path === b.call.path && a.call.appid === b.call.appid && !a.call.fault && !b.call.fault;
}

const idOf = (e: Entry): Id => (e.kind === "push" ? e.push.id : e.call.id);
