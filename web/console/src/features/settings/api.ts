/** What the settings pages ask of the hub and tell it. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, setCsrfToken, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import { meQuery } from "@/api/queries";
import type { Capability, Language, ReachSettings, Role, TagBody, Tenant } from "@/api/types";

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async () => (await take(api.GET("/api/v1/people"))).items,
});
export const keysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: async () => (await take(api.GET("/api/v1/api_keys"))).items,
});
export const tenantQuery = queryOptions({
  queryKey: ["tenant"],
  queryFn: () => take(api.GET("/api/v1/tenant")),
});
export const platformQuery = queryOptions({
  queryKey: ["platform"],
  queryFn: () => take(api.GET("/api/v1/platform")),
  refetchInterval: 30_000,
});

export function useChangeMe() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { name?: string; language?: Language; time_zone?: string }) =>
      take(api.PATCH("/api/v1/session", { body })),
    onSuccess: (me) => {
      setCsrfToken(me.csrf_token);
      queryClient.setQueryData(meQuery.queryKey, me);
    },
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current: string; new: string }) =>
      take(api.PUT("/api/v1/session/password", { body })),
  });
}

function useRefresh(...key: string[]) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: key });
}

export function useAddPerson() {
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { name: string; email: string; role: Role; password: string }) =>
      once(body, (headers) => take(api.POST("/api/v1/people", { body, headers }))),
    onSuccess: useRefresh("people"),
  });
}

export function useChangePerson() {
  return useMutation({
    mutationFn: ({
      id,
      ...body
    }: {
      id: string;
      name?: string;
      role?: Role;
      disabled?: boolean;
      password?: string;
    }) => take(api.PATCH("/api/v1/people/{person}", { params: { path: { person: id } }, body })),
    onSuccess: useRefresh("people"),
  });
}

export function useRemovePerson() {
  return useMutation({
    mutationFn: (id: string) =>
      take(api.DELETE("/api/v1/people/{person}", { params: { path: { person: id } } })),
    onSuccess: useRefresh("people"),
  });
}

export function useAddKey() {
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: { name: string; scopes: Capability[] }) =>
      once(body, (headers) => take(api.POST("/api/v1/api_keys", { body, headers }))),
    onSuccess: useRefresh("api-keys"),
  });
}

export function useRemoveKey() {
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/v1/api_keys/{key}", { params: { path: { key: id } } })),
    onSuccess: useRefresh("api-keys"),
  });
}

export function useSaveTag() {
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ id, body }: { id: string | null; body: TagBody }) =>
      id === null
        ? once(body, (headers) => take(api.POST("/api/v1/tags", { body, headers })))
        : take(api.PATCH("/api/v1/tags/{tag}", { params: { path: { tag: id } }, body })),
    onSuccess: useRefresh("tags"),
  });
}

export function useRemoveTag() {
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/v1/tags/{tag}", { params: { path: { tag: id } } })),
    onSuccess: useRefresh("tags"),
  });
}

export function useChangeTenant() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<Tenant>) => take(api.PATCH("/api/v1/tenant", { body })),
    onSuccess: (tenant) => {
      queryClient.setQueryData(tenantQuery.queryKey, tenant);
      void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      void queryClient.invalidateQueries({ queryKey: ["home"] });
    },
  });
}

export const reachSettingsQuery = queryOptions({
  queryKey: ["reach-settings"],
  queryFn: () => take(api.GET("/api/v1/reach_settings")),
});

export function useChangeReachSettings() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ReachSettings) => take(api.PUT("/api/v1/reach_settings", { body })),
    onSuccess: (settings) => {
      queryClient.setQueryData(reachSettingsQuery.queryKey, settings);
      void queryClient.invalidateQueries({ queryKey: ["reach"] });
    },
  });
}
