/** Queries more than one feature needs. A feature's own queries and mutations stand in its folder. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, take } from "./client";
import type { Capability, Me } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => take(api.GET("/api/v1/session")),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: async () => (await take(api.GET("/api/v1/accounts"))).items,
  staleTime: 30_000,
});

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ["accounts", id],
    queryFn: () => take(api.GET("/api/v1/accounts/{account}", { params: { path: { account: id } } })),
    staleTime: 10_000,
  });

export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: async () => (await take(api.GET("/api/v1/tags"))).items,
  staleTime: 30_000,
});

/** How much waits in the inbox; the navigation shows it. */
export const inboxQuery = (account?: string) =>
  queryOptions({
    queryKey: ["inbox", account ?? "all"],
    queryFn: () => take(api.GET("/api/v1/inbox", { params: { query: { account } } })),
    staleTime: 10_000,
  });

/** What keeps messages from going out: the frame warns of a pause, the page of sends shows it all. */
export const sendingQuery = queryOptions({
  queryKey: ["sending"],
  queryFn: () => take(api.GET("/api/v1/sending")),
  staleTime: 10_000,
  refetchInterval: 60_000,
});

/** The signed-in person. Only used below the signed-in layout, where it is always present. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("used outside the signed-in layout");
  return data;
}

/** Whether the signed-in person may do this; a page without a session may do nothing. */
export function useCan(capability: Capability): boolean {
  const { data } = useQuery(meQuery);
  return data?.capabilities.includes(capability) ?? false;
}

export function useAccounts() {
  return useQuery(accountsQuery).data ?? [];
}
