/** What the pages of broadcasts ask of the hub and tell it. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { Broadcast, BroadcastBody, BroadcastQuery, Id } from "@/api/types";
import { isOnItsWay } from "./shape";

const at = (broadcast: Id) => ({ params: { path: { broadcast } } });

export const broadcastsQuery = (filters: Omit<BroadcastQuery, "cursor" | "limit">) =>
  infiniteQueryOptions({
    queryKey: ["broadcasts", filters.account, filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/broadcasts", {
          params: { query: { ...filters, limit: 30, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(isOnItsWay)) ? 5_000 : false,
  });

export const broadcastQuery = (id: Id) =>
  queryOptions({
    queryKey: ["broadcast", id],
    queryFn: () => take(api.GET("/api/v1/broadcasts/{broadcast}", at(id))),
    staleTime: 5_000,
    // News may be lost; what is on its way is looked after until it has arrived.
    // Of a trial nobody is told who has written by now.
    refetchInterval: (query) => {
      const broadcast = query.state.data;
      if (broadcast?.state === "testing") return 5_000;
      return broadcast && isOnItsWay(broadcast) ? 2_000 : false;
    },
  });

export const allowanceQuery = (account: Id, month?: string) =>
  queryOptions({
    queryKey: ["broadcast-allowance", account, month ?? "now"],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/broadcast-allowance", {
          params: { path: { account }, query: { month } },
        }),
      ),
    staleTime: 15_000,
    placeholderData: keepPreviousData,
  });

/** What would happen; asked anew whenever the page is opened, for it may have become another. */
export const checkQuery = (id: Id, startsAt: number | undefined) =>
  queryOptions({
    queryKey: ["broadcast-check", id, startsAt ?? "now"],
    queryFn: () =>
      take(
        api.POST("/api/v1/broadcasts/{broadcast}/check", {
          ...at(id),
          body: startsAt === undefined ? {} : { at: startsAt },
        }),
      ),
    staleTime: 0,
    gcTime: 0,
  });

export const statsQuery = (id: Id) =>
  queryOptions({
    queryKey: ["broadcast-stats", id],
    queryFn: () => take(api.GET("/api/v1/broadcasts/{broadcast}/stats", at(id))),
    staleTime: 60_000,
  });

/** Asks WeChat for its numbers now, and not in the night. */
export function useFetchStats(id: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: () =>
      once(id, (headers) =>
        take(
          api.POST("/api/v1/broadcasts/{broadcast}/stats/fetch", {
            ...at(id),
            body: {},
            headers,
          }),
        ),
      ),
    onSuccess: (stats) => queryClient.setQueryData(statsQuery(id).queryKey, stats),
  });
}

/** Those of the account that can be said, the last changed first. */
export const articlesQuery = (account: Id, query: string) =>
  queryOptions({
    queryKey: ["articles", "to-send", account, query],
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET("/api/v1/articles", {
            params: { query: { account, query: query || undefined, limit: 8 } },
            signal,
          }),
        )
      ).items,
    staleTime: 10_000,
  });

export const articleQuery = (article: Id) =>
  queryOptions({
    queryKey: ["article", article],
    queryFn: () => take(api.GET("/api/v1/articles/{article}", { params: { path: { article } } })),
    staleTime: 5_000,
  });

/** Keeps what the hub answered; lists and the calendar are asked for again. */
function useKeep() {
  const queryClient = useQueryClient();
  return (broadcast: Broadcast) => {
    queryClient.setQueryData(broadcastQuery(broadcast.id).queryKey, (known) => ({
      ...broadcast,
      parts: broadcast.parts ?? known?.parts,
      variants: broadcast.variants ?? known?.variants,
    }));
    void queryClient.invalidateQueries({ queryKey: ["broadcasts"] });
    void queryClient.invalidateQueries({ queryKey: ["broadcast-allowance", broadcast.account_id] });
  };
}

export function useMake() {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: BroadcastBody) =>
      once(body, (headers) => take(api.POST("/api/v1/broadcasts", { body, headers }))),
    onSuccess: keep,
  });
}

export function useSave(id: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: BroadcastBody & { version: number }) =>
      take(api.PUT("/api/v1/broadcasts/{broadcast}", { ...at(id), body })),
    onSuccess: (saved) => {
      queryClient.setQueryData(broadcastQuery(id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ["broadcasts"] });
    },
  });
}

export const deleteBroadcast = (id: Id) => take(api.DELETE("/api/v1/broadcasts/{broadcast}", at(id)));

export function useStart(id: Id) {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { at?: number; fans: number }) =>
      once([id, body], (headers) =>
        take(api.POST("/api/v1/broadcasts/{broadcast}/start", { ...at(id), body, headers })),
      ),
    onSuccess: keep,
  });
}

export function useApprove(id: Id) {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: () =>
      once(id, (headers) =>
        take(
          api.POST("/api/v1/broadcasts/{broadcast}/approve", {
            ...at(id),
            body: {},
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function useStop(id: Id) {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: () =>
      once(id, (headers) =>
        take(api.POST("/api/v1/broadcasts/{broadcast}/stop", { ...at(id), body: {}, headers })),
      ),
    onSuccess: keep,
  });
}

export function useWithdraw(id: Id) {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (part_id: Id | undefined) =>
      once([id, part_id], (headers) =>
        take(
          api.POST("/api/v1/broadcasts/{broadcast}/withdraw", {
            ...at(id),
            body: part_id ? { part_id } : {},
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

/** What is to become of a part whose answer was lost. */
export function useDecide(id: Id) {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ part, way }: { part: Id; way: "leave" | "resend" }) => {
      const params = { params: { path: { broadcast: id, part } } };
      return once([id, part, way], (headers) =>
        way === "leave"
          ? take(
              api.POST("/api/v1/broadcasts/{broadcast}/parts/{part}/leave", {
                ...params,
                body: {},
                headers,
              }),
            )
          : take(
              api.POST("/api/v1/broadcasts/{broadcast}/parts/{part}/resend", {
                ...params,
                body: { may_arrive_twice: true },
                headers,
              }),
            ),
      );
    },
    onSuccess: keep,
  });
}

export function useWinner(id: Id) {
  const keep = useKeep();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (variant: number) =>
      once([id, variant], (headers) =>
        take(
          api.POST("/api/v1/broadcasts/{broadcast}/winner", {
            ...at(id),
            body: { variant },
            headers,
          }),
        ),
      ),
    onSuccess: keep,
  });
}

export function usePreview(id: Id) {
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { variant?: number; customer_id?: Id; openid?: string; wechat_id?: string }) =>
      once([id, body], (headers) =>
        take(api.POST("/api/v1/broadcasts/{broadcast}/preview", { ...at(id), body, headers })),
      ),
  });
}
