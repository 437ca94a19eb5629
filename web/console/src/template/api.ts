/** What is asked of the hub about an account's templates, and told it of a message by one of them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { Id, NewTemplateMessage } from "@/api/types";

export const libraryQuery = (account: Id) =>
  queryOptions({
    queryKey: ["templates", account],
    queryFn: () => take(api.GET("/api/v1/accounts/{account}/templates", { params: { path: { account } } })),
    staleTime: 10_000,
  });

/** Says it to one. Tried again after an answer that did not come, it is the same message and reaches them once (P4). */
export function useSendOne() {
  const client = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: NewTemplateMessage) =>
      once(body, (headers) => take(api.POST("/api/v1/template-messages", { headers, body }))),
    onSettled: (_, __, { customer_id }) => {
      for (const key of [
        ["timeline", customer_id],
        ["sends"],
        ["reach", customer_id],
        ["conversation-lines"],
        ["conversations"],
      ])
        void client.invalidateQueries({ queryKey: key });
    },
  });
}
