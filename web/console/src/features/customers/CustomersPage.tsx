/** The list of customers: filters in the address, chosen columns, search, many tagged at once. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Checkbox, Popover, Select } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery, tagsQuery } from "@/api/queries";
import type { CustomerRow, FanStatus } from "@/api/types";
import { useKept, useNarrow } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { shorten } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Empty, Face, Page, Status, TagChip, type Tone, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { SearchBox } from "@/ui/SearchBox";
import { customersQuery } from "./api";
import { BulkBar } from "./BulkBar";
import { Review } from "./Review";
import "./customers.css";

const columnKeys = ["status", "tags", "phone", "email", "city", "gender", "last_seen", "created"] as const;
type ColumnKey = (typeof columnKeys)[number];

export const fanTones: Record<FanStatus, Tone> = {
  following: "ok",
  left: "quiet",
  frozen: "warning",
  unknown: "quiet",
};

const day = 86_400_000;
/** Named spans keep the address readable and stay true tomorrow. */
export function seenRange(
  seen: string | undefined,
  now: number,
): { seen_after?: number; seen_before?: number } {
  // To the hour, so that the same filter is the same question for a while.
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const within = /^within_(\d+)$/.exec(seen ?? "");
  if (within) return { seen_after: hour - Number(within[1]) * day };
  const before = /^before_(\d+)$/.exec(seen ?? "");
  if (before) return { seen_before: hour - Number(before[1]) * day };
  return {};
}

export default function CustomersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const search = useSearch({ from: "/signed-in/customers" });
  const [shown, setShown] = useKept<ColumnKey[]>("hy.customers.columns", [
    "status",
    "tags",
    "phone",
    "city",
    "last_seen",
    "created",
  ]);
  const nameOf = usePersonName();
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const accounts = useQuery(accountsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];

  const filters = useMemo(
    () => ({
      query: search.query,
      account: search.account,
      status: search.status,
      tag: search.tag,
      sort: search.sort,
      ...seenRange(search.seen, Date.now()),
    }),
    [search],
  );
  const query = useInfiniteQuery({ ...customersQuery(filters), placeholderData: keepPreviousData });
  const rows = query.data?.pages.flatMap((page) => page.items);
  const filtered = !!(search.query || search.account || search.status || search.tag || search.seen);

  // What was chosen under other filters is out of sight and must not be tagged by accident.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the filters is the point
  useEffect(() => setChosen(new Set()), [filters]);

  const set = (part: Partial<typeof search>) =>
    void navigate({ to: "/customers", search: (s) => ({ ...s, ...part }), replace: true });

  const all: Record<ColumnKey, Column<CustomerRow>> = {
    status: {
      key: "status",
      title: t("customers.status"),
      width: 150,
      render: (row) => <FanState row={row} account={search.account} names={accounts} />,
    },
    tags: {
      key: "tags",
      title: t("customers.tags"),
      blank: (row) => row.tags.length === 0,
      render: (row) =>
        row.tags.length === 0 ? (
          <span className="dim">—</span>
        ) : (
          <span className="tags">
            {row.tags.slice(0, 3).map((tag) => (
              <TagChip key={tag.id} tag={tag} />
            ))}
            {row.tags.length > 3 ? <span className="dim small">+{row.tags.length - 3}</span> : null}
          </span>
        ),
    },
    phone: {
      key: "phone",
      title: t("profile.phone"),
      render: (row) => <span className="num">{row.phone ?? <span className="dim">—</span>}</span>,
      wideOnly: true,
    },
    email: {
      key: "email",
      roomy: true,
      title: t("profile.email"),
      render: (row) => row.email ?? <span className="dim">—</span>,
      wideOnly: true,
    },
    city: {
      key: "city",
      title: t("profile.city"),
      blank: (row) => !row.city,
      render: (row) => row.city ?? <span className="dim">—</span>,
    },
    gender: {
      key: "gender",
      roomy: true,
      title: t("profile.gender"),
      render: (row) =>
        row.gender === "unknown" ? <span className="dim">—</span> : t(`genders.${row.gender}`),
      wideOnly: true,
    },
    last_seen: {
      key: "last_seen",
      title: t("customers.last_seen"),
      align: "right",
      width: 140,
      render: (row) => <When at={row.last_seen_at} />,
    },
    created: {
      key: "created",
      roomy: true,
      title: t("customers.created"),
      align: "right",
      width: 140,
      render: (row) => <When at={row.created_at} />,
      wideOnly: true,
    },
  };
  const columns: Column<CustomerRow>[] = [
    {
      key: "name",
      title: t("customers.one"),
      render: (row) => (
        <span className="cell-person">
          <Face id={row.id} name={row.display_name} src={row.avatar_url} size={32} />
          <span>
            <Link
              to="/customers/$id"
              params={{ id: row.id }}
              className={row.name ? "person-link" : "person-link stand-in"}
              onClick={(event) => event.stopPropagation()}
            >
              {nameOf(row.display_name)}
            </Link>
            {row.match?.text && row.match.field !== "name" ? (
              <small className="soft">
                {t(`match.${row.match.field}` as "match.name", { defaultValue: row.match.field })}{" "}
                {row.match.field === "openid" || row.match.field === "unionid"
                  ? shorten(row.match.text)
                  : row.match.text}
              </small>
            ) : null}
          </span>
        </span>
      ),
    },
    ...columnKeys.filter((key) => shown.includes(key)).map((key) => all[key]),
  ];

  return (
    <Page title={t("nav.customers")}>
      <Review />
      <div className="filters">
        <SearchBox
          value={search.query}
          label={t("customers.search")}
          onChange={(text) => set({ query: text })}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("customers.any_status")}
          aria-label={t("customers.any_status")}
          value={search.status}
          onChange={(status) => set({ status })}
          options={(["following", "left", "never"] as const).map((value) => ({
            value,
            label: t(`customers.statuses.${value}`),
          }))}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("customers.any_tag")}
          aria-label={t("customers.any_tag")}
          value={search.tag}
          onChange={(tag) => set({ tag })}
          showSearch={{ optionFilterProp: "label" }}
          options={tags.map((tag) => ({ value: tag.id, label: tag.name }))}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("customers.any_time")}
          aria-label={t("customers.any_time")}
          value={search.seen}
          onChange={(seen) => set({ seen })}
          options={(["within_1", "within_7", "within_30", "before_30", "before_90"] as const).map(
            (value) => ({ value, label: t(`customers.seen.${value}`) }),
          )}
        />
        {narrow ? null : (
          <>
            <Select
              className="filter"
              aria-label={t("customers.order")}
              value={search.sort ?? "last_seen"}
              onChange={(sort) => set({ sort: sort === "last_seen" ? undefined : sort })}
              options={[
                { value: "last_seen", label: t("customers.by_last_seen") },
                { value: "created", label: t("customers.by_created") },
              ]}
            />
            <Popover
              trigger="click"
              placement="bottomRight"
              arrow={false}
              content={
                <Checkbox.Group
                  className="column-choice"
                  value={shown}
                  onChange={(keys) => setShown(keys as ColumnKey[])}
                  options={columnKeys.map((key) => ({ value: key, label: all[key].title }))}
                />
              }
            >
              <Button
                icon={<Icon name="columns" />}
                aria-label={t("customers.columns")}
                title={t("customers.columns")}
              />
            </Popover>
          </>
        )}
        {filtered ? (
          <Button
            type="text"
            onClick={() => void navigate({ to: "/customers", search: { account: undefined } })}
          >
            {t("customers.clear")}
          </Button>
        ) : null}
      </div>
      <List
        label={t("nav.customers")}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/customers/$id", params: { id: row.id } })}
        chosen={narrow ? undefined : chosen}
        onChoose={narrow ? undefined : setChosen}
        busy={query.isPlaceholderData}
        error={query.error}
        retry={() => void query.refetch()}
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
                  <Button onClick={() => void navigate({ to: "/customers", search: { account: undefined } })}>
                    {t("customers.clear")}
                  </Button>
                }
              >
                {t("customers.none_found")}
              </Empty>
            ) : (
              <Empty
                drawing="people"
                action={
                  <Button type="primary" onClick={() => void navigate({ to: "/accounts" })}>
                    {t("customers.go_accounts")}
                  </Button>
                }
              >
                {t("customers.empty")}
              </Empty>
            )}
          </div>
        }
      />
      {chosen.size > 0 ? (
        <BulkBar chosen={[...chosen]} tags={tags} onDone={() => setChosen(new Set())} />
      ) : null}
    </Page>
  );
}

function FanState({
  row,
  account,
  names,
}: {
  row: CustomerRow;
  account: string | undefined;
  names: { id: string; nick_name: string }[];
}) {
  const { t } = useTranslation();
  const fans = account ? row.fans.filter((fan) => fan.account_id === account) : row.fans;
  const best = fans.find((fan) => fan.status === "following") ?? fans[0];
  if (!best) return <Status tone="quiet">{t("customers.statuses.never")}</Status>;
  const title = fans
    .map(
      (fan) =>
        `${names.find((one) => one.id === fan.account_id)?.nick_name ?? t("app.gone_account")}: ${t(`fans.${fan.status}`)}`,
    )
    .join("\n");
  return (
    <span title={title}>
      <Status tone={fanTones[best.status]}>
        {t(`fans.${best.status}`)}
        {fans.length > 1 ? <span className="dim small"> ×{fans.length}</span> : null}
      </Status>
    </span>
  );
}
