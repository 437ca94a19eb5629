/**
 * What the hub tells by itself (server-sent events). One connection per tab, shared by all listeners;
 * the browser reconnects. Whenever it opens, the first time too, something may have happened that nobody heard of.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Account, ArticleSync, Binding, Event, Id, Import } from "./types";

export interface LiveEvents {
  account: Account | { id: Id };
  binding: Binding;
  import: Import & { account_id: Id };
  event: { customer_id: Id; event: Event };
  tags: { account_id: Id };
  menu: { account_id: Id };
  qrcodes: { account_id: Id; batch_id: Id };
  articles: { account_id: Id; article_id?: Id | null; publication_id?: Id | null; sync?: ArticleSync | null };
  conversations: { fans: { account_id: Id; openid: string }[]; more: boolean };
  typing: { conversation_id: Id; person_id: Id | null; name: string; typing: boolean };
}
type Kind = keyof LiveEvents;
const kinds: Kind[] = [
  "account",
  "binding",
  "import",
  "event",
  "tags",
  "menu",
  "qrcodes",
  "articles",
  "conversations",
  "typing",
];

const listeners = new Map<Kind, Set<(data: never) => void>>();
const gapListeners = new Set<(first: boolean) => void>();
const stateListeners = new Set<() => void>();
let source: EventSource | null = null;
let state: "off" | "connecting" | "open" = "off";
let hadConnection = false;

function setState(next: typeof state) {
  state = next;
  for (const tell of stateListeners) tell();
}

export function connectLive() {
  if (source || typeof EventSource === "undefined") return;
  setState("connecting");
  const opened = new EventSource("/api/v1/stream");
  source = opened;
  opened.onopen = () => {
    setState("open");
    const first = !hadConnection;
    hadConnection = true;
    for (const tell of gapListeners) tell(first);
  };
  opened.onerror = () => {
    setState("connecting");
    // The browser gives up for good on a refusal (signed out, hub restarting behind a proxy): try again slowly.
    if (opened.readyState === EventSource.CLOSED && source === opened) {
      source = null;
      setTimeout(connectLive, 5000);
    }
  };
  // The hub fell behind and dropped some: what is on the screen may be old.
  opened.addEventListener("lost", () => {
    for (const tell of gapListeners) tell(false);
  });
  for (const kind of kinds) {
    opened.addEventListener(kind, (message) => {
      let data: unknown;
      try {
        data = JSON.parse((message as MessageEvent<string>).data);
      } catch {
        return;
      }
      // `account` may come as the bare id.
      if (kind === "account" && typeof data !== "object") data = { id: String(data) };
      for (const tell of listeners.get(kind) ?? []) tell(data as never);
    });
  }
}

export function disconnectLive() {
  source?.close();
  source = null;
  hadConnection = false;
  setState("off");
}

export function onLive<K extends Kind>(kind: K, listener: (data: LiveEvents[K]) => void) {
  const set = listeners.get(kind) ?? new Set();
  listeners.set(kind, set);
  set.add(listener as (data: never) => void);
  return () => {
    set.delete(listener as (data: never) => void);
  };
}

/** Hears of every moment before which news may have been missed; `first` when there was no connection before. */
export function onLiveGap(listener: (first: boolean) => void) {
  gapListeners.add(listener);
  return () => {
    gapListeners.delete(listener);
  };
}

export function useLive<K extends Kind>(kind: K, listener: (data: LiveEvents[K]) => void) {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => onLive(kind, (data) => latest.current(data)), [kind]);
}

export function useLiveState() {
  return useSyncExternalStore(
    (tell) => {
      stateListeners.add(tell);
      return () => {
        stateListeners.delete(tell);
      };
    },
    () => state,
    () => state,
  );
}
