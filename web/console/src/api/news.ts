/**
 * What live news means for what the console remembers. News says that something changed, after it was committed;
 * an answer that was asked for before may still be on its way with how things were, so it never has the last word.
 */
import type { InvalidateQueryFilters, QueryClient, QueryKey } from "@tanstack/react-query";
import { connectLive, disconnectLive, onLive, onLiveGap } from "./live";

/**
 * Asks again for what these keys hold. Invalidating alone does nothing to a question whose first answer is still
 * under way: that answer would be taken for fresh. Such a question is asked once more when it has been answered.
 */
export function refresh(client: QueryClient, filters: InvalidateQueryFilters = {}) {
  for (const query of client.getQueryCache().findAll({ ...filters, fetchStatus: "fetching" })) {
    if (query.state.data !== undefined && query.isActive()) continue;
    const again = () => void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    query.promise?.then(again, again);
  }
  return client.invalidateQueries(filters);
}

/** Keeps what was told. An answer under way is older, and is asked for once more. */
function keep(client: QueryClient, queryKey: QueryKey, told: unknown) {
  const underWay = client.getQueryState(queryKey)?.fetchStatus === "fetching";
  if (underWay) void refresh(client, { queryKey, exact: true });
  client.setQueryData(queryKey, told);
}

/** Listens until the returned function is called. */
export function followNews(client: QueryClient) {
  const again = (...queryKey: QueryKey) => void refresh(client, { queryKey });
  const stops = [
    onLive("account", () => again("accounts")),
    onLive("import", ({ account_id, ...progress }) => {
      keep(client, ["import", account_id], progress);
      if (progress.state !== "done") return;
      for (const key of ["accounts", "customers", "home"]) again(key);
    }),
    onLive("binding", (binding) => {
      keep(client, ["binding", binding.id], binding);
      if (binding.account_id) again("accounts");
    }),
    onLive("tags", ({ account_id }) => {
      again("wechat-tags", account_id);
      again("tags");
    }),
    onLive("menu", ({ account_id }) => again("menu", account_id)),
    onLive("qrcodes", ({ account_id, batch_id }) => {
      again("qrcode-batch", batch_id);
      again("qrcodes", account_id);
    }),
    onLive("articles", ({ account_id, article_id, publication_id, sync }) => {
      if (sync) keep(client, ["article-sync", account_id], sync);
      if (article_id) again("article", article_id);
      if (publication_id) again("publications");
      if (sync?.state !== "running") again("articles");
    }),
    onLiveGap((first) => {
      // Before the first connection only the session has been asked for on purpose.
      void refresh(client, first ? { predicate: (query) => query.queryKey[0] !== "me" } : {});
    }),
  ];
  connectLive();
  return () => {
    for (const stop of stops) stop();
    disconnectLive();
  };
}
