/** The home page's one question, and how live events are folded into its answer. */
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";

export const homeQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: ["home", account ?? ""],
    queryFn: () => take(api.GET("/api/v1/home", { params: { query: { account } } })),
    staleTime: 15_000,
    refetchInterval: 60_000,
  });
