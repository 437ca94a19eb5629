/** Files for answers and articles: what the hub keeps, and what still needs them. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { keptKeys } from "@/api/keptKey";
import type { Id, MediaKind, MediaQuery, MediaUses } from "@/api/types";

export const mediaPath = (id: Id) => `/api/v1/media/${id}`;

export const mediaQuery = (filters: Omit<MediaQuery, "limit" | "cursor">) =>
  infiniteQueryOptions({
    queryKey: ["media", "list", filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/media", {
          params: { query: { ...filters, cursor: pageParam ?? undefined, limit: 60 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });

export const foldersQuery = queryOptions({
  queryKey: ["media", "folders"],
  queryFn: async () => (await take(api.GET("/api/v1/media/folders"))).items,
  staleTime: 15_000,
});

export function useUpload(kind: MediaKind) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => uploadFile(kind, file),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["media"] }),
  });
}

/** One place for all pages: a file that was lost on one and is picked on another is the same one. */
const once = keptKeys();

export function uploadFile(kind: MediaKind, file: File, folder?: string) {
  const form = new FormData();
  form.set("kind", kind);
  if (folder) form.set("folder", folder);
  form.set("file", file, file.name);
  return once([kind, folder, file], (headers) => take(api.POST("/api/v1/media", { body: form, headers })));
}

/** Asked right before deleting: what was true a minute ago is no reason. */
export function mediaUses(media: Id) {
  return take(api.GET("/api/v1/media/{media}/uses", { params: { path: { media } } }));
}

export const isUsed = (uses: MediaUses) =>
  uses.rules.length +
    uses.menus.length +
    uses.codes.length +
    uses.articles.length +
    uses.broadcasts.length +
    uses.waiting >
  0;

export function deleteMedia(media: Id) {
  return take(api.DELETE("/api/v1/media/{media}", { params: { path: { media } } }));
}

export const usesQuery = (media: Id) =>
  queryOptions({
    queryKey: ["media", "uses", media],
    queryFn: () => mediaUses(media),
    staleTime: 5_000,
  });
