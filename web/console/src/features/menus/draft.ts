/**
 * The draft while it is written: on this machine at every letter, at the hub a moment later. Nothing is lost when the
 * page is left, and nothing of somebody else's is overwritten.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/client";
import type { Id, MenuButton, MenuView } from "@/api/types";
import { menuQuery, useSaveDraft } from "./api";
import { sendable } from "./shape";

const pause = 700;

function read(key: string): MenuButton[] | null {
  try {
    const kept = localStorage.getItem(key);
    return kept ? (JSON.parse(kept) as MenuButton[]) : null;
  } catch {
    return null;
  }
}

export function useMenuDraft(account: Id, view: MenuView, mayWrite: boolean) {
  const key = `hy.draft.menu.${account}`;
  const queryClient = useQueryClient();
  const save = useSaveDraft(account);
  const [local, setLocal] = useState<MenuButton[] | null>(() => (mayWrite ? read(key) : null));
  const [clash, setClash] = useState<ApiError | null>(null);
  // What is written by now, also what no picture of the page has yet: an answer of the hub must not end that.
  const latest = useRef(local);
  const going = useRef<Promise<MenuView> | null>(null);

  const revision = useCallback(
    () => queryClient.getQueryData(menuQuery(account).queryKey)?.draft.revision ?? view.draft.revision,
    [queryClient, account, view.draft.revision],
  );

  /** Brings what is written to the hub; the draft's revision there. */
  const flush = useCallback(async (): Promise<number> => {
    while (going.current) await going.current.catch(() => {});
    const buttons = latest.current;
    if (!buttons) return revision();
    const sent = sendable(buttons);
    going.current = save.mutateAsync({ buttons: sent, revision: revision() });
    try {
      const saved = await going.current;
      // What was typed meanwhile, and answers that still want their file, stay here.
      if (latest.current === buttons && JSON.stringify(sent) === JSON.stringify(sendableShape(buttons))) {
        localStorage.removeItem(key);
        setLocal(null);
        latest.current = null;
      }
      setClash(null);
      return saved.draft.revision;
    } catch (error) {
      if (error instanceof ApiError && error.code === "menu_changed") setClash(error);
      throw error;
    } finally {
      going.current = null;
    }
  }, [save.mutateAsync, revision, key]);

  useEffect(() => {
    if (!local) return;
    localStorage.setItem(key, JSON.stringify(local));
    if (clash) return;
    const timer = setTimeout(() => void flush().catch(() => {}), pause);
    return () => clearTimeout(timer);
  }, [local, clash, flush, key]);

  const change = useCallback(
    (next: (buttons: MenuButton[]) => MenuButton[]) => {
      const kept = queryClient.getQueryData(menuQuery(account).queryKey)?.draft.buttons ?? [];
      latest.current = next(latest.current ?? kept);
      setLocal(latest.current);
    },
    [queryClient, account],
  );
  const takeTheirs = useCallback(() => {
    localStorage.removeItem(key);
    latest.current = null;
    setLocal(null);
    setClash(null);
    void queryClient.invalidateQueries({ queryKey: menuQuery(account).queryKey });
  }, [key, queryClient, account]);
  const keepMine = useCallback(async () => {
    await queryClient.refetchQueries({ queryKey: menuQuery(account).queryKey, exact: true });
    setClash(null);
  }, [queryClient, account]);

  return {
    buttons: local ?? view.draft.buttons,
    isUnsaved: local !== null,
    error: clash ? null : save.error,
    isSaving: save.isPending,
    clash,
    change,
    flush,
    takeTheirs,
    keepMine,
  };
}

/** The same without what is only here. */
function sendableShape(buttons: MenuButton[]): MenuButton[] {
  return buttons.map(({ answer, buttons: below, ...rest }) => ({
    ...rest,
    ...(answer ? { answer } : {}),
    ...(below?.length ? { buttons: sendableShape(below) } : {}),
  }));
}
