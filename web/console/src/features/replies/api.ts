/** What the replies pages ask of the hub and tell it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { Id, Rule, RuleBody, TestBody, Trigger } from "@/api/types";

export const rulesQuery = (account: Id) =>
  queryOptions({
    queryKey: ["replies", account],
    queryFn: async () =>
      (await take(api.GET("/api/v1/accounts/{account}/replies", { params: { path: { account } } }))).items,
    staleTime: 15_000,
  });

export const unmatchedQuery = (account: Id) =>
  infiniteQueryOptions({
    queryKey: ["unmatched", account],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/accounts/{account}/replies/unmatched", {
          params: { path: { account }, query: { cursor: pageParam ?? undefined, limit: 30 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const conflictsQuery = (account: Id, id: Id | undefined, trigger: Trigger) =>
  queryOptions({
    queryKey: ["conflicts", account, id ?? "", trigger],
    queryFn: async ({ signal }) =>
      (
        await take(
          api.POST("/api/v1/accounts/{account}/replies/conflicts", {
            params: { path: { account } },
            body: { id, trigger },
            signal,
          }),
        )
      ).items,
    staleTime: 5_000,
  });

export function useSaveRule(account: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ id, body }: { id: Id | null; body: RuleBody }) =>
      id === null
        ? once([account, body], (headers) =>
            take(
              api.POST("/api/v1/accounts/{account}/replies", {
                params: { path: { account } },
                body,
                headers,
              }),
            ),
          )
        : take(
            api.PUT("/api/v1/accounts/{account}/replies/{rule}", {
              params: { path: { account, rule: id } },
              body,
            }),
          ),
    onSuccess: (rule) => {
      queryClient.setQueryData(rulesQuery(account).queryKey, (rules: Rule[] | undefined) =>
        rules?.some((one) => one.id === rule.id)
          ? rules.map((one) => (one.id === rule.id ? rule : one))
          : [...(rules ?? []), rule],
      );
      void queryClient.invalidateQueries({ queryKey: ["replies", account] });
      void queryClient.invalidateQueries({ queryKey: ["unmatched", account] });
    },
  });
}

export function useSwitchRule(account: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: Id; enabled: boolean }) =>
      take(
        api.PATCH("/api/v1/accounts/{account}/replies/{rule}", {
          params: { path: { account, rule: id } },
          body: { enabled },
        }),
      ),
    onSuccess: (rule) =>
      queryClient.setQueryData(rulesQuery(account).queryKey, (rules: Rule[] | undefined) =>
        rules?.map((one) => (one.id === rule.id ? rule : one)),
      ),
  });
}

export function useOrderRules(account: Id) {
  const queryClient = useQueryClient();
  const key = rulesQuery(account).queryKey;
  return useMutation({
    mutationFn: (ids: Id[]) =>
      take(
        api.POST("/api/v1/accounts/{account}/replies/order", {
          params: { path: { account } },
          body: { ids },
        }),
      ),
    onMutate: (ids) => {
      // The row moves under the hand; the hub's answer only confirms it.
      queryClient.setQueryData(key, (rules: Rule[] | undefined) =>
        rules
          ?.map((rule) => ({
            ...rule,
            position: ids.includes(rule.id) ? ids.indexOf(rule.id) : rule.position,
          }))
          .sort((a, b) => a.position - b.position),
      );
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
}

export function deleteRule(account: Id, rule: Id) {
  return take(
    api.DELETE("/api/v1/accounts/{account}/replies/{rule}", { params: { path: { account, rule } } }),
  );
}

export function dismissUnmatched(account: Id, text: Id) {
  return take(
    api.DELETE("/api/v1/accounts/{account}/replies/unmatched/{text}", {
      params: { path: { account, text } },
    }),
  );
}

export function useTry(account: Id) {
  return useMutation({
    mutationFn: (body: TestBody) =>
      take(api.POST("/api/v1/accounts/{account}/replies/test", { params: { path: { account } }, body })),
  });
}
