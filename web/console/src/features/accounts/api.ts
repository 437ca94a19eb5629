/** What the accounts pages ask of the hub and tell it. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import { accountQuery } from "@/api/queries";
import type { Account, AccountPatch, Binding, DirectBinding, Import } from "@/api/types";

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["import", id],
    queryFn: () => take(api.GET("/api/v1/accounts/{account}/import", { params: { path: { account: id } } })),
    // News comes by the stream; asking now and then covers a stream that is down.
    refetchInterval: (query) => (isImporting(query.state.data) ? 5_000 : false),
  });

export function isImporting(progress: Import | null | undefined) {
  return progress?.state === "listing" || progress?.state === "running";
}

/** The address to scan at is given once; later answers and news come without it. */
const addresses = new Map<string, string>();
export function addressOf(binding: Binding): string | null {
  if (binding.url) addresses.set(binding.id, binding.url);
  return addresses.get(binding.id) ?? null;
}

export const bindingQuery = (id: string) =>
  queryOptions({
    queryKey: ["binding", id],
    queryFn: () => take(api.GET("/api/v1/bindings/{binding}", { params: { path: { binding: id } } })),
    refetchInterval: (query) =>
      ["waiting", "granted", "importing"].includes(query.state.data?.state ?? "") ? 4_000 : false,
  });

export const platformQuery = queryOptions({
  queryKey: ["platform"],
  queryFn: () => take(api.GET("/api/v1/platform")),
  staleTime: 60_000,
});

export const deletionQuery = (id: string) =>
  queryOptions({
    queryKey: ["deletion", id],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/deletion", { params: { path: { account: id } } })),
    staleTime: 0,
  });

export const heldQuery = (id: string) =>
  queryOptions({
    // Below the account, so that news of the account is news of what it holds.
    queryKey: ["accounts", id, "held"],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/held_sends", { params: { path: { account: id } } })),
  });

export const wechatTagsQuery = (id: string) =>
  queryOptions({
    queryKey: ["wechat-tags", id],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/wechat_tags", { params: { path: { account: id } } })),
    refetchInterval: (query) => (query.state.data?.state === "running" ? 2_000 : false),
  });

function useKeepAccount() {
  const queryClient = useQueryClient();
  return (account: Account) => {
    queryClient.setQueryData(accountQuery(account.id).queryKey, account);
    void queryClient.invalidateQueries({ queryKey: ["accounts"], exact: true });
  };
}

export function useStartBinding() {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: () => once(null, (headers) => take(api.POST("/api/v1/bindings", { headers }))),
    onSuccess: (binding) => queryClient.setQueryData(bindingQuery(binding.id).queryKey, binding),
  });
}

export function useBindDirect() {
  const keep = useKeepAccount();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: DirectBinding) =>
      once(body, (headers) => take(api.POST("/api/v1/accounts", { body, headers }))),
    onSuccess: keep,
  });
}

export function useChangeAccount(id: string) {
  const keep = useKeepAccount();
  return useMutation({
    mutationFn: (body: AccountPatch) =>
      take(api.PATCH("/api/v1/accounts/{account}", { params: { path: { account: id } }, body })),
    onSuccess: keep,
  });
}

export function useUnbind(id: string) {
  const keep = useKeepAccount();
  return useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/accounts/{account}/unbind", { params: { path: { account: id } } })),
    onSuccess: keep,
  });
}

export function useRebind(id: string) {
  const keep = useKeepAccount();
  return useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/accounts/{account}/rebind", { params: { path: { account: id } } })),
    onSuccess: keep,
  });
}

/** A person's word on what is held (P8). */
export function useDecideHeld(id: string) {
  const queryClient = useQueryClient();
  const params = { params: { path: { account: id } } };
  return useMutation({
    mutationFn: (what: "release" | "cancel") =>
      what === "release"
        ? take(api.POST("/api/v1/accounts/{account}/held_sends/release", params))
        : take(api.POST("/api/v1/accounts/{account}/held_sends/cancel", params)),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: heldQuery(id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ["home"] });
    },
  });
}

export function useDeleteAccount(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (confirm: string) =>
      take(
        api.DELETE("/api/v1/accounts/{account}", { params: { path: { account: id }, query: { confirm } } }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["accounts"], exact: true }),
  });
}

export function useImportActions(id: string) {
  const queryClient = useQueryClient();
  const keep = (progress: Import) => queryClient.setQueryData(importQuery(id).queryKey, progress);
  const params = { params: { path: { account: id } } };
  return {
    start: useMutation({
      mutationFn: () => take(api.POST("/api/v1/accounts/{account}/import", params)),
      onSuccess: keep,
    }),
    pause: useMutation({
      mutationFn: () => take(api.POST("/api/v1/accounts/{account}/import/pause", params)),
      onSuccess: keep,
    }),
    resume: useMutation({
      mutationFn: () => take(api.POST("/api/v1/accounts/{account}/import/resume", params)),
      onSuccess: keep,
    }),
  };
}

export function useCheck(id: string) {
  return useMutation({
    mutationFn: async () =>
      (await take(api.POST("/api/v1/accounts/{account}/check", { params: { path: { account: id } } }))).items,
  });
}

export function useSyncTags(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/accounts/{account}/wechat_tags/sync", { params: { path: { account: id } } })),
    onSuccess: (answer) => queryClient.setQueryData(wechatTagsQuery(id).queryKey, answer),
  });
}
