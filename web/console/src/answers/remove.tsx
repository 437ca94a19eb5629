/** Deleting a file, with a way back, or why it cannot be: what still needs it. */
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Media, MediaUses, Page } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { count } from "@/lib/text";
import { Note } from "@/ui/kit";
import { useUndoableDelete } from "@/ui/undo";
import { deleteMedia, isUsed, mediaPath, mediaUses } from "./api";

export interface Used {
  media: Media;
  uses: MediaUses;
}

/** Deletes with a way back, or says what the file is still needed for. */
export function useRemove() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const removeLater = useUndoableDelete();
  const [inUse, setInUse] = useState<Used | null>(null);
  const lists = { queryKey: ["media"] };
  const failed = (error: unknown) => void message.error(problemText(error));

  const remove = async (media: Media) => {
    setInUse(null);
    try {
      const uses = await mediaUses(media.id);
      if (isUsed(uses)) return setInUse({ media, uses });
    } catch (error) {
      return failed(error);
    }
    removeLater({
      path: mediaPath(media.id),
      text: t("media.deleted", { name: media.file_name }),
      remove: () => deleteMedia(media.id),
      hide: () =>
        queryClient.setQueriesData<InfiniteData<Page<Media>>>(
          { queryKey: ["media", "list"] },
          (data) =>
            data && {
              ...data,
              pages: data.pages.map((page) => ({
                ...page,
                items: page.items.filter((one) => one.id !== media.id),
              })),
            },
        ),
      restore: () => void queryClient.invalidateQueries(lists),
      failed,
    });
  };
  return { inUse, forget: () => setInUse(null), remove };
}

export function InUse({ media, uses }: Used) {
  const { t } = useTranslation();
  return (
    <Note tone="warning">
      {t("media.used", { name: media.file_name })}
      <UsesList media={media} uses={uses} />
    </Note>
  );
}

/** Where a file is used, each place a way there. */
export function UsesList({ media, uses }: Used) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const accounts = useAccounts();
  const nameOf = (id: string) => accounts.find((one) => one.id === id)?.nick_name ?? t("app.gone_account");
  const line = (key: string, to: ReactNode, kind: string, account: string) => (
    <li key={key}>
      {to}{" "}
      <span className="soft">
        {kind} · {nameOf(account)}
      </span>
    </li>
  );
  return (
    <ul className="bullets">
      {uses.rules.map((rule) =>
        line(
          rule.rule_id,
          <Link to="/replies" search={{ account: rule.account_id, rule: rule.rule_id }}>
            {rule.name || t("replies.unnamed")}
          </Link>,
          t(`replies.kinds.${rule.kind}`),
          rule.account_id,
        ),
      )}
      {uses.menus.map((menu) =>
        line(
          menu.account_id,
          <Link to="/menu" search={{ account: menu.account_id }}>
            {t("nav.menu")}
          </Link>,
          t("media.in_menu"),
          menu.account_id,
        ),
      )}
      {uses.codes.map((code) =>
        line(
          code.qrcode_id,
          <Link
            to="/qrcodes/$id"
            params={{ id: code.qrcode_id }}
            search={{ account: code.account_id, edit: undefined }}
          >
            {code.name}
          </Link>,
          t("nav.qrcodes"),
          code.account_id,
        ),
      )}
      {uses.articles.map((article) =>
        line(
          article.article_id,
          <Link
            to="/articles/$id"
            params={{ id: article.article_id }}
            search={{ account: article.account_id }}
          >
            {article.title.trim() || t("media.untitled_article")}
          </Link>,
          t("nav.articles"),
          article.account_id,
        ),
      )}
      {uses.broadcasts.map((broadcast) =>
        line(
          broadcast.broadcast_id,
          <Link
            to="/broadcasts/$id"
            params={{ id: broadcast.broadcast_id }}
            search={{ account: broadcast.account_id }}
          >
            {broadcast.name.trim() || t("nav.broadcasts")}
          </Link>,
          t("nav.broadcasts"),
          broadcast.account_id,
        ),
      )}
      {uses.waiting > 0 ? (
        <li>{t("media.waiting", { name: media.file_name, n: count(uses.waiting, language) })}</li>
      ) : null}
    </ul>
  );
}
