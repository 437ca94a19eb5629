/** What fans said and no rule caught, grouped; one click starts a rule with the words in it (D8). */
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Account, Unmatched as Group, Page as Items } from "@/api/types";
import { problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Empty, Num, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { useUndoableDelete } from "@/ui/undo";
import { dismissUnmatched, unmatchedQuery } from "./api";

export function Unmatched({ account, onMake }: { account: Account; onMake: (text: string) => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(unmatchedQuery(account.id));
  const notAllowed = useNotAllowed("replies:write");
  const removeLater = useUndoableDelete();
  const rows = query.data?.pages.flatMap((page) => page.items);

  const dismiss = (group: Group) => {
    const key = unmatchedQuery(account.id).queryKey;
    removeLater({
      path: `/api/v1/accounts/${account.id}/replies/unmatched/${group.id}`,
      text: t("unmatched.dismissed", { text: group.text }),
      remove: () => dismissUnmatched(account.id, group.id),
      hide: () =>
        queryClient.setQueryData(key, (data: InfiniteData<Items<Group>> | undefined) =>
          data
            ? {
                ...data,
                pages: data.pages.map((page) => ({
                  ...page,
                  items: page.items.filter((one) => one.id !== group.id),
                })),
              }
            : data,
        ),
      restore: () => void queryClient.invalidateQueries({ queryKey: key }),
      failed: (error) => void message.error(problemText(error)),
    });
  };

  const columns: Column<Group>[] = [
    {
      key: "text",
      width: "58%",
      title: t("unmatched.said"),
      render: (group) => (
        <div className="unmatched-text">
          <strong>{group.text}</strong>
          {group.examples.filter((one) => one !== group.text).length > 0 ? (
            <small>
              {group.examples
                .filter((one) => one !== group.text)
                .slice(0, 3)
                .join(" · ")}
            </small>
          ) : null}
        </div>
      ),
    },
    {
      key: "count",
      title: t("unmatched.times"),
      align: "right",
      render: (group) => <Num value={group.count} />,
    },
    { key: "last", title: t("unmatched.last"), render: (group) => <When at={group.last_at} /> },
    {
      key: "do",
      title: "",
      render: (group) => (
        <span className="row unmatched-do">
          <Because reason={notAllowed}>
            <Button size="small" disabled={!!notAllowed} onClick={() => onMake(group.text)}>
              {t("unmatched.make")}
            </Button>
          </Because>
          <Because reason={notAllowed}>
            <Button
              size="small"
              type="text"
              disabled={!!notAllowed}
              icon={<Icon name="close" size={14} />}
              onClick={() => dismiss(group)}
              aria-label={t("unmatched.dismiss")}
              title={t("unmatched.dismiss")}
            />
          </Because>
        </span>
      ),
    },
  ];

  return (
    <section className="unmatched">
      <header>
        <h2>{t("replies.unmatched")}</h2>
        <p className="soft small">{t("unmatched.lead")}</p>
      </header>
      <List
        label={t("replies.unmatched")}
        rows={rows}
        columns={columns}
        rowKey={(group) => group.id}
        error={query.error}
        retry={() => void query.refetch()}
        keys={false}
        more={{
          has: query.hasNextPage,
          loading: query.isFetchingNextPage,
          load: () => void query.fetchNextPage(),
        }}
        empty={
          <div className="card">
            <Empty drawing="done">{t("unmatched.empty")}</Empty>
          </div>
        }
      />
    </section>
  );
}
