/** A published article of the account for a button, chosen by its title and cover. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Empty } from "@/ui/kit";
import { coversQuery, publishedQuery } from "./api";
import { Chosen, OtherId } from "./Chosen";
import { PickDialog } from "./PickDialog";
import { useAllPages } from "./pages";
import { canBeShown, titleOf, useArticleShown } from "./shown";

export function ArticleField({
  account,
  value,
  disabled,
  onChange,
}: {
  account: Id;
  value: string;
  disabled: boolean;
  onChange: (article: string) => void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const shown = useArticleShown(account, value);
  return (
    <div className="field">
      <span className="field-label">{t("menus.pick.article")}</span>
      <Chosen id={value} shown={shown} />
      <div className="answer-kinds">
        <Button
          size={value ? "small" : "middle"}
          disabled={disabled}
          icon={<Icon name="article" size={14} />}
          onClick={() => setOpen(true)}
        >
          {t(value ? "media.change" : "menus.pick.choose_article")}
        </Button>
      </div>
      <OtherId
        name="article"
        value={value}
        hint={t("menus.article_hint")}
        disabled={disabled}
        onChange={onChange}
      />
      {open ? (
        <Published
          account={account}
          value={value}
          onClose={() => setOpen(false)}
          onPick={(article) => {
            onChange(article);
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}

function Published({
  account,
  value,
  onPick,
  onClose,
}: {
  account: Id;
  value: string;
  onPick: (article: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const query = useInfiniteQuery(publishedQuery(account));
  const covers = useQuery(coversQuery(account)).data;
  const asked = words.trim().toLowerCase();
  const items = query.data?.pages.flatMap((page) => page.items).filter(canBeShown);
  const isLooking = useAllPages(query, asked !== "");
  const shown = items?.filter((one) => titleOf(one).toLowerCase().includes(asked));
  return (
    <PickDialog
      title={t("menus.pick.choose_article")}
      by={t("menus.pick.by_title")}
      words={words}
      onWords={setWords}
      query={query}
      isLooking={isLooking}
      empty={
        asked ? (
          <Empty drawing="search" compact>
            {t("menus.pick.none_found")}
          </Empty>
        ) : (
          <Empty
            drawing="letter"
            compact
            action={
              <Link to="/articles" search={{ account }}>
                {t("menus.pick.to_articles")}
              </Link>
            }
          >
            {t("menus.pick.none_published")}
          </Empty>
        )
      }
      picks={shown?.map((one) => ({
        key: one.id,
        shown: { kind: "article", picture: covers?.get(one.article_id ?? "") },
        name: titleOf(one),
        more: one.pages.length > 1 ? t("menus.pick.pages", { count: one.pages.length }) : null,
        at: one.finished_at ?? one.created_at,
        isOn: one.wechat_article_id === value,
        pick: () => onPick(one.wechat_article_id ?? ""),
      }))}
      onClose={onClose}
    >
      <p className="field-more">{t("menus.pick.only_published")}</p>
    </PickDialog>
  );
}
