/** The list: who has to be answered first, how long one still may, what was said last. */
import { Link } from "@tanstack/react-router";
import { Button, Input, Select, Tooltip } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Conversation, InboxSummary } from "@/api/types";
import { useDebounced, useNow } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { usePrefs } from "@/lib/prefs";
import { whenText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Bars, Empty, Face, Trouble } from "@/ui/kit";
import { Countdown } from "./Countdown";

export interface Search {
  account?: string;
  whose?: "me" | "nobody";
  state?: "snoozed" | "done" | "all";
  only?: "unread" | "waiting" | "closing";
  query?: string;
}

export function Conversations({
  list,
  search,
  onSearch,
  summary,
  chosen,
  onOpen,
  error,
  retry,
  more,
}: {
  list: Conversation[] | undefined;
  search: Search;
  onSearch: (part: Partial<Search>) => void;
  summary: InboxSummary | undefined;
  chosen: string | undefined;
  onOpen: () => void;
  error: unknown;
  retry: () => void;
  more: { has: boolean; loading: boolean; load: () => void };
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (chosen) box.current?.querySelector(`[data-id="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const end = useRef<HTMLLIElement>(null);
  const load = useRef(more.load);
  load.current = more.load;
  useEffect(() => {
    if (!end.current || !more.has) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), {
      rootMargin: "300px",
    });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [more.has]);
  const filtered = !!(search.query || search.only || search.whose || search.state);
  return (
    <section className="inbox-list" aria-label={t("nav.inbox")}>
      <Filters search={search} onSearch={onSearch} summary={summary} />
      {error && !list ? <Trouble error={error} retry={retry} /> : null}
      {!list && !error ? (
        <div className="inbox-wait">
          <Bars rows={8} height={56} />
        </div>
      ) : null}
      {list?.length === 0 ? (
        <Empty
          drawing={filtered ? "search" : "done"}
          compact
          action={
            filtered ? (
              <Button
                size="small"
                onClick={() =>
                  onSearch({ query: undefined, only: undefined, whose: undefined, state: undefined })
                }
              >
                {t("inbox.filter.clear")}
              </Button>
            ) : null
          }
        >
          {filtered ? t("inbox.none_found") : t("inbox.empty")}
        </Empty>
      ) : null}
      <ul ref={box} className="inbox-rows">
        {list?.map((one) => (
          <Row key={one.id} one={one} chosen={one.id === chosen} onOpen={onOpen} />
        ))}
        {more.has ? (
          <li ref={end} className="list-more">
            <Button type="text" size="small" loading={more.loading} onClick={more.load}>
              {t("app.load_more")}
            </Button>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Filters({
  search,
  onSearch,
  summary,
}: {
  search: Search;
  onSearch: (part: Partial<Search>) => void;
  summary: InboxSummary | undefined;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(search.query ?? "");
  const query = useDebounced(typed.trim(), 250);
  const tell = useRef(onSearch);
  tell.current = onSearch;
  useEffect(() => {
    tell.current({ query: query || undefined });
  }, [query]);
  useEffect(() => {
    if (!search.query) setTyped("");
  }, [search.query]);
  const views = [
    { value: undefined, label: t("inbox.view.all"), count: summary?.waiting },
    { value: "me", label: t("inbox.view.me"), count: summary?.mine },
    { value: "nobody", label: t("inbox.view.nobody"), count: undefined },
  ] as const;
  return (
    <div className="inbox-filters">
      <Input
        allowClear
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        prefix={<Icon name="search" size={14} />}
        placeholder={t("inbox.filter.find")}
        aria-label={t("inbox.filter.find")}
      />
      <div className="inbox-tabs" role="tablist" aria-label={t("inbox.view.label")}>
        {views.map((view) => (
          <button
            key={view.label}
            type="button"
            role="tab"
            aria-selected={search.whose === view.value}
            className={search.whose === view.value ? "inbox-tab on" : "inbox-tab"}
            onClick={() => onSearch({ whose: view.value })}
          >
            {view.label}
            {view.count ? <small>{view.count >= 1000 ? "999+" : view.count}</small> : null}
          </button>
        ))}
      </div>
      <div className="row">
        <Select
          size="small"
          className="grow"
          popupMatchSelectWidth={false}
          aria-label={t("inbox.filter.state")}
          value={search.state ?? "open"}
          onChange={(state: "open" | Search["state"]) =>
            onSearch({ state: state === "open" ? undefined : state, only: undefined })
          }
          options={(["open", "snoozed", "done", "all"] as const).map((value) => ({
            value,
            label: t(`inbox.state.${value}`),
          }))}
        />
        <Select
          size="small"
          className="grow"
          popupMatchSelectWidth={false}
          aria-label={t("inbox.filter.only")}
          value={search.only ?? "any"}
          onChange={(only: "any" | Search["only"]) =>
            onSearch({ only: only === "any" ? undefined : only, state: undefined })
          }
          options={(["any", "unread", "waiting", "closing"] as const).map((value) => ({
            value,
            label: t(`inbox.only.${value}`),
          }))}
        />
      </div>
    </div>
  );
}

function Row({ one, chosen, onOpen }: { one: Conversation; chosen: boolean; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const { language, zone } = usePrefs();
  const now = useNow();
  const nameOf = usePersonName();
  const accounts = useAccounts();
  const account = accounts.length > 1 ? accounts.find((each) => each.id === one.account_id) : undefined;
  const kind = i18n.exists(`messages.${one.last.kind}`)
    ? t(`messages.${one.last.kind as "text"}`)
    : t("messages.other");
  const words = one.last.text || `[${kind}]`;
  const found = one.match && one.match.field !== "name" ? one.match.text : null;
  const unread = one.attention === "unread";
  return (
    <li data-id={one.id}>
      <Link
        to="/inbox/$id"
        params={{ id: one.id }}
        search={(search) => search}
        className={["inbox-row", chosen ? "on" : "", unread ? "unread" : ""].join(" ")}
        aria-current={chosen ? "true" : undefined}
        onClick={onOpen}
      >
        <span className="inbox-face">
          <Face
            id={one.customer.id}
            name={one.customer.display_name}
            src={one.customer.avatar_url}
            size={38}
          />
          {unread ? (
            <span className="inbox-unread">{one.unread > 99 ? "99+" : one.unread || "•"}</span>
          ) : one.attention === "unanswered" ? (
            <Tooltip title={t("inbox.unanswered")}>
              <span className="inbox-waits" role="img" aria-label={t("inbox.unanswered")} />
            </Tooltip>
          ) : null}
        </span>
        <span className="inbox-about">
          <span className="inbox-top">
            <strong className="ellipsis">{nameOf(one.customer.display_name)}</strong>
            <time dateTime={new Date(one.last.at).toISOString()}>
              {whenText(one.last.at, language, zone, Math.max(now, Math.min(one.last.at, now + 15_000)))}
            </time>
          </span>
          <span className="inbox-words ellipsis">
            {one.last.from === "person" ? <Icon name="send" size={11} /> : null}
            {found ? <mark>{found}</mark> : words}
          </span>
          <span className="inbox-under">
            <Countdown window={one.window} why={one.why} brief />
            {account ? <span className="ellipsis dim">{account.nick_name}</span> : null}
            {one.state !== "open" ? <span className="dim">{t(`inbox.state.${one.state}`)}</span> : null}
            {one.assignee ? (
              <Tooltip
                title={t("inbox.assigned_to", { name: one.assignee.name ?? t("inbox.somebody_gone") })}
              >
                <span className="inbox-whose">
                  <Face id={one.assignee.id} name={one.assignee.name ?? "·"} size={18} />
                </span>
              </Tooltip>
            ) : null}
          </span>
        </span>
      </Link>
    </li>
  );
}
