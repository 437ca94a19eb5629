/** What a button shows, by WeChat's id of it: a file or an article of ours, what WeChat has besides, or an id alone. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Id, MediaKind, Publication, WechatMaterialKind } from "@/api/types";
import { atWechatQuery, coverOf, materialQuery, publishedQuery, writtenQuery } from "./api";

export interface Shown {
  /** `article`: of articles and news. */
  kind: Exclude<MediaKind, "thumb"> | "article";
  name: string;
  picture: string | undefined;
  /** Our file, when it is one. */
  media: Id | null;
}

const icons = { image: "image", voice: "voice", video: "video", news: "article" } as const;

/** `undefined` while it is looked for, `null` when nobody knows more than its id. */
export function useMaterialShown(
  account: Id,
  material: string,
  only: WechatMaterialKind[],
): Shown | null | undefined {
  const ours = useQuery({ ...materialQuery(account, material), enabled: material !== "" });
  const isElsewhere = ours.data === null;
  const lists = {
    image: useInfiniteQuery({
      ...atWechatQuery(account, "image"),
      enabled: isElsewhere && only.includes("image"),
    }),
    voice: useInfiniteQuery({
      ...atWechatQuery(account, "voice"),
      enabled: isElsewhere && only.includes("voice"),
    }),
    video: useInfiniteQuery({
      ...atWechatQuery(account, "video"),
      enabled: isElsewhere && only.includes("video"),
    }),
    news: useInfiniteQuery({
      ...atWechatQuery(account, "news"),
      enabled: isElsewhere && only.includes("news"),
    }),
  };
  if (material === "") return null;
  if (ours.data) {
    const { kind, media_id, file_name } = ours.data;
    const picture = kind === "image" ? coverOf(media_id, undefined) : undefined;
    return { kind: kind === "thumb" ? "image" : kind, name: file_name, picture, media: media_id };
  }
  for (const kind of only) {
    const found = lists[kind].data?.pages
      .flatMap((page) => page.items)
      .find((one) => one.material === material);
    if (found)
      return {
        kind: icons[kind],
        name: found.name,
        picture: coverOf(null, found.picture_url ?? undefined),
        media: null,
      };
  }
  return ours.isPending || only.some((kind) => lists[kind].isLoading) ? undefined : null;
}

/** Has a page at WeChat and an id that a button can name. */
export const canBeShown = (one: Publication) =>
  one.state === "published" && !!one.wechat_article_id && !one.pages.every((page) => page.deleted);

export const titleOf = (one: Publication) =>
  one.pages.find((page) => !page.deleted)?.title ?? one.titles[0] ?? "";

export function useArticleShown(account: Id, article: string): Shown | null | undefined {
  const query = useInfiniteQuery({ ...publishedQuery(account), enabled: article !== "" });
  const found = query.data?.pages
    .flatMap((page) => page.items)
    .find((one) => one.wechat_article_id === article);
  const written = useQuery({ ...writtenQuery(found?.article_id ?? ""), enabled: !!found?.article_id }).data;
  if (article === "") return null;
  if (!found) return query.isLoading ? undefined : null;
  const first = written?.items[0];
  return {
    kind: "article",
    name: titleOf(found),
    picture: coverOf(first?.cover_media_id, first?.wechat?.cover_url),
    media: null,
  };
}
