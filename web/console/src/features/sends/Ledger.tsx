/** The ledger, newest first; filters live in the address. */
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Drawer, Select } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { refresh } from "@/api/news";
import { useAccounts } from "@/api/queries";
import type { ListedSend, SendState } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { AccountName, Badge, Empty, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { countsQuery, sendsQuery } from "./api";
import { Evidence } from "./Evidence";
import { State, useSendWords } from "./words";

const states = ["queued", "sending", "retrying", "sent", "refused", "unknown", "held", "cancelled"] as const;
const services = ["custom", "template", "notice"] as const;
const spans = ["1", "7", "30"] as const;
const day = 86_400_000;

export function Ledger() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const client = useQueryClient();
  const accounts = useAccounts();
  const nameOf = usePersonName();
  const { said, why } = useSendWords();
  const search = useSearch({ from: "/signed-in/sends" });
  const [open, setOpen] = useState<ListedSend | null>(null);

  const filters = useMemo(
    () => ({
      account: search.account,
      service: search.service,
      customer: search.customer,
      // To the hour, so that the same filter is the same question for a while.
      due_after: search.days
        ? Math.floor(Date.now() / 3_600_000) * 3_600_000 - Number(search.days) * day
        : undefined,
    }),
    [search.account, search.service, search.customer, search.days],
  );
  const query = useInfiniteQuery({
    ...sendsQuery({ ...filters, state: search.outcome }),
    placeholderData: keepPreviousData,
  });
  const counts = useQuery({ ...countsQuery(filters), placeholderData: keepPreviousData }).data;
  const rows = query.data?.pages.flatMap((page) => page.items);
  const filtered = !!(search.outcome || search.service || search.customer || search.days || search.account);
  const set = (part: Partial<typeof search>) =>
    void navigate({ to: "/sends", search: (s) => ({ ...s, ...part }), replace: true });

  // Many may go out in a second; the page asks again at most every two.
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(due.current), []);
  useLive("event", ({ event }) => {
    if (event.kind !== "message_out") return;
    due.current ??= setTimeout(() => {
      due.current = undefined;
      void refresh(client, { queryKey: ["sends"] });
    }, 2_000);
  });

  const who = search.customer ? rows?.find((row) => row.customer)?.customer : undefined;
  const columns: Column<ListedSend>[] = [
    {
      key: "customer",
      title: t("customers.one"),
      width: 150,
      render: (send) =>
        send.customer ? (
          <Link
            to="/customers/$id"
            params={{ id: send.customer.id }}
            className="send-name"
            onClick={(event) => event.stopPropagation()}
          >
            {nameOf(send.customer.display_name)}
          </Link>
        ) : (
          <span className="dim">—</span>
        ),
    },
    {
      key: "said",
      title: t("sends.said"),
      render: (send) => <span className="send-said">{said(send)}</span>,
    },
    {
      key: "service",
      title: t("sends.service"),
      width: 165,
      roomy: true,
      render: (send) => t(`timeline.via.${send.service}`),
    },
    ...(accounts.length > 1 && !search.account
      ? [
          {
            key: "account",
            title: t("accounts.one"),
            width: 150,
            roomy: true,
            render: (send: ListedSend) => (
              <AccountName account={accounts.find((one) => one.id === send.account_id)} />
            ),
          },
        ]
      : []),
    {
      key: "state",
      title: t("sends.state"),
      width: 190,
      render: (send) => {
        const reason = why(send);
        return (
          <span className="send-state">
            <State send={send} />
            {reason ? <small className="soft">{reason}</small> : null}
          </span>
        );
      },
    },
    {
      key: "due",
      title: t("sends.due"),
      align: "right",
      width: 130,
      render: (send) => (
        <When at={send.state === "queued" ? send.due_at : (send.sending_at ?? send.due_at)} />
      ),
    },
  ];
  const total = counts ? Object.values(counts.states).reduce((sum, n) => sum + n, 0) : null;
  const figure = (n: number) => `${count(n, language)}${counts?.more ? "+" : ""}`;

  return (
    <>
      <ul className="send-counts" aria-label={t("sends.counts")}>
        <Chip
          on={!search.outcome}
          label={t("sends.any_state")}
          n={total === null ? null : figure(total)}
          pick={() => set({ outcome: undefined })}
        />
        {states
          .filter((state) => (counts?.states[state] ?? 0) > 0 || search.outcome === state)
          .map((state: SendState) => (
            <Chip
              key={state}
              on={search.outcome === state}
              label={t(`timeline.states.${state}`)}
              n={figure(counts?.states[state] ?? 0)}
              pick={() => set({ outcome: search.outcome === state ? undefined : state })}
            />
          ))}
      </ul>
      <div className="filters">
        <Select
          allowClear
          className="filter"
          placeholder={t("sends.any_service")}
          aria-label={t("sends.any_service")}
          value={search.service}
          onChange={(service) => set({ service })}
          options={services.map((value) => ({ value, label: t(`services.${value}`) }))}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("sends.any_time")}
          aria-label={t("sends.any_time")}
          value={search.days}
          onChange={(days) => set({ days })}
          options={spans.map((value) => ({ value, label: t(`sends.days.d${value}`) }))}
        />
        {search.customer ? (
          <button
            type="button"
            className="plain send-of"
            aria-label={t("app.remove_what", { what: t("customers.one") })}
            onClick={() => set({ customer: undefined })}
          >
            <Badge>
              {t("customers.one")}
              {who ? ` ${nameOf(who.display_name)}` : ""} <Icon name="close" size={11} />
            </Badge>
          </button>
        ) : null}
      </div>
      <List
        rows={rows}
        columns={columns}
        rowKey={(send) => send.id}
        label={t("nav.sends")}
        onOpen={setOpen}
        busy={query.isPlaceholderData}
        error={query.error}
        retry={() => void query.refetch()}
        empty={
          <div className="card">
            <Empty
              drawing={filtered ? "search" : "letter"}
              action={
                filtered ? (
                  <Button onClick={() => void navigate({ to: "/sends", search: { account: undefined } })}>
                    {t("customers.clear")}
                  </Button>
                ) : null
              }
            >
              {filtered ? t("sends.none_found") : t("sends.empty")}
            </Empty>
          </div>
        }
        more={{
          has: query.hasNextPage,
          loading: query.isFetchingNextPage,
          load: () => void query.fetchNextPage(),
        }}
      />
      <Drawer open={!!open} onClose={() => setOpen(null)} title={t("sends.one")} size={440}>
        {open ? <Evidence send={rows?.find((row) => row.id === open.id) ?? open} whole /> : null}
      </Drawer>
    </>
  );
}

function Chip({ on, label, n, pick }: { on: boolean; label: string; n: string | null; pick: () => void }) {
  return (
    <li>
      <button type="button" className={on ? "send-count on" : "send-count"} aria-pressed={on} onClick={pick}>
        <span>{label}</span>
        <b className="num">{n ?? "—"}</b>
      </button>
    </li>
  );
}
