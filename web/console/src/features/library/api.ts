/** What the library tells the hub. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Id } from "@/api/types";

export function useChangeMedia(media: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { file_name?: string; folder?: string }) =>
      take(api.PATCH("/api/v1/media/{media}", { params: { path: { media } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["media"] }),
  });
}
