/** What the customers pages ask of the hub and tell it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { CustomerQuery, Id, OptOutWay, SendLine, SendState } from "@/api/types";
import { setTag } from "@/person/api";

export type CustomerFilters = Omit<CustomerQuery, "cursor" | "limit">;

export const customersQuery = (filters: CustomerFilters) =>
  infiniteQueryOptions({
    queryKey: ["customers", filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/customers", {
          params: { query: { ...filters, limit: 50, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** Says something. Tried again after an answer that did not come, it is the same message and reaches them once (P4). */
export function useSay(id: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ account, text }: { account: Id; text: string }) =>
      once([id, account, text], (headers) =>
        take(
          api.POST("/api/v1/customers/{customer}/messages", {
            params: { path: { customer: id } },
            headers,
            body: { account_id: account, content: { type: "text", text } },
          }),
        ),
      ),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["reach", id] });
      void queryClient.invalidateQueries({ queryKey: ["timeline", id] });
      void queryClient.invalidateQueries({ queryKey: ["sends", "of", id] });
    },
  });
}

/** What is said with them, by account and fan. */
export const chatsQuery = (id: Id) =>
  queryOptions({
    queryKey: ["conversations", { customer: id }],
    queryFn: async () =>
      (await take(api.GET("/api/v1/conversations", { params: { query: { customer: id, state: "all" } } })))
        .items,
  });

const underWay = new Set<SendState>(["queued", "held", "sending", "retrying"]);
export const isUnderWay = (send: SendLine) => underWay.has(send.state);
/** WeChat reports on a template message within seconds; later than this nobody waits for it. */
const reportsWithinMs = 2 * 60_000;

/** What was last sent to them, with what WeChat reported. Asked again while something is still to be heard of it. */
export const sentQuery = (id: Id) =>
  queryOptions({
    queryKey: ["sends", "of", id],
    queryFn: async ({ signal }) =>
      (await take(api.GET("/api/v1/sends", { params: { query: { customer: id, limit: 50 } }, signal })))
        .items,
    refetchInterval: ({ state }) => {
      const waits = state.data?.some(
        (send) =>
          isUnderWay(send) ||
          (send.service !== "custom" &&
            send.state === "sent" &&
            send.delivery === null &&
            Date.now() - (send.settled_at ?? 0) < reportsWithinMs),
      );
      return waits ? 3_000 : false;
    },
  });

/** Tags many customers, a few at a time; the answer says how many went through. */
export function useBulkTag() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ customers, tag, on }: { customers: Id[]; tag: Id; on: boolean }) => {
      let done = 0;
      let failure: unknown = null;
      const waiting = [...customers];
      const worker = async () => {
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
          try {
            await setTag(id, tag, on);
            done += 1;
          } catch (error) {
            failure = error;
          }
        }
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      if (done === 0 && failure) throw failure;
      return { done, failed: customers.length - done };
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["customers"] });
      void queryClient.invalidateQueries({ queryKey: ["tags"] });
    },
  });
}

export const optOutsQuery = (id: Id) =>
  queryOptions({
    queryKey: ["opt-outs", id],
    queryFn: ({ signal }) =>
      take(api.GET("/api/v1/customers/{customer}/opt_outs", { params: { path: { customer: id } }, signal })),
  });

/** Notes that they do not want it, or that they do again. */
export function useOptOut(id: Id) {
  const queryClient = useQueryClient();
  const params = { path: { customer: id } };
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ way, out }: { way: OptOutWay; out: boolean }) =>
      out
        ? once([id, way], (headers) =>
            take(
              api.POST("/api/v1/customers/{customer}/opt_outs", {
                params,
                headers,
                body: { way },
              }),
            ),
          )
        : take(api.POST("/api/v1/customers/{customer}/opt_outs/withdraw", { params, body: { way } })),
    onSuccess: (all) => queryClient.setQueryData(optOutsQuery(id).queryKey, all),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["reach", id] });
      void queryClient.invalidateQueries({ queryKey: ["timeline", id] });
    },
  });
}

/** WeChat's blacklist of an account. */
export function useBlock(id: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ account, openid, on }: { account: Id; openid: string; on: boolean }) => {
      const params = { params: { path: { account, openid } } };
      return on
        ? take(api.PUT("/api/v1/accounts/{account}/blacklist/{openid}", params))
        : take(api.DELETE("/api/v1/accounts/{account}/blacklist/{openid}", params));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["reach", id] }),
  });
}
