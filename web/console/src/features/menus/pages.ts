/** WeChat's lists cannot be searched: while somebody searches, all their pages are fetched. */
import { useEffect } from "react";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isError: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Whether there is more to come. */
export function useAllPages(
  { hasNextPage, isFetchingNextPage, isError, fetchNextPage }: Paged,
  wanted: boolean,
): boolean {
  const go = wanted && hasNextPage && !isError;
  useEffect(() => {
    if (go && !isFetchingNextPage) void fetchNextPage();
  }, [go, isFetchingNextPage, fetchNextPage]);
  return go;
}
