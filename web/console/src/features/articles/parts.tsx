/** How an article stands, in one word and one colour. */
import { useTranslation } from "react-i18next";
import type { Article, ArticleItem, ArticleState, Id, PublicationState } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Badge } from "@/ui/kit";
import { fileOf, shownPicture } from "./pictures";

const tones: Record<ArticleState, "quiet" | "ok" | "warning" | "error"> = {
  draft: "quiet",
  synced: "ok",
  changed: "warning",
  conflict: "error",
  gone: "warning",
};
const outTones: Record<PublicationState, "quiet" | "ok" | "warning" | "error"> = {
  waiting: "warning",
  submitting: "warning",
  publishing: "warning",
  unknown: "error",
  published: "ok",
  refused: "error",
  failed: "error",
  deleted: "quiet",
};

type Standing = Pick<Article, "state" | "publication" | "wish" | "in_box">;

/** Out, and nothing of it waits in WeChat's box to be changed. */
export const isOut = (article: Standing) => article.publication?.state === "published" && !article.in_box;
export const isGoingOut = (article: Standing) =>
  ["waiting", "submitting", "publishing"].includes(article.publication?.state ?? "");

export function OutBadge({ state }: { state: PublicationState }) {
  const { t } = useTranslation();
  return <Badge tone={outTones[state]}>{t(`articles.out.${state}`)}</Badge>;
}

export function StateBadge({ article }: { article: Standing }) {
  const { t } = useTranslation();
  const out = article.publication?.state;
  if (article.wish) return <Badge tone="warning">{t(`articles.wishes.${article.wish}`)}</Badge>;
  if (out && (isGoingOut(article) || out === "unknown" || (!article.in_box && article.state === "gone")))
    return <OutBadge state={out} />;
  return (
    <span title={t(`articles.states_more.${article.state}`)}>
      <Badge tone={tones[article.state]}>{t(`articles.states.${article.state}`)}</Badge>
    </span>
  );
}

/** A cover, or its place. */
export function Cover({ src, className }: { src: string | null; className?: string }) {
  const shown = src ? shownPicture(src) : undefined;
  return shown ? (
    <img src={shown} alt="" loading="lazy" className={`cover ${className ?? ""}`} />
  ) : (
    <span className={`cover cover-none ${className ?? ""}`}>
      <Icon name="image" size={22} />
    </span>
  );
}

/** Where the cover of an article can be seen: our file, or WeChat's by way of the hub. */
export function coverOf(item: Pick<ArticleItem, "cover_media_id" | "wechat">): string | null {
  return lookOf(item.cover_media_id, item.wechat?.cover_url ?? "");
}
export function lookOf(media: Id | null, url: string): string | null {
  return media ? fileOf(media) : url || null;
}
