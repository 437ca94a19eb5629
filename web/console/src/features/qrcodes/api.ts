/** What the pages about QR codes ask of the hub and tell it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { uploadFile } from "@/answers/api";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type { CodeBatchStart, CodeBody, CodePatch, CodeQuery, Id, Media } from "@/api/types";
import type { Stretch } from "./days";

export const codesQuery = (account: Id, query: Omit<CodeQuery, "limit" | "cursor">) =>
  infiniteQueryOptions({
    queryKey: ["qrcodes", account, "list", query],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/accounts/{account}/qrcodes", {
          params: { path: { account }, query: { ...query, cursor: pageParam ?? undefined, limit: 50 } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });

export const codeQuery = (account: Id, qrcode: Id) =>
  queryOptions({
    queryKey: ["qrcodes", account, "one", qrcode],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/qrcodes/{qrcode}", { params: { path: { account, qrcode } } })),
    staleTime: 5_000,
  });

export const codeStatsQuery = (account: Id, qrcode: Id, { from, to }: Stretch) =>
  queryOptions({
    queryKey: ["qrcodes", account, "stats", qrcode, from, to],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/qrcodes/{qrcode}/stats", {
          params: { path: { account, qrcode }, query: { from, to } },
        }),
      ),
    staleTime: 5_000,
  });

export const accountStatsQuery = (account: Id, { from, to }: Stretch) =>
  queryOptions({
    queryKey: ["qrcodes", account, "stats", "all", from, to],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/qrcode_stats", {
          params: { path: { account }, query: { from, to } },
        }),
      ),
    staleTime: 15_000,
  });

export const overviewQuery = (account: Id) =>
  queryOptions({
    queryKey: ["qrcodes", account, "overview"],
    queryFn: () =>
      take(api.GET("/api/v1/accounts/{account}/qrcode_overview", { params: { path: { account } } })),
    staleTime: 15_000,
  });

export const batchesQuery = (account: Id) =>
  queryOptions({
    queryKey: ["qrcodes", account, "batches"],
    queryFn: async () =>
      (
        await take(
          api.GET("/api/v1/accounts/{account}/qrcode_batches", {
            params: { path: { account }, query: { limit: 20 } },
          }),
        )
      ).items,
    staleTime: 5_000,
  });

export const batchQuery = (account: Id, batch: Id) =>
  queryOptions({
    queryKey: ["qrcode-batch", batch],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/qrcode_batches/{batch}", {
          params: { path: { account, batch } },
        }),
      ),
  });

export const picturesQuery = queryOptions({
  queryKey: ["media", "image"],
  queryFn: async () => (await take(api.GET("/api/v1/media", { params: { query: { kind: "image" } } }))).items,
  staleTime: 60_000,
});

export function useMakeCode(account: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: CodeBody) =>
      once([account, body], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/qrcodes", {
            params: { path: { account } },
            body,
            headers,
          }),
        ),
      ),
    onSuccess: (code) => {
      queryClient.setQueryData(codeQuery(account, code.id).queryKey, code);
      void queryClient.invalidateQueries({ queryKey: ["qrcodes", account] });
      void queryClient.invalidateQueries({ queryKey: ["tags"] });
    },
  });
}

export function useChangeCode(account: Id, qrcode: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: CodePatch) =>
      take(
        api.PATCH("/api/v1/accounts/{account}/qrcodes/{qrcode}", {
          params: { path: { account, qrcode } },
          body,
        }),
      ),
    onSuccess: (code) => {
      queryClient.setQueryData(codeQuery(account, qrcode).queryKey, code);
      void queryClient.invalidateQueries({ queryKey: ["qrcodes", account] });
      void queryClient.invalidateQueries({ queryKey: ["tags"] });
    },
  });
}

export function useRenewCode(account: Id, qrcode: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (days: number | undefined) =>
      once([account, qrcode, days], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/qrcodes/{qrcode}/make", {
            params: { path: { account, qrcode } },
            body: { days },
            headers,
          }),
        ),
      ),
    onSuccess: (code) => {
      queryClient.setQueryData(codeQuery(account, qrcode).queryKey, code);
      void queryClient.invalidateQueries({ queryKey: ["qrcodes", account] });
    },
  });
}

export function useReadTable(account: Id) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set("file", file, file.name);
      return once([account, file], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/qrcode_batches", {
            params: { path: { account } },
            body: form,
            headers,
          }),
        ),
      );
    },
    onSuccess: (batch) => {
      queryClient.setQueryData(batchQuery(account, batch.id).queryKey, batch);
      void queryClient.invalidateQueries({ queryKey: ["qrcodes", account, "batches"] });
    },
  });
}

export function useBatchActions(account: Id, batch: Id) {
  const queryClient = useQueryClient();
  const path = { account, batch };
  const key = batchQuery(account, batch).queryKey;
  const once = useKeptKey();
  const start = useMutation({
    mutationFn: (body: CodeBatchStart) =>
      once([path, body], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/qrcode_batches/{batch}/start", {
            params: { path },
            body,
            headers,
          }),
        ),
      ),
    onSuccess: (page) => {
      queryClient.setQueryData(key, page);
      void queryClient.invalidateQueries({ queryKey: ["qrcodes", account] });
      void queryClient.invalidateQueries({ queryKey: ["tags"] });
    },
  });
  const stop = useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/accounts/{account}/qrcode_batches/{batch}/stop", { params: { path } })),
    onSuccess: (page) => queryClient.setQueryData(key, page),
  });
  const forget = useMutation({
    mutationFn: () =>
      take(api.DELETE("/api/v1/accounts/{account}/qrcode_batches/{batch}", { params: { path } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["qrcodes", account, "batches"] }),
  });
  return { start, stop, forget };
}

export function useUploadPicture() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => uploadFile("image", file),
    onSuccess: (media) =>
      queryClient.setQueryData(picturesQuery.queryKey, (items: Media[] | undefined) => [
        media,
        ...(items ?? []).filter((one) => one.id !== media.id),
      ]),
  });
}

export const pictureOf = (account: Id, qrcode: Id, query: string) =>
  `/api/v1/accounts/${account}/qrcodes/${qrcode}/picture?${query}`;

export const zipOf = (account: Id, batch: Id, query: string) =>
  `/api/v1/accounts/${account}/qrcode_batches/${batch}/zip?${query}`;
