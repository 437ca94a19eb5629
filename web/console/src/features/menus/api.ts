/** What the menu page asks of the hub and tells it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { Id, MenuButton, MenuView, PhonePlatform, WechatMaterialKind } from "@/api/types";
import { ownPicture } from "@/ui/kit";

const at = (account: Id) => ({ params: { path: { account } } });

export const menuQuery = (account: Id) =>
  queryOptions({
    queryKey: ["menu", account],
    queryFn: () => take(api.GET("/api/v1/accounts/{account}/menu", at(account))),
    staleTime: 10_000,
    // News may be lost; what is on its way is looked after until it has arrived.
    refetchInterval: (query) => (isOnItsWay(query.state.data) ? 1_000 : false),
  });

function isOnItsWay(view: MenuView | undefined) {
  return (
    !!view &&
    (view.publishing !== null ||
      view.conditional.some((one) => one.state === "adding" || one.state === "removing"))
  );
}

export const versionsQuery = (account: Id) =>
  infiniteQueryOptions({
    queryKey: ["menu", account, "versions"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/accounts/{account}/menu/versions", {
          params: { path: { account }, query: { cursor: pageParam ?? undefined, limit: 20 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const tapsQuery = (account: Id, from: string, to: string) =>
  queryOptions({
    queryKey: ["menu", account, "taps", from, to],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/menu/taps", {
          params: { path: { account }, query: { from, to } },
        }),
      ),
    staleTime: 15_000,
    refetchInterval: 30_000,
  });

export const wechatTagsQuery = (account: Id) =>
  queryOptions({
    queryKey: ["wechat-tags", account],
    queryFn: () => take(api.GET("/api/v1/accounts/{account}/wechat_tags", at(account))),
    staleTime: 30_000,
  });

/** Keeps what the hub answered; history and numbers are asked for again. */
function useKeep(account: Id) {
  const queryClient = useQueryClient();
  return (view: MenuView) => {
    queryClient.setQueryData(menuQuery(account).queryKey, view);
    void queryClient.invalidateQueries({ queryKey: versionsQuery(account).queryKey });
  };
}

export function useSaveDraft(account: Id) {
  const keep = useKeep(account);
  return useMutation({
    mutationFn: (body: { buttons: MenuButton[]; revision: number }) =>
      take(api.PUT("/api/v1/accounts/{account}/menu", { ...at(account), body })),
    onSuccess: keep,
  });
}

export function usePublish(account: Id) {
  const keep = useKeep(account);
  const once = useKeptKey();
  return useMutation({
    mutationFn: (revision: number) =>
      once([account, revision], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/menu/publish", {
            ...at(account),
            body: { revision },
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function useImport(account: Id) {
  const keep = useKeep(account);
  const once = useKeptKey();
  return useMutation({
    mutationFn: (into_draft: boolean) =>
      once([account, into_draft], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/menu/import", {
            ...at(account),
            body: { into_draft },
            headers,
          }),
        ),
      ),
    onSuccess: ({ menu }) => keep(menu),
  });
}

export function useRollback(account: Id) {
  const keep = useKeep(account);
  const once = useKeptKey();
  return useMutation({
    mutationFn: (version_id: Id) =>
      once([account, version_id], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/menu/rollback", {
            ...at(account),
            body: { version_id },
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function useDeleteMenu(account: Id) {
  const keep = useKeep(account);
  return useMutation({
    mutationFn: () => take(api.DELETE("/api/v1/accounts/{account}/menu", at(account))),
    onSuccess: keep,
  });
}

export function useSchedule(account: Id) {
  const keep = useKeep(account);
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { version_id?: Id; starts_at: number; ends_at?: number; daily?: boolean }) =>
      once([account, body], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/menu/schedule", {
            ...at(account),
            body,
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function useCancelSchedule(account: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (schedule: Id) =>
      take(
        api.DELETE("/api/v1/accounts/{account}/menu/schedules/{schedule}", {
          params: { path: { account, schedule } },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: menuQuery(account).queryKey });
      void queryClient.invalidateQueries({ queryKey: ["home"] });
    },
  });
}

export function useAddConditional(account: Id) {
  const keep = useKeep(account);
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: {
      name: string;
      buttons: MenuButton[];
      wechat_tag_id?: number;
      platform?: PhonePlatform;
    }) =>
      once([account, body], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/menu/conditional", {
            ...at(account),
            body,
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function useRemoveConditional(account: Id) {
  const keep = useKeep(account);
  return useMutation({
    mutationFn: (menu: Id) =>
      take(
        api.DELETE("/api/v1/accounts/{account}/menu/conditional/{menu}", {
          params: { path: { account, menu } },
        }),
      ),
    onSuccess: keep,
  });
}

export function useSeeAs(account: Id) {
  return useMutation({
    mutationFn: (customer_id: Id) =>
      take(api.POST("/api/v1/accounts/{account}/menu/see_as", { ...at(account), body: { customer_id } })),
  });
}

/** Which file of the library a button shows; null when it was not handed up from here. */
export const materialQuery = (account: Id, material: string) =>
  queryOptions({
    queryKey: ["menu", account, "material", material],
    queryFn: async () => {
      const found = await take(
        api.GET("/api/v1/accounts/{account}/menu/materials", {
          params: { path: { account }, query: { material } },
        }),
      );
      return found.items[0] ?? null;
    },
    staleTime: 60_000,
  });

/** What WeChat has, also what was put there elsewhere: asked of WeChat at each look, so not too often. */
export const atWechatQuery = (account: Id, kind: WechatMaterialKind) =>
  infiniteQueryOptions({
    queryKey: ["wechat-materials", account, kind],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/accounts/{account}/menu/materials/at_wechat", {
          params: { path: { account }, query: { kind, ...(pageParam ? { offset: pageParam } : {}) } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next_offset,
    staleTime: 5 * 60_000,
  });

/** A file of the library becomes permanent material of the account, unless it is already. */
export function useMaterial(account: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (media_id: Id) =>
      once([account, media_id], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/menu/materials", {
            ...at(account),
            body: { media_id },
            headers,
          }),
        ),
      ),
    onSuccess: (made) => {
      queryClient.setQueryData(materialQuery(account, made.material).queryKey, made);
      void queryClient.invalidateQueries({ queryKey: ["wechat-materials", account] });
    },
  });
}

/** What is out on WeChat's pages, newest first. */
export const publishedQuery = (account: Id) =>
  infiniteQueryOptions({
    queryKey: ["publications", account, "menu"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/publications", {
          params: { query: { account, cursor: pageParam ?? undefined, limit: 100 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
  });

export const writtenQuery = (article: Id) =>
  queryOptions({
    queryKey: ["article", article],
    queryFn: () => take(api.GET("/api/v1/articles/{article}", { params: { path: { article } } })),
    staleTime: 10_000,
  });

/** The covers of what was written here lately, by article. */
export const coversQuery = (account: Id) =>
  queryOptions({
    queryKey: ["articles", "covers", account],
    queryFn: async () => {
      const { items } = await take(
        api.GET("/api/v1/articles", { params: { query: { account, limit: 100 } } }),
      );
      return new Map(items.map((one) => [one.id, coverOf(one.cover_media_id, one.cover_url)]));
    },
    staleTime: 10_000,
  });

export const coverOf = (media: Id | null | undefined, url: string | undefined) =>
  media ? `/api/v1/media/${media}/file` : ownPicture(url);
