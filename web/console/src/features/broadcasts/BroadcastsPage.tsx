/** The broadcasts of an account, and how much may still be said this month. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Account, Broadcast, BroadcastContent, BroadcastState } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Note, Num, Page, Trouble, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { SearchBox } from "@/ui/SearchBox";
import { isPendingDelete } from "@/ui/undo";
import { allowanceQuery, broadcastsQuery, useMake } from "./api";
import { Calendar, Left, UsedBar } from "./Calendar";
import { FromArticle } from "./FromArticle";
import { newBody, shanghaiDay } from "./shape";
import { contentWords, kindIcons, OfAccount, State, useAudienceWords } from "./words";

const states = [
  "draft",
  "awaiting_approval",
  "scheduled",
  "missed",
  "running",
  "testing",
  "held",
  "stopped",
  "done",
] as const satisfies readonly BroadcastState[];

export default function BroadcastsPage() {
  return <OfAccount>{(account) => <Broadcasts key={account.id} account={account} />}</OfAccount>;
}

function Broadcasts({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/broadcasts" });
  const notAllowed = useNotAllowed("messages:write");
  const why = useReasons().whyFunction(account, "broadcast");
  const query = useInfiniteQuery(
    broadcastsQuery({
      account: account.id,
      query: search.query,
      ...(search.standing === "in_doubt" ? { in_doubt: true } : { state: search.standing }),
    }),
  );
  const rows = query.data?.pages
    .flatMap((page) => page.items)
    .filter((one) => !isPendingDelete(`/api/v1/broadcasts/${one.id}`));
  const to = useAudienceWords();
  const make = useMake();
  const filtered = !!(search.query || search.standing);
  const set = (part: Partial<typeof search>) =>
    void navigate({ to: "/broadcasts", search: (s) => ({ ...s, ...part }), replace: true });
  const start = (name?: string, content?: BroadcastContent) => {
    if (notAllowed || make.isPending) return;
    const day = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", timeZone: "UTC" }).format(
      new Date(shanghaiDay(Date.now())),
    );
    make.mutate(newBody(account.id, name || t("broadcasts.new_name", { day }), content), {
      onSuccess: ({ id }) =>
        void navigate({ to: "/broadcasts/$id", params: { id }, search: { account: account.id } }),
    });
  };
  useKeys({ n: () => start() });

  const columns: Column<Broadcast>[] = [
    {
      key: "name",
      title: t("broadcasts.one"),
      render: (one) => (
        <span className="bc-name">
          <Icon name={kindIcons[one.contents[0]?.type ?? "text"]} size={17} />
          <span className="bc-name-words">
            <Link
              to="/broadcasts/$id"
              params={{ id: one.id }}
              search={{ account: account.id }}
              onClick={(event) => event.stopPropagation()}
            >
              {one.name || t("broadcasts.unnamed")}
            </Link>
            <small className="soft ellipsis">
              {to(one.audience)} · {contentWords(t, one.contents[0])}
            </small>
          </span>
        </span>
      ),
    },
    {
      key: "state",
      title: t("broadcasts.state"),
      width: 150,
      render: (one) => <State state={one.state} />,
    },
    {
      key: "fans",
      title: t("broadcasts.fans_word"),
      align: "right",
      width: 92,
      blank: (one) => one.state === "draft",
      render: (one) => <Num value={one.state === "draft" ? null : one.counts.fans} />,
    },
    {
      key: "sent",
      title: t("broadcasts.outcomes.sent"),
      align: "right",
      width: 92,
      blank: (one) => one.started_at === null,
      render: (one) => <Num value={one.started_at === null ? null : one.counts.sent} />,
    },
    {
      key: "at",
      title: t("broadcasts.when"),
      align: "right",
      width: 140,
      render: (one) => <When at={one.started_at ?? one.starts_at ?? one.created_at} />,
    },
  ];
  const makeButton = (
    <Because reason={notAllowed}>
      <Button
        type="primary"
        icon={<Icon name="plus" />}
        disabled={!!notAllowed}
        loading={make.isPending}
        onClick={() => start()}
      >
        {t("broadcasts.new")}
      </Button>
    </Because>
  );
  return (
    <Page wide title={t("nav.broadcasts")} actions={makeButton}>
      <div className="bc-notes">
        {why ? (
          <Note tone="warning">
            {t("broadcasts.off")} {why}
          </Note>
        ) : null}
        {make.error ? <Trouble error={make.error} /> : null}
      </div>
      <div className="bc-list">
        <Allowance account={account} month={search.month} onMonth={(month) => set({ month })} />
        <div className="bc-list-main">
          <FromArticle
            account={account}
            disabled={!!notAllowed || make.isPending}
            onStart={(article) =>
              start(article.titles[0]?.slice(0, 60), { type: "article", article_id: article.id })
            }
          />
          <div className="filters">
            <SearchBox
              value={search.query}
              label={t("broadcasts.search")}
              onChange={(text) => set({ query: text })}
            />
            <Select
              allowClear
              className="filter"
              placeholder={t("broadcasts.any_state")}
              aria-label={t("broadcasts.any_state")}
              value={search.standing}
              onChange={(standing) => set({ standing })}
              options={[
                ...states.map((value) => ({ value, label: t(`broadcasts.states.${value}`) })),
                { value: "in_doubt" as const, label: t("broadcasts.in_doubt") },
              ]}
            />
          </div>
          <List
            label={t("nav.broadcasts")}
            rows={rows}
            columns={columns}
            rowKey={(one) => one.id}
            error={query.error}
            retry={() => void query.refetch()}
            busy={query.isPlaceholderData}
            onOpen={(one) =>
              void navigate({
                to: "/broadcasts/$id",
                params: { id: one.id },
                search: { account: account.id },
              })
            }
            more={{
              has: query.hasNextPage,
              loading: query.isFetchingNextPage,
              load: () => void query.fetchNextPage(),
            }}
            empty={
              <div className="card">
                {filtered ? (
                  <Empty
                    drawing="search"
                    action={
                      <Button onClick={() => set({ query: undefined, standing: undefined })}>
                        {t("broadcasts.clear")}
                      </Button>
                    }
                  >
                    {t("broadcasts.none_found")}
                  </Empty>
                ) : (
                  <Empty drawing="letter" action={makeButton}>
                    {t("broadcasts.empty")}
                  </Empty>
                )}
              </div>
            }
          />
        </div>
      </div>
    </Page>
  );
}

function Allowance({
  account,
  month,
  onMonth,
}: {
  account: Account;
  month: string | undefined;
  onMonth: (month: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const query = useQuery(allowanceQuery(account.id, month));
  const { data } = query;
  if (!data)
    return (
      <Card title={t("broadcasts.allowance")} className="allow">
        {query.error ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Bars rows={6} height={46} />
        )}
      </Card>
    );
  const thisMonth = shanghaiDay(Date.now()).slice(0, 7);
  return (
    <Card title={t("broadcasts.allowance")} className="allow">
      <div className="allow-parts">
        <Left allowance={data} />
        <Calendar allowance={data} onMonth={(next) => onMonth(next === thisMonth ? undefined : next)} />
        {data.fans ? <UsedBar used={data.fans} label={t("broadcasts.used")} /> : null}
      </div>
    </Card>
  );
}
