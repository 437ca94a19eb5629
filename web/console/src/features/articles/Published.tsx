/** What is out: published from here, broadcast, or made in WeChat's own console, with its pages. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Publication } from "@/api/types";
import { useNotAllowed } from "@/lib/rights";
import { Empty, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { publicationsQuery } from "./api";
import { Comments } from "./Comments";
import { CommentsButton, PageLinks, TakeDown, Why } from "./Out";
import { OutBadge } from "./parts";

export function Published({ account }: { account: Account }) {
  const { t } = useTranslation();
  const notAllowed = useNotAllowed("messages:write");
  const query = useInfiniteQuery(publicationsQuery(account.id));
  const rows = query.data?.pages.flatMap((page) => page.items);
  const [open, setOpen] = useState<Publication | null>(null);
  const columns: Column<Publication>[] = [
    {
      key: "titles",
      title: t("articles.one"),
      render: (one) =>
        one.pages.length > 0 ? (
          <PageLinks publication={one} />
        ) : (
          <span className="published-titles">
            {one.article_id ? (
              <Link to="/articles/$id" params={{ id: one.article_id }} search={{ account: account.id }}>
                {one.titles.join(t("app.comma")) || t("articles.untitled")}
              </Link>
            ) : (
              one.titles.join(t("app.comma")) || t("articles.untitled")
            )}
          </span>
        ),
    },
    {
      key: "state",
      title: t("articles.state"),
      width: 220,
      render: (one) => (
        <span className="published-state">
          <OutBadge state={one.state} />
          {one.problem ? (
            <small className="soft">
              <Why publication={one} />
            </small>
          ) : null}
        </span>
      ),
    },
    {
      key: "source",
      title: t("articles.source_of"),
      width: 120,
      roomy: true,
      render: (one) => t(`articles.sources.${one.source}`),
    },
    {
      key: "at",
      title: t("articles.out_at"),
      align: "right",
      width: 130,
      render: (one) => <When at={one.finished_at ?? one.created_at} />,
    },
    {
      key: "acts",
      title: "",
      width: 190,
      align: "right",
      blank: (one) => one.state !== "published",
      render: (one) =>
        one.state === "published" ? (
          <span className="row row-wrap row-end">
            <CommentsButton publication={one} onOpen={() => setOpen(one)} />
            <TakeDown publication={one} notAllowed={notAllowed} />
          </span>
        ) : null,
    },
  ];
  return (
    <>
      <List
        label={t("articles.shelves.published")}
        rows={rows}
        columns={columns}
        rowKey={(one) => one.id}
        error={query.error}
        retry={() => void query.refetch()}
        more={{
          has: query.hasNextPage,
          loading: query.isFetchingNextPage,
          load: () => void query.fetchNextPage(),
        }}
        empty={
          <div className="card">
            <Empty drawing="letter">{t("articles.none_out")}</Empty>
          </div>
        }
      />
      {open ? <Comments publication={open} notAllowed={notAllowed} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
