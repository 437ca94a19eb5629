/** What the pages about templates and campaigns ask of the hub and tell it. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type {
  Campaign,
  CampaignBody,
  CampaignState,
  Id,
  ListedSend,
  Millis,
  NewTemplate,
  TemplateLibrary,
} from "@/api/types";
import { libraryQuery } from "@/template/api";

export const campaignsQuery = (account: Id, state?: CampaignState) =>
  infiniteQueryOptions({
    queryKey: ["campaigns", account, state ?? "all"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/campaigns", {
          params: { query: { account, state, limit: 20, cursor: pageParam ?? undefined } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });

export const campaignQuery = (campaign: Id) =>
  queryOptions({
    queryKey: ["campaign", campaign],
    queryFn: () => take(api.GET("/api/v1/campaigns/{campaign}", { params: { path: { campaign } } })),
    staleTime: 2_000,
  });

export const checkQuery = (campaign: Campaign, at: Millis | null) =>
  queryOptions({
    queryKey: ["campaign-check", campaign.id, campaign.version, at],
    queryFn: () =>
      take(
        api.POST("/api/v1/campaigns/{campaign}/check", {
          params: { path: { campaign: campaign.id } },
          body: at === null ? {} : { at },
        }),
      ),
    staleTime: 0,
  });

export const linesQuery = (campaign: Id, state: ListedSend["state"] | undefined) =>
  infiniteQueryOptions({
    queryKey: ["campaign", campaign, "lines", state ?? "all"],
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/v1/sends", {
          params: { query: { campaign, state, limit: 50, cursor: pageParam ?? undefined } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 2_000,
  });

export const titlesQuery = (account: Id, category: number) =>
  queryOptions({
    queryKey: ["notice-titles", account, category],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/notice_titles", {
          params: { path: { account }, query: { category } },
        }),
      ),
    staleTime: 300_000,
  });

export const keywordsQuery = (account: Id, title: number) =>
  queryOptions({
    queryKey: ["notice-keywords", account, title],
    queryFn: () =>
      take(
        api.GET("/api/v1/accounts/{account}/notice_keywords", {
          params: { path: { account }, query: { title } },
        }),
      ),
    staleTime: 300_000,
  });

function useKeepLibrary(account: Id) {
  const queryClient = useQueryClient();
  return (library: TemplateLibrary) => queryClient.setQueryData(libraryQuery(account).queryKey, library);
}

export function useSync(account: Id) {
  const keep = useKeepLibrary(account);
  return useMutation({
    mutationFn: () =>
      take(api.POST("/api/v1/accounts/{account}/templates/sync", { params: { path: { account } } })),
    onSuccess: keep,
  });
}

export function useAddTemplate(account: Id) {
  const keep = useKeepLibrary(account);
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: NewTemplate) =>
      once([account, body], (headers) =>
        take(
          api.POST("/api/v1/accounts/{account}/templates", {
            params: { path: { account } },
            body,
            headers,
          }),
        ),
      ),
    onSuccess: (added) => keep(added.library),
  });
}

export function useDeleteTemplate(account: Id) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (template: Id) =>
      take(
        api.DELETE("/api/v1/accounts/{account}/templates/{template}", {
          params: { path: { account, template } },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["templates", account] }),
  });
}

export function useSetIndustries(account: Id) {
  const keep = useKeepLibrary(account);
  return useMutation({
    mutationFn: (body: { primary: number; secondary: number }) =>
      take(
        api.PUT("/api/v1/accounts/{account}/template_industries", { params: { path: { account } }, body }),
      ),
    onSuccess: keep,
  });
}

/** Writes a draft; `of` is the one that is written anew. */
export function useSaveCampaign(of?: Campaign) {
  const queryClient = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (body: CampaignBody) =>
      of
        ? take(
            api.PUT("/api/v1/campaigns/{campaign}", {
              params: { path: { campaign: of.id } },
              body: { ...body, version: of.version },
            }),
          )
        : once(body, (headers) => take(api.POST("/api/v1/campaigns", { body, headers }))),
    onSuccess: (campaign) => {
      void queryClient.invalidateQueries({ queryKey: campaignQuery(campaign.id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ["campaigns"] });
    },
  });
}

export function useCampaignActions(campaign: Id) {
  const queryClient = useQueryClient();
  const again = () => {
    void queryClient.invalidateQueries({ queryKey: campaignQuery(campaign).queryKey });
    void queryClient.invalidateQueries({ queryKey: ["campaigns"] });
  };
  const path = { params: { path: { campaign } } };
  const once = useKeptKey();
  const start = useMutation({
    mutationFn: (at: Millis | null) =>
      once(["start", campaign, at], (headers) =>
        take(
          api.POST("/api/v1/campaigns/{campaign}/start", {
            ...path,
            body: at === null ? {} : { at },
            headers,
          }),
        ),
      ),
    onSettled: again,
  });
  const stop = useMutation({
    mutationFn: () => take(api.POST("/api/v1/campaigns/{campaign}/stop", path)),
    onSettled: again,
  });
  const test = useMutation({
    mutationFn: (customer: Id) =>
      once(["test", campaign, customer], (headers) =>
        take(
          api.POST("/api/v1/campaigns/{campaign}/test", {
            ...path,
            body: { customer_id: customer },
            headers,
          }),
        ),
      ),
    onSettled: again,
  });
  const forget = useMutation({
    mutationFn: () => take(api.DELETE("/api/v1/campaigns/{campaign}", path)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["campaigns"] }),
  });
  return { start, stop, test, forget };
}
