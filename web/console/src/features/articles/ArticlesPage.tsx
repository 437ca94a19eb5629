/** The drafts and published articles of an account; WeChat's box and ours side by side, kept equal on demand. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { OfAccount } from "@/account/OfAccount";
import type { Account, ArticleLine } from "@/api/types";
import { useKept, useNarrow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Because, Empty, Note, Page, Trouble, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { SearchBox } from "@/ui/SearchBox";
import { articlesQuery, useMakeArticle } from "./api";
import { Budget } from "./Budget";
import { emptyItem } from "./items";
import { Published } from "./Published";
import { Cover, lookOf, StateBadge } from "./parts";
import { Sync } from "./Sync";
import "./articles.css";
import "./list.css";
import "./sides.css";

export default function ArticlesPage() {
  const { t } = useTranslation();
  return (
    <OfAccount
      title={t("nav.articles")}
      none={t("articles.no_account")}
      choose={t("articles.choose_account")}
      drawing="letter"
    >
      {(account) => <Articles key={account.id} account={account} />}
    </OfAccount>
  );
}

const stands = ["draft", "synced", "changed", "conflict", "gone"] as const;

function Articles({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const search = useSearch({ from: "/signed-in/articles" });
  const [look, setLook] = useKept<"cards" | "rows">("hy.articles.look", "cards");
  const notAllowed = useNotAllowed("replies:write");
  const { whyFunction } = useReasons();
  const off = whyFunction(account, "materials");
  const make = useMakeArticle();
  const query = useInfiniteQuery({
    ...articlesQuery({ account: account.id, query: search.query, state: search.stands }),
    placeholderData: keepPreviousData,
  });
  const rows = query.data?.pages.flatMap((page) => page.items);
  const filtered = !!(search.query || search.stands);
  const set = (part: Partial<typeof search>) =>
    void navigate({ to: "/articles", search: (s) => ({ ...s, ...part }), replace: true });
  const open = (article: ArticleLine) =>
    void navigate({ to: "/articles/$id", params: { id: article.id }, search: { account: account.id } });
  const write = () =>
    make.mutate(
      { account_id: account.id, items: [emptyItem()] },
      {
        onSuccess: (made) =>
          void navigate({ to: "/articles/$id", params: { id: made.id }, search: { account: account.id } }),
        onError: (error) => void message.error(problemText(error)),
      },
    );
  // From card to card; the focused one opens with Enter.
  const step = (by: number) => {
    const cards = [...document.querySelectorAll<HTMLElement>(".article-card-link")];
    const at = cards.indexOf(document.activeElement as HTMLElement);
    cards[at < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, at + by))]?.focus();
  };
  useKeys({ j: () => step(1), k: () => step(-1) }, look === "cards" || narrow);
  const begin = (
    <Because reason={notAllowed}>
      <Button
        type="primary"
        icon={<Icon name="plus" />}
        disabled={!!notAllowed}
        loading={make.isPending}
        onClick={write}
      >
        {t("articles.new")}
      </Button>
    </Because>
  );

  const columns: Column<ArticleLine>[] = [
    {
      key: "title",
      title: t("articles.one"),
      render: (article) => (
        <span className="article-row">
          <Cover src={lookOf(article.cover_media_id, article.cover_url)} />
          <span className="article-row-words">
            <Link
              to="/articles/$id"
              params={{ id: article.id }}
              search={{ account: account.id }}
              onClick={(event) => event.stopPropagation()}
            >
              {article.titles[0]?.trim() || t("articles.untitled")}
            </Link>
            {article.titles.length > 1 ? (
              <small className="soft">
                {t("articles.and_more", { count: article.titles.length - 1 })} ·{" "}
                {article.titles
                  .slice(1, 3)
                  .map((title) => title.trim() || t("articles.untitled"))
                  .join(t("app.comma"))}
              </small>
            ) : (
              <small className="soft ellipsis">{article.digest}</small>
            )}
          </span>
        </span>
      ),
    },
    {
      key: "state",
      title: t("articles.state"),
      width: 140,
      render: (article) => <StateBadge article={article} />,
    },
    {
      key: "by",
      title: t("articles.by"),
      width: 130,
      roomy: true,
      blank: (article) => !article.by,
      render: (article) => article.by ?? <span className="dim">—</span>,
    },
    {
      key: "updated",
      title: t("articles.updated"),
      align: "right",
      width: 130,
      render: (article) => <When at={article.updated_at} />,
    },
  ];
  const empty = (
    <div className="card">
      {filtered ? (
        <Empty
          drawing="search"
          action={
            <Button onClick={() => set({ query: undefined, stands: undefined })}>
              {t("articles.clear")}
            </Button>
          }
        >
          {t("articles.none_found")}
        </Empty>
      ) : (
        <Empty drawing="letter" action={begin}>
          {t("articles.empty")}
        </Empty>
      )}
    </div>
  );
  const more = {
    has: query.hasNextPage,
    loading: query.isFetchingNextPage,
    load: () => void query.fetchNextPage(),
  };

  return (
    <Page
      title={t("nav.articles")}
      note={<span>{t("articles.lead")}</span>}
      actions={
        <>
          <Sync account={account} off={notAllowed ?? off} />
          {begin}
        </>
      }
    >
      {off ? (
        <div className="article-notes">
          <Note tone="warning">
            {t("articles.off")} {off}
          </Note>
        </div>
      ) : null}
      <div className="article-shelves">
        <Segmented
          value={search.shelf ?? "drafts"}
          aria-label={t("nav.articles")}
          onChange={(value) => set({ shelf: value === "published" ? "published" : undefined })}
          options={(["drafts", "published"] as const).map((value) => ({
            value,
            label: t(`articles.shelves.${value}`),
          }))}
        />
      </div>
      {search.shelf === "published" ? <Published account={account} /> : null}
      <div className="filters" hidden={search.shelf === "published"}>
        <SearchBox
          value={search.query}
          label={t("articles.search")}
          onChange={(text) => set({ query: text })}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("articles.any_state")}
          aria-label={t("articles.any_state")}
          value={search.stands}
          onChange={(state) => set({ stands: state })}
          options={stands.map((value) => ({ value, label: t(`articles.states.${value}`) }))}
        />
        {narrow ? null : (
          <Segmented
            className="look"
            value={look}
            aria-label={t("articles.look")}
            onChange={(value) => setLook(value as typeof look)}
            options={[
              { value: "cards", icon: <Icon name="grid" />, title: t("articles.look_cards") },
              { value: "rows", icon: <Icon name="bullets" />, title: t("articles.look_rows") },
            ]}
          />
        )}
      </div>
      {search.shelf === "published" ? null : look === "rows" && !narrow ? (
        <List
          label={t("nav.articles")}
          rows={rows}
          columns={columns}
          rowKey={(article) => article.id}
          error={query.error}
          retry={() => void query.refetch()}
          busy={query.isPlaceholderData}
          onOpen={open}
          more={more}
          empty={empty}
        />
      ) : query.error && !rows ? (
        <Trouble error={query.error} retry={() => void query.refetch()} />
      ) : rows?.length === 0 ? (
        empty
      ) : (
        <>
          <ul
            className={query.isPlaceholderData ? "article-cards busy" : "article-cards"}
            aria-label={t("nav.articles")}
          >
            {rows
              ? rows.map((article) => (
                  <li key={article.id}>
                    <ArticleCard article={article} account={account} n={(value) => count(value, language)} />
                  </li>
                ))
              : Array.from({ length: 6 }, (_, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: grey cards have no identity
                  <li key={index} className="article-card article-card-blank" aria-hidden="true" />
                ))}
          </ul>
          {more.has ? (
            <Button block type="text" loading={more.loading} onClick={more.load}>
              {t("app.load_more")}
            </Button>
          ) : null}
        </>
      )}
      {off ? null : <Budget account={account.id} />}
    </Page>
  );
}

function ArticleCard({
  article,
  account,
  n,
}: {
  article: ArticleLine;
  account: Account;
  n: (value: number) => string;
}) {
  const { t } = useTranslation();
  const [first, ...others] = article.titles;
  return (
    <article className="article-card">
      <Link
        to="/articles/$id"
        params={{ id: article.id }}
        search={{ account: account.id }}
        className="article-card-link"
      >
        <Cover src={lookOf(article.cover_media_id, article.cover_url)} className="article-card-cover" />
        <h2>{first?.trim() || t("articles.untitled")}</h2>
        {others.length > 0 ? (
          <ul className="article-card-others">
            {others.slice(0, 2).map((title, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: their place is what they are
              <li key={index} className="ellipsis">
                {title.trim() || t("articles.untitled")}
              </li>
            ))}
            {others.length > 2 ? (
              <li className="dim">{t("articles.more_n", { n: n(others.length - 2) })}</li>
            ) : null}
          </ul>
        ) : (
          <p className="article-card-digest">{article.digest}</p>
        )}
      </Link>
      <footer className="article-card-foot">
        <StateBadge article={article} />
        <span className="grow" />
        <When at={article.updated_at} />
      </footer>
    </article>
  );
}
