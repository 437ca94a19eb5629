/** What the pages of articles ask of the hub and tell it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { Article, ArticleItem, ArticleQuery, Id, Publication } from "@/api/types";

const at = (article: Id) => ({ params: { path: { article } } });

export const articlesQuery = (filters: Omit<ArticleQuery, "limit" | "cursor">) =>
  infiniteQueryOptions({
    queryKey: ["articles", filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/articles", {
          params: { query: { ...filters, cursor: pageParam ?? undefined, limit: 40 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });

export const articleQuery = (article: Id) =>
  queryOptions({
    queryKey: ["article", article],
    queryFn: () => take(api.GET("/api/v1/articles/{article}", at(article))),
    staleTime: 5_000,
    // News may be lost; what is on its way is looked after until it has arrived.
    refetchInterval: (query) => (isOnItsWay(query.state.data) ? 1_500 : false),
  });

const goingOut = ["waiting", "submitting", "publishing"];
function isOnItsWay(article: Article | undefined) {
  return !!article && (article.wish !== null || goingOut.includes(article.publication?.state ?? ""));
}

export const publicationsQuery = (account: Id) =>
  infiniteQueryOptions({
    queryKey: ["publications", account],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/publications", {
          params: { query: { account, cursor: pageParam ?? undefined, limit: 40 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some((one) => goingOut.includes(one.state)))
        ? 2_000
        : false,
  });

export const syncQuery = (account: Id) =>
  queryOptions({
    queryKey: ["article-sync", account],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/articles/sync", { params: { path: { account } } })),
    staleTime: 5_000,
    refetchInterval: (query) => (query.state.data?.state === "running" ? 1_000 : false),
  });

/** Counted by WeChat at each look, so not too often. */
export const budgetQuery = (account: Id) =>
  queryOptions({
    queryKey: ["material-budget", account],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/material_budget", { params: { path: { account } } })),
    staleTime: 10 * 60_000,
    retry: false,
  });

/** Keeps what the hub answered; lists are asked for again. */
export function useKeepArticle() {
  const queryClient = useQueryClient();
  return useCallback(
    (article: Article) => {
      queryClient.setQueryData(articleQuery(article.id).queryKey, article);
      void queryClient.invalidateQueries({ queryKey: ["articles"] });
    },
    [queryClient],
  );
}

export function useMakeArticle() {
  const keep = useKeepArticle();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { account_id: Id; items: ArticleItem[] }) =>
      once(body, (headers) => take(api.POST("/api/v1/articles", { body, headers }))),
    onSuccess: keep,
  });
}

export function useSaveArticle(article: Id) {
  return useMutation({
    mutationFn: (body: { items: ArticleItem[]; revision: number }) =>
      take(api.PUT("/api/v1/articles/{article}", { ...at(article), body })),
  });
}

export function useDeleteArticle() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, at_wechat }: { id: Id; at_wechat: boolean }) =>
      take(
        api.DELETE("/api/v1/articles/{article}", {
          params: { path: { article: id }, query: at_wechat ? { at_wechat } : {} },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["articles"] }),
  });
}

/** Asks until the hub's job has ended; the article as it then is. */
export function useSettled(article: Id) {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    for (let wait = 250; ; wait = Math.min(2_000, wait * 1.5)) {
      await new Promise((done) => setTimeout(done, wait));
      const now = await queryClient.fetchQuery({ ...articleQuery(article), staleTime: 0 });
      if (now.wish === null) return now;
    }
  }, [queryClient, article]);
}

/** Whatever came of it, how the article stands is asked for anew. */
function useAct<Body>(article: Id, act: (body: Body) => Promise<Article>) {
  const queryClient = useQueryClient();
  const keep = useKeepArticle();
  return useMutation({
    mutationFn: act,
    onSuccess: keep,
    onError: () => queryClient.invalidateQueries({ queryKey: articleQuery(article).queryKey }),
  });
}

export const usePush = (article: Id) =>
  useAct<void>(article, () => take(api.POST("/api/v1/articles/{article}/push", at(article))));

export const useResolve = (article: Id) =>
  useAct<"ours" | "theirs">(article, (side) =>
    take(api.POST("/api/v1/articles/{article}/resolve", { ...at(article), body: { take: side } })),
  );

/** Tried again after an answer that did not come, it is the same wish. */
export function usePublish(article: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: () =>
      once(article, (headers) =>
        take(api.POST("/api/v1/articles/{article}/publish", { ...at(article), headers })),
      ),
    onSettled: () =>
      Promise.all(outKeys(article).map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
}

const outKeys = (article: Id | null) => [
  ...(article ? [articleQuery(article).queryKey] : []),
  ["articles"],
  ["publications"],
];

export function useUnpublish(publication: Pick<Publication, "id" | "article_id">) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (idx: number | undefined) =>
      take(
        api.DELETE("/api/v1/publications/{publication}", {
          params: { path: { publication: publication.id }, query: idx ? { idx } : {} },
        }),
      ),
    onSettled: () =>
      Promise.all(
        outKeys(publication.article_id).map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      ),
  });
}

export function usePreview(article: Id) {
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { customer_id?: Id; wechat_id?: string }) =>
      once([article, body], (headers) =>
        take(api.POST("/api/v1/articles/{article}/preview", { ...at(article), body, headers })),
      ),
  });
}

export function useCopyArticle(article: Id) {
  const keep = useKeepArticle();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (account_id: Id) =>
      once([article, account_id], (headers) =>
        take(
          api.POST("/api/v1/articles/{article}/copy", {
            ...at(article),
            body: { account_id },
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function useSync(account: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/accounts/{account}/articles/sync", { params: { path: { account } } })),
    onSuccess: (sync) => queryClient.setQueryData(syncQuery(account).queryKey, sync),
  });
}

// Comments of what is out

/** As many as WeChat gives at once. */
const some = 49;

export const commentsQuery = (publication: Id, idx: number, elected: boolean) =>
  infiniteQueryOptions({
    queryKey: ["article-comments", publication, idx, elected],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/publications/{publication}/comments", {
          params: {
            path: { publication },
            query: { idx, begin: pageParam, ...(elected ? { elected } : {}) },
          },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => {
      const seen = pages.length * some;
      return page.items.length > 0 && seen < page.total ? seen : null;
    },
  });

export function useCommentActs(publication: Id, idx: number) {
  const queryClient = useQueryClient();
  const again = () => queryClient.invalidateQueries({ queryKey: ["article-comments", publication, idx] });
  const one = (comment: string) => ({ params: { path: { publication, comment } } });
  const open = useMutation({
    mutationFn: (on: boolean) =>
      take(
        api.PUT("/api/v1/publications/{publication}/comments/switch", {
          params: { path: { publication } },
          body: { idx, open: on },
        }),
      ),
    onSettled: again,
  });
  const elect = useMutation({
    mutationFn: ({ comment, elected }: { comment: string; elected: boolean }) =>
      take(
        api.PUT("/api/v1/publications/{publication}/comments/{comment}/elected", {
          ...one(comment),
          body: { idx, elected },
        }),
      ),
    onSettled: again,
  });
  const reply = useMutation({
    mutationFn: ({ comment, text }: { comment: string; text: string | null }) =>
      text === null
        ? take(
            api.DELETE("/api/v1/publications/{publication}/comments/{comment}/reply", {
              params: { path: { publication, comment }, query: { idx } },
            }),
          )
        : take(
            api.PUT("/api/v1/publications/{publication}/comments/{comment}/reply", {
              ...one(comment),
              body: { idx, text },
            }),
          ),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (comment: string) =>
      take(
        api.DELETE("/api/v1/publications/{publication}/comments/{comment}", {
          params: { path: { publication, comment }, query: { idx } },
        }),
      ),
    onSettled: again,
  });
  return { open, elect, reply, remove };
}
