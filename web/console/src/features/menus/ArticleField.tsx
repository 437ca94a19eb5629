/** A published article of the account for a button, chosen by its title and cover. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Bars, Empty, Trouble, When } from "@/ui/kit";
import { More } from "@/ui/More";
import { coversQuery, publishedQuery } from "./api";
import { Chosen, OtherId, Thumb } from "./Chosen";
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
    <Modal open title={t("menus.pick.choose_article")} onCancel={onClose} footer={null} width={620}>
      <div className="menu-pick-filters">
        <Input
          allowClear
          prefix={<Icon name="search" size={15} />}
          placeholder={t("menus.pick.by_title")}
          aria-label={t("menus.pick.by_title")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      {query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!items && !query.error ? <Bars rows={3} height={56} /> : null}
      {shown?.length === 0 && !isLooking ? (
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
      ) : null}
      <ul className="menu-picks">
        {shown?.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={one.wechat_article_id === value ? "menu-pick on" : "menu-pick"}
              onClick={() => onPick(one.wechat_article_id ?? "")}
            >
              <Thumb shown={{ kind: "article", picture: covers?.get(one.article_id ?? "") }} />
              <span className="menu-chosen-words">
                <strong className="ellipsis">{titleOf(one) || t("menus.unnamed")}</strong>
                <small className="soft">
                  {one.pages.length > 1 ? `${t("menus.pick.pages", { count: one.pages.length })} · ` : ""}
                  <When at={one.finished_at ?? one.created_at} />
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {isLooking ? <Bars rows={1} height={56} /> : null}
      {isLooking ? null : <More query={query} />}
      <p className="field-more">{t("menus.pick.only_published")}</p>
    </Modal>
  );
}
