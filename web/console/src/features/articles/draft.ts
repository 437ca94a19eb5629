/**
 * The articles of a draft while they are written: on this machine at every letter, at the hub a moment later. Nothing
 * is lost when the page is left, and nothing of somebody else's is overwritten unseen.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, isCode } from "@/api/client";
import type { Article, ArticleItem, Id } from "@/api/types";
import { articleQuery, useKeepArticle, useSaveArticle } from "./api";
import { bare, type Item, keyed } from "./items";

const pause = 900;
/** After a save that did not come through. */
const again = 8_000;

interface Kept {
  items: ArticleItem[];
  revision: number;
}
const keyOf = (id: Id) => `hy.draft.article.${id}`;

function read(id: Id): Kept | null {
  try {
    const kept = localStorage.getItem(keyOf(id));
    return kept ? (JSON.parse(kept) as Kept) : null;
  } catch {
    return null;
  }
}

export function forgetDraft(id: Id) {
  localStorage.removeItem(keyOf(id));
}

export function useArticleDraft(article: Article, mayWrite: boolean) {
  const { id } = article;
  const queryClient = useQueryClient();
  const save = useSaveArticle(id);
  const keep = useKeepArticle();
  const begin = useRef<Kept | null>(null);
  begin.current ??= (mayWrite ? read(id) : null) ?? { items: article.items, revision: article.revision };
  const [items, setItems] = useState<Item[]>(() => keyed(begin.current?.items ?? article.items));
  const [isUnsaved, setUnsaved] = useState(() => mayWrite && read(id) !== null);
  const [clash, setClash] = useState<ApiError | null>(null);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  // What the editors are made anew for: articles that came from elsewhere.
  const [edition, setEdition] = useState(0);
  const base = useRef(begin.current.revision);
  const latest = useRef(items);
  latest.current = items;
  const dirty = useRef(isUnsaved);
  const going = useRef<Promise<Article> | null>(null);

  const adopt = useCallback((given: Article) => {
    base.current = given.revision;
    dirty.current = false;
    forgetDraft(given.id);
    setUnsaved(false);
    setClash(null);
    setItems(keyed(given.items));
    setEdition((n) => n + 1);
  }, []);

  // Somebody else's change, or WeChat's, when nothing is being written here.
  useEffect(() => {
    if (!dirty.current && article.revision > base.current) adopt(article);
  }, [article, adopt]);

  /** Brings what is written to the hub; the article as it is there. */
  const flush = useCallback(async (): Promise<Article> => {
    while (going.current) await going.current.catch(() => {});
    const known = () => queryClient.getQueryData(articleQuery(id).queryKey) ?? article;
    if (!dirty.current) return known();
    const sent = latest.current;
    going.current = save.mutateAsync({ items: bare(sent), revision: base.current });
    try {
      const saved = await going.current;
      base.current = saved.revision;
      setSavedAt(Date.now());
      setClash(null);
      if (latest.current === sent) {
        dirty.current = false;
        forgetDraft(id);
        setUnsaved(false);
      }
      keep(saved);
      return saved;
    } catch (error) {
      if (isCode(error, "article_changed")) {
        setClash(error);
        // Theirs is shown beside mine, so it has to be what is there now.
        void queryClient.invalidateQueries({ queryKey: articleQuery(id).queryKey });
      }
      throw error;
    } finally {
      going.current = null;
    }
  }, [id, article, save.mutateAsync, queryClient, keep]);
  const flushNow = useRef(flush);
  flushNow.current = flush;

  const failed = !!save.error;
  useEffect(() => {
    if (!isUnsaved) return;
    localStorage.setItem(
      keyOf(id),
      JSON.stringify({ items: bare(items), revision: base.current } satisfies Kept),
    );
    if (clash) return;
    const timer = setTimeout(() => void flushNow.current().catch(() => {}), failed ? again : pause);
    return () => clearTimeout(timer);
  }, [items, isUnsaved, clash, id, failed]);

  // Leaving the page does not wait for the pause.
  useEffect(
    () => () => {
      if (dirty.current) void flushNow.current().catch(() => {});
    },
    [],
  );

  const change = useCallback((next: (items: Item[]) => Item[]) => {
    dirty.current = true;
    setUnsaved(true);
    setItems((now) => next(now));
  }, []);

  const takeTheirs = useCallback(async () => {
    const theirs = await queryClient.fetchQuery({ ...articleQuery(id), staleTime: 0 });
    adopt(theirs);
  }, [queryClient, id, adopt]);

  const keepMine = useCallback(async () => {
    const theirs = await queryClient.fetchQuery({ ...articleQuery(id), staleTime: 0 });
    base.current = theirs.revision;
    setClash(null);
  }, [queryClient, id]);

  return {
    items,
    edition,
    isUnsaved,
    isSaving: save.isPending,
    savedAt,
    error: clash || isCode(save.error, "article_busy") ? null : save.error,
    clash,
    change,
    flush,
    adopt,
    takeTheirs,
    keepMine,
  };
}
