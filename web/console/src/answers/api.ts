/** Files for answers: what the hub keeps, and what still needs them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, idempotencyKey, take } from "@/api/client";
import type { Id, Media, MediaKind } from "@/api/types";

export const mediaQuery = (kind: MediaKind) =>
  queryOptions({
    queryKey: ["media", kind],
    queryFn: async () => (await take(api.GET("/api/v1/media", { params: { query: { kind } } }))).items,
    staleTime: 60_000,
  });

export function useUpload(kind: MediaKind) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set("kind", kind);
      form.set("file", file, file.name);
      return take(api.POST("/api/v1/media", { body: form, headers: idempotencyKey() }));
    },
    onSuccess: (media) =>
      queryClient.setQueryData(mediaQuery(kind).queryKey, (items: Media[] | undefined) => [
        media,
        ...(items ?? []).filter((one) => one.id !== media.id),
      ]),
  });
}

/** Asked right before deleting: what was true a minute ago is no reason. */
export function mediaUses(media: Id) {
  return take(api.GET("/api/v1/media/{media}/uses", { params: { path: { media } } }));
}

export function deleteMedia(media: Id) {
  return take(api.DELETE("/api/v1/media/{media}", { params: { path: { media } } }));
}
