/** What the hub knows of customers who are one person, may be, or are not. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Id } from "@/api/types";

/** Those of whom a person has to say. */
export const proposedQuery = queryOptions({
  queryKey: ["merges"],
  queryFn: ({ signal }) => take(api.GET("/api/v1/merges", { params: { query: { limit: 50 } }, signal })),
});

/** Says that the two are one, or that they are not. */
export function useDecideMerge() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ merge, one }: { merge: Id; one: boolean }) => {
      const params = { params: { path: { merge } } };
      return take(
        one
          ? api.POST("/api/v1/merges/{merge}/join", params)
          : api.POST("/api/v1/merges/{merge}/part", params),
      );
    },
    onSettled: () => {
      for (const key of ["merges", "customer", "customers", "timeline"]) {
        void queryClient.invalidateQueries({ queryKey: [key] });
      }
    },
  });
}
