/** What the pages of sends ask of the hub and tell it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import { sendingQuery } from "@/api/queries";
import type { Gate, Id, Sending, SendsQuery } from "@/api/types";

export const sendsQuery = (filters: SendsQuery) =>
  infiniteQueryOptions({
    queryKey: ["sends", filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/sends", {
          params: { query: { ...filters, limit: 50, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const countsQuery = (filters: SendsQuery) =>
  queryOptions({
    queryKey: ["sends", "counts", filters],
    queryFn: ({ signal }) => take(api.GET("/api/v1/sends/counts", { params: { query: filters }, signal })),
  });

/** A change of what keeps messages back shows here, on home and on the lists. */
function useChanged() {
  const queryClient = useQueryClient();
  return () => {
    for (const key of ["sends", "sending", "home", "reach"]) {
      void queryClient.invalidateQueries({ queryKey: [key] });
    }
  };
}

function useTold() {
  const queryClient = useQueryClient();
  const changed = useChanged();
  return (sending: Sending) => {
    queryClient.setQueryData(sendingQuery.queryKey, sending);
    changed();
  };
}

export function useResume() {
  return useMutation({
    mutationFn: () => take(api.POST("/api/v1/sending/resume")),
    onSuccess: useTold(),
  });
}

export function useOpenGate() {
  return useMutation({
    mutationFn: (gate: Gate) =>
      take(
        api.POST("/api/v1/accounts/{account}/gates/open", {
          params: { path: { account: gate.account_id } },
          body: { service: gate.service },
        }),
      ),
    onSuccess: useTold(),
  });
}

export function useLeave() {
  return useMutation({
    mutationFn: (send: Id) => take(api.POST("/api/v1/sends/{send}/leave", { params: { path: { send } } })),
    onSettled: useChanged(),
  });
}

export function useResend() {
  const once = useKeptKey();
  return useMutation({
    mutationFn: (send: Id) =>
      once(send, (headers) =>
        take(
          api.POST("/api/v1/sends/{send}/resend", {
            params: { path: { send } },
            headers,
            body: { may_arrive_twice: true },
          }),
        ),
      ),
    onSettled: useChanged(),
  });
}
