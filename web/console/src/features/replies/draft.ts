/** A rule while it is written: kept on this machine until it is saved, so that an interruption costs nothing. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Rule, RuleBody, TriggerKind } from "@/api/types";
import { byteLength, textLimit } from "@/lib/text";

export function emptyRule(kind: TriggerKind, word?: string): RuleBody {
  return {
    name: "",
    enabled: true,
    trigger: {
      kind,
      match: kind === "keyword" ? "contains" : null,
      words: kind === "keyword" && word ? [word] : [],
      follow: kind === "follow" ? "any" : null,
      message_kinds: [],
    },
    answers: [{ type: "text", text: "" }],
    send: "all",
    hours: null,
    once_per_seconds: kind === "default" ? 3600 : null,
  };
}

export function bodyOf(rule: Rule): RuleBody {
  const { name, enabled, trigger, answers, send, hours, once_per_seconds } = rule;
  return { name, enabled, trigger, answers, send, hours, once_per_seconds };
}

export type DraftProblem =
  | "words"
  | "answers"
  | "text"
  | "long"
  | "media"
  | "article"
  | "music"
  | "url"
  | "hours";

const isWeb = (url: string) => /^https?:\/\/\S+$/.test(url.trim());

/** The first thing that keeps this rule from going live. */
export function problemOf(rule: RuleBody): DraftProblem | null {
  if (rule.trigger.kind === "keyword" && rule.trigger.words.length === 0) return "words";
  if (rule.answers.length === 0) return "answers";
  for (const answer of rule.answers) {
    if (answer.type === "text" && answer.text.trim() === "") return "text";
    if (answer.type === "text" && byteLength(answer.text) > textLimit) return "long";
    if ((answer.type === "image" || answer.type === "voice" || answer.type === "video") && !answer.media_id)
      return "media";
    if (answer.type === "article" && answer.title.trim() === "") return "article";
    if (answer.type === "music" && !answer.thumb_media_id) return "music";
    if ((answer.type === "article" || answer.type === "music") && !isWeb(answer.url)) return "url";
  }
  if (rule.hours && (rule.hours.days.length === 0 || rule.hours.from === rule.hours.to)) return "hours";
  return null;
}

/** Object keys come back from the hub in its own order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, one]) => one !== undefined && one !== null && one !== "")
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}

export function sameBody(a: RuleBody, b: RuleBody) {
  // On and off is switched at once, apart from the rest.
  return canonical({ ...a, enabled: true }) === canonical({ ...b, enabled: true });
}

interface Kept {
  body: RuleBody;
  at: number;
}

function read(key: string): Kept | null {
  try {
    const text = localStorage.getItem(key);
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}

export function useDraft(key: string, base: RuleBody) {
  const [kept, setKept] = useState<Kept | null>(() => read(key));
  const body = kept?.body ?? base;
  const dirty = useMemo(() => kept !== null && !sameBody(kept.body, base), [kept, base]);

  useEffect(() => {
    if (kept && dirty) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  }, [key, kept, dirty]);

  const change = useCallback(
    (next: RuleBody | ((body: RuleBody) => RuleBody)) =>
      setKept((now) => ({
        body: typeof next === "function" ? next(now?.body ?? base) : next,
        at: Date.now(),
      })),
    [base],
  );
  const clear = useCallback(() => {
    localStorage.removeItem(key);
    setKept(null);
  }, [key]);
  return { body, dirty, savedAt: kept?.at ?? null, change, clear };
}
