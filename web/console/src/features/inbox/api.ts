/** What the inbox asks of the hub and tells it. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { uploadFile } from "@/answers/api";
import { api, take } from "@/api/client";
import { useKeptKey } from "@/api/keptKey";
import type {
  CannedBody,
  Conversation,
  ConversationQuery,
  ConversationState,
  Id,
  Media,
  MediaKind,
  Millis,
  Page,
  SendContent,
} from "@/api/types";

export type Filters = Omit<ConversationQuery, "cursor" | "limit">;

export const conversationsQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["conversations", filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/conversations", {
          params: { query: { ...filters, limit: 50, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const conversationQuery = (id: Id) =>
  queryOptions({
    queryKey: ["conversation", id],
    queryFn: () =>
      take(api.GET("/api/v1/conversations/{conversation}", { params: { path: { conversation: id } } })),
  });

export const linesQuery = (id: Id) =>
  infiniteQueryOptions({
    queryKey: ["conversation-lines", id],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET("/api/v1/conversations/{conversation}/messages", {
          params: { path: { conversation: id }, query: { limit: 50, cursor: pageParam ?? undefined } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const othersQuery = (customer: Id) =>
  queryOptions({
    queryKey: ["conversations", { customer }],
    queryFn: async () =>
      (await take(api.GET("/api/v1/conversations", { params: { query: { customer, state: "all" } } }))).items,
  });

export const cannedQuery = queryOptions({
  queryKey: ["canned-answers"],
  queryFn: async () => (await take(api.GET("/api/v1/canned_answers"))).items,
  staleTime: 30_000,
});

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async () => (await take(api.GET("/api/v1/people"))).items,
});

export const libraryQuery = (kind: MediaKind) =>
  queryOptions({
    queryKey: ["media", kind],
    queryFn: async () => (await take(api.GET("/api/v1/media", { params: { query: { kind } } }))).items,
  });

/** A conversation as the hub has just told it: in its own place, and in every list. */
function useTold() {
  const client = useQueryClient();
  return (told: Conversation) => {
    client.setQueryData(conversationQuery(told.id).queryKey, told);
    client.setQueriesData<InfiniteData<Page<Conversation>>>(
      {
        queryKey: ["conversations"],
        predicate: (query) => Array.isArray((query.state.data as InfiniteData<unknown> | undefined)?.pages),
      },
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((one) => (one.id === told.id ? { ...told, match: one.match } : one)),
          })),
        },
    );
    void client.invalidateQueries({ queryKey: ["conversations"] });
    void client.invalidateQueries({ queryKey: ["conversation-lines", told.id] });
    void client.invalidateQueries({ queryKey: ["inbox"] });
  };
}

const at = (id: Id) => ({ params: { path: { conversation: id } } });

export function useRead() {
  const told = useTold();
  return useMutation({
    mutationFn: (id: Id) => take(api.POST("/api/v1/conversations/{conversation}/read", at(id))),
    onSuccess: told,
  });
}

export function useAssign() {
  const told = useTold();
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ id, person, note }: { id: Id; person: Id | null; note: string }) =>
      once([id, person, note], (headers) =>
        take(
          api.POST("/api/v1/conversations/{conversation}/assign", {
            ...at(id),
            headers,
            body: { person_id: person, ...(note.trim() ? { note: note.trim() } : {}) },
          }),
        ),
      ),
    onSuccess: told,
  });
}

export function useSetState() {
  const told = useTold();
  return useMutation({
    mutationFn: ({ id, state, until }: { id: Id; state: ConversationState; until?: Millis }) =>
      take(api.POST("/api/v1/conversations/{conversation}/state", { ...at(id), body: { state, until } })),
    onSuccess: told,
  });
}

export function useNote(id: Id) {
  const client = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: (text: string) =>
      once([id, text], (headers) =>
        take(
          api.POST("/api/v1/conversations/{conversation}/notes", {
            ...at(id),
            headers,
            body: { text },
          }),
        ),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["conversation-lines", id] }),
  });
}

/** Never an error for who types: it is a courtesy. */
export function tellTyping(id: Id, typing: boolean) {
  api
    .POST("/api/v1/conversations/{conversation}/typing", { ...at(id), body: { typing } })
    .catch(() => undefined);
}

/** Says something. Tried again after an answer that did not come, it is the same message and reaches them once (P4). */
export function useSay(conversation: Conversation) {
  const client = useQueryClient();
  const { id, account_id, customer } = conversation;
  const once = useKeptKey();
  return useMutation({
    mutationFn: (content: SendContent) =>
      once([id, content], (headers) =>
        take(
          api.POST("/api/v1/customers/{customer}/messages", {
            params: { path: { customer: customer.id } },
            headers,
            body: { account_id, content },
          }),
        ),
      ),
    onSettled: () => {
      for (const key of [
        ["conversation-lines", id],
        ["conversation", id],
        ["reach", customer.id],
        ["conversations"],
        ["inbox"],
      ])
        void client.invalidateQueries({ queryKey: key });
    },
  });
}

export function useUpload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ file, kind }: { file: File; kind: MediaKind }) => uploadFile(kind, file),
    onSuccess: (media: Media) => client.invalidateQueries({ queryKey: ["media", media.kind] }),
  });
}

export function useKeepCanned() {
  const client = useQueryClient();
  const once = useKeptKey();
  return useMutation({
    mutationFn: ({ id, body }: { id: Id | null; body: CannedBody }) =>
      id
        ? take(
            api.PUT("/api/v1/canned_answers/{canned_answer}", {
              params: { path: { canned_answer: id } },
              body,
            }),
          )
        : once(body, (headers) => take(api.POST("/api/v1/canned_answers", { body, headers }))),
    onSuccess: () => client.invalidateQueries({ queryKey: cannedQuery.queryKey }),
  });
}

export function removeCanned(id: Id) {
  return take(
    api.DELETE("/api/v1/canned_answers/{canned_answer}", { params: { path: { canned_answer: id } } }),
  );
}
