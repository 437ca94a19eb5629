/** A broadcast in the chat of a fan. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Account, BroadcastContent } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { clockTime, dayOf } from "@/lib/time";
import { Face } from "@/ui/kit";
import { AnswerBubble, Bubble, Phone, ScreenLine } from "@/ui/Phone";
import { Cover } from "./ArticleField";
import { articleQuery } from "./api";

export function PhoneOf({
  account,
  content,
  at,
}: {
  account: Account;
  content: BroadcastContent | undefined;
  /** When it arrives; null is now. */
  at: number | null;
}) {
  const { language } = usePrefs();
  const face = <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={24} square />;
  const when = at ?? Date.now();
  return (
    <Phone title={account.nick_name} face={face}>
      <ScreenLine>
        {at === null ? "" : `${dayOf(when, language, "Asia/Shanghai")} `}
        {clockTime(when, language, "Asia/Shanghai")}
      </ScreenLine>
      {content ? <Said content={content} face={face} /> : null}
    </Phone>
  );
}

function Said({ content, face }: { content: BroadcastContent; face: React.ReactNode }) {
  const { t } = useTranslation();
  switch (content.type) {
    case "text":
    case "voice":
    case "video":
      return <AnswerBubble answer={content} face={face} />;
    case "images":
      if (content.media_ids.length < 2)
        return <AnswerBubble answer={{ type: "image", media_id: content.media_ids[0] ?? "" }} face={face} />;
      return (
        <Bubble face={face} bare>
          <span className="bc-album">
            {content.media_ids.slice(0, 4).map((id, place) => (
              <span key={id} className="bc-album-cell">
                <img src={`/api/v1/media/${id}/file`} alt={t("broadcasts.picture_n", { n: place + 1 })} />
                {place === 3 && content.media_ids.length > 4 ? (
                  <b className="num">+{content.media_ids.length - 4}</b>
                ) : null}
              </span>
            ))}
            {content.recommend ? <small>{content.recommend}</small> : null}
          </span>
        </Bubble>
      );
    case "article":
      return content.article_id ? (
        <Bubble face={face} bare>
          <ArticleCard id={content.article_id} />
        </Bubble>
      ) : null;
  }
}

function ArticleCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const items = useQuery(articleQuery(id)).data?.items ?? [];
  const [first, ...others] = items;
  return (
    <span className="bubble-card bc-card">
      {first ? <Cover media={first.cover_media_id} url={first.wechat?.cover_url ?? ""} /> : null}
      <strong>{first?.title || t("broadcasts.kinds.article")}</strong>
      {first?.digest && others.length === 0 ? <small>{first.digest}</small> : null}
      {others.map((item, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the articles of one message, always in their places
        <span key={n} className="bc-card-other">
          <span>{item.title}</span>
          <Cover media={item.cover_media_id} url={item.wechat?.cover_url ?? ""} />
        </span>
      ))}
    </span>
  );
}
