/**
 * A broadcast while it is written: on this machine at every letter, at the hub a moment later. Nothing is lost when the
 * page is left, and nothing of somebody else's is overwritten.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, isCode } from "@/api/client";
import type { Broadcast, BroadcastBody } from "@/api/types";
import { broadcastQuery, useSave } from "./api";
import { bodyOf, gapOf } from "./shape";

const pause = 700;
const keyOf = (id: string) => `hy.draft.broadcast.${id}`;

function read(key: string): BroadcastBody | null {
  try {
    const kept = localStorage.getItem(key);
    return kept ? (JSON.parse(kept) as BroadcastBody) : null;
  } catch {
    return null;
  }
}

export function forgetDraft(id: string) {
  localStorage.removeItem(keyOf(id));
  localStorage.removeItem(timeKey(id));
}

/** When it is to go is asked for at the end; until then it is remembered here. */
export const timeKey = (id: string) => `hy.draft.broadcast-at.${id}`;

export function useBroadcastDraft(broadcast: Broadcast, mayWrite: boolean) {
  const { id } = broadcast;
  const key = keyOf(id);
  const queryClient = useQueryClient();
  const save = useSave(id);
  const [local, setLocal] = useState<BroadcastBody | null>(() => (mayWrite ? read(key) : null));
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [clash, setClash] = useState<ApiError | null>(null);
  const latest = useRef(local);
  latest.current = local;
  const known = useRef(broadcast);
  known.current = broadcast;
  const going = useRef<Promise<Broadcast> | null>(null);
  const current = useCallback(
    () => queryClient.getQueryData(broadcastQuery(id).queryKey) ?? known.current,
    [queryClient, id],
  );

  /** Brings what is written to the hub. */
  const flush = useCallback(async (): Promise<void> => {
    while (going.current) await going.current.catch(() => {});
    const body = latest.current;
    if (!body) return;
    going.current = save.mutateAsync({ ...sendable(body, current()), version: current().version });
    try {
      await going.current;
      setSavedAt(Date.now());
      // What was typed meanwhile, and what still wants its file, stays here.
      if (latest.current === body && isComplete(body)) {
        localStorage.removeItem(key);
        setLocal(null);
        latest.current = null;
      }
      setClash(null);
    } catch (error) {
      if (error instanceof ApiError && isCode(error, "broadcast_changed", "conflict")) setClash(error);
      throw error;
    } finally {
      going.current = null;
    }
  }, [save.mutateAsync, current, key]);

  useEffect(() => {
    if (!local) return;
    localStorage.setItem(key, JSON.stringify(local));
    if (clash) return;
    const timer = setTimeout(() => void flush().catch(() => {}), pause);
    return () => clearTimeout(timer);
  }, [local, clash, flush, key]);

  const change = useCallback(
    (part: Partial<BroadcastBody> | ((body: BroadcastBody) => Partial<BroadcastBody>)) =>
      setLocal((now) => {
        const body = now ?? bodyOf(current());
        return { ...body, ...(typeof part === "function" ? part(body) : part) };
      }),
    [current],
  );
  const takeTheirs = useCallback(() => {
    localStorage.removeItem(key);
    setLocal(null);
    setClash(null);
    void queryClient.invalidateQueries({ queryKey: broadcastQuery(id).queryKey });
  }, [key, queryClient, id]);
  const keepMine = useCallback(async () => {
    await queryClient.refetchQueries({ queryKey: broadcastQuery(id).queryKey, exact: true });
    setClash(null);
  }, [queryClient, id]);

  return {
    body: local ?? bodyOf(broadcast),
    isUnsaved: local !== null && (save.isPending || isComplete(local)),
    savedAt,
    error: clash ? null : save.error,
    clash,
    change,
    flush,
    takeTheirs,
    keepMine,
  };
}

/** The hub knows no broadcast without a name, and no content without its file; until then, what it had before stays there. */
const isComplete = (body: BroadcastBody) => body.name.trim() !== "" && body.contents.every(isSendable);

function isSendable(content: BroadcastBody["contents"][number]): boolean {
  const gap = gapOf(content);
  return gap !== "article" && gap !== "voice" && gap !== "video";
}

function sendable(body: BroadcastBody, before: BroadcastBody): BroadcastBody {
  return {
    ...body,
    name: body.name.trim() || before.name,
    contents: body.contents.map((content, variant) =>
      isSendable(content) ? content : (before.contents[variant] ?? { type: "text", text: "" }),
    ),
  };
}
