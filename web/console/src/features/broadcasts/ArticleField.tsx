/** The article that is said: chosen by cover and title from those of the account. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, ArticleLine, Id } from "@/api/types";
import { useDebounced } from "@/lib/hooks";
import { Icon } from "@/ui/icons";
import { Badge, Bars, ownPicture, Trouble, When } from "@/ui/kit";
import { articleQuery, articlesQuery } from "./api";

const tones = {
  draft: undefined,
  synced: "ok",
  changed: "warning",
  conflict: "error",
  gone: "error",
} as const;

export function ArticleField({
  account,
  value,
  onChange,
  disabled,
}: {
  account: Account;
  value: Id;
  onChange: (article: Id) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [isChoosing, setChoosing] = useState(false);
  if (value && !isChoosing)
    return (
      <div className="row row-between row-wrap">
        <ChosenArticle id={value} />
        <Button size="small" disabled={disabled} onClick={() => setChoosing(true)}>
          {t("broadcasts.article_change")}
        </Button>
      </div>
    );
  return (
    <Choose
      account={account}
      disabled={disabled}
      onPick={(id) => {
        onChange(id);
        setChoosing(false);
      }}
    />
  );
}

function ChosenArticle({ id }: { id: Id }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(articleQuery(id));
  if (error) return <Trouble error={error} />;
  if (!data) return <Bars rows={1} height={48} />;
  return (
    <span className="bc-article bc-article-chosen">
      <Cover media={data.items[0]?.cover_media_id ?? null} url={data.items[0]?.wechat?.cover_url ?? ""} />
      <span className="bc-article-words">
        <strong>{data.items[0]?.title || t("broadcasts.unnamed")}</strong>
        <small className="soft">
          <Badge {...(tones[data.state] ? { tone: tones[data.state] } : {})}>
            {t(`broadcasts.article_states.${data.state}`)}
          </Badge>{" "}
          {data.items.length > 1 ? t("broadcasts.articles_in", { count: data.items.length }) : null}
        </small>
      </span>
    </span>
  );
}

function Choose({
  account,
  onPick,
  disabled,
}: {
  account: Account;
  onPick: (id: Id) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const query = useQuery(articlesQuery(account.id, useDebounced(words.trim(), 250)));
  return (
    <div className="stack-tight">
      <Input
        allowClear
        prefix={<Icon name="search" size={15} />}
        value={words}
        disabled={disabled}
        placeholder={t("broadcasts.article_find")}
        aria-label={t("broadcasts.article_find")}
        onChange={(event) => setWords(event.target.value)}
      />
      {query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Bars rows={3} height={56} /> : null}
      {query.data?.length === 0 ? (
        <p className="field-more">
          {words ? t("broadcasts.article_none_found") : t("broadcasts.article_none")}
        </p>
      ) : null}
      <ul className="bc-articles">
        {query.data?.map((article) => (
          <li key={article.id}>
            <ArticleButton article={article} disabled={disabled} onPick={onPick} />
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ArticleButton({
  article,
  onPick,
  disabled,
}: {
  article: ArticleLine;
  onPick: (id: Id) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="bc-article"
      disabled={disabled}
      data-article={article.id}
      onClick={() => onPick(article.id)}
    >
      <Cover media={article.cover_media_id} url={article.cover_url} />
      <span className="bc-article-words">
        <strong>{article.titles[0] || t("broadcasts.unnamed")}</strong>
        <small className="soft">
          <Badge {...(tones[article.state] ? { tone: tones[article.state] } : {})}>
            {t(`broadcasts.article_states.${article.state}`)}
          </Badge>{" "}
          {article.titles.length > 1
            ? `${t("broadcasts.articles_in", { count: article.titles.length })} · `
            : ""}
          <When at={article.updated_at} />
        </small>
      </span>
    </button>
  );
}

export function Cover({ media, url }: { media: Id | null; url: string }) {
  const picture = media ? `/api/v1/media/${media}/file` : ownPicture(url);
  return picture ? (
    <img src={picture} alt="" className="bc-cover-small" loading="lazy" />
  ) : (
    <span className="bc-cover-small">
      <Icon name="article" size={18} />
    </span>
  );
}
