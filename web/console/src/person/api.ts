/** What is asked of the hub about one person, and told it, wherever they are shown. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { Customer, CustomerPatch, Id, TagBody } from "@/api/types";

export const customerQuery = (id: Id) =>
  queryOptions({
    queryKey: ["customer", id],
    queryFn: () => take(api.GET("/api/v1/customers/{customer}", { params: { path: { customer: id } } })),
  });

/** Those who follow the account, by name; without words, some of them. */
export const fansQuery = (account: Id, query: string) =>
  queryOptions({
    queryKey: ["customers", "fans", account, query],
    queryFn: async ({ signal }) =>
      (
        await take(
          api.GET("/api/v1/customers", {
            params: { query: { query: query || undefined, account, status: "following", limit: 12 } },
            signal,
          }),
        )
      ).items,
    staleTime: 30_000,
  });

export const timelineQuery = (id: Id, filter: { channel?: string; kind?: string }) =>
  infiniteQueryOptions({
    queryKey: ["timeline", id, filter],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/customers/{customer}/timeline", {
          params: { path: { customer: id }, query: { ...filter, limit: 50, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** Whether one can be spoken to. It changes by itself as windows end, which the page counts down. */
export const reachQuery = (id: Id) =>
  queryOptions({
    queryKey: ["reach", id],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/customers/{customer}/reach", { params: { path: { customer: id } }, signal })),
  });

export function useChangeCustomer(id: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: CustomerPatch) =>
      take(api.PATCH("/api/v1/customers/{customer}", { params: { path: { customer: id } }, body })),
    onSuccess: (customer: Customer) => {
      queryClient.setQueryData(customerQuery(id).queryKey, customer);
      void queryClient.invalidateQueries({ queryKey: ["customers"] });
      void queryClient.invalidateQueries({ queryKey: ["timeline", id] });
    },
  });
}

export function setTag(customer: Id, tag: Id, on: boolean) {
  const params = { params: { path: { customer, tag } } };
  return on
    ? take(api.PUT("/api/v1/customers/{customer}/tags/{tag}", params))
    : take(api.DELETE("/api/v1/customers/{customer}/tags/{tag}", params));
}

export function useSetTag(id: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ tag, on }: { tag: Id; on: boolean }) => setTag(id, tag, on),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["customer", id] });
      void queryClient.invalidateQueries({ queryKey: ["timeline", id] });
      void queryClient.invalidateQueries({ queryKey: ["customers"] });
      void queryClient.invalidateQueries({ queryKey: ["tags"] });
    },
  });
}

export function useMakeTag() {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: TagBody) => once(body, (headers) => take(api.POST("/api/v1/tags", { body, headers }))),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["tags"] }),
  });
}
