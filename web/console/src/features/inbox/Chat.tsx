/** The chat of one conversation: its head with what can be done, the lines by day, who else writes, the place to write. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { Fragment, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { refresh } from "@/api/news";
import { useAccounts, useMe } from "@/api/queries";
import type { ChatLine, Conversation } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { dayOf, isoDay } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { AccountName, Bars, Because, Empty, Face, Kbd, Trouble } from "@/ui/kit";
import { linesQuery } from "./api";
import { Countdown } from "./Countdown";
import { Line } from "./Line";

export function Chat({
  conversation,
  narrow,
  roomy,
  onDone,
  onSnooze,
  onAssign,
  onSide,
  children,
}: {
  conversation: Conversation;
  narrow: boolean;
  /** There is room for the person beside the chat. */
  roomy: boolean;
  onDone: () => void;
  onSnooze: () => void;
  onAssign: () => void;
  onSide: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const accounts = useAccounts();
  const notAllowed = useNotAllowed("messages:write");
  const name = nameOf(conversation.customer.display_name);
  const done = conversation.state === "done";
  return (
    <section className="chat" aria-label={name}>
      <header className="chat-head">
        {narrow ? (
          <Link to="/inbox" search={(search) => search} className="chat-back" aria-label={t("inbox.back")}>
            <Icon name="left" size={20} />
          </Link>
        ) : null}
        <button
          type="button"
          className="plain chat-who"
          onClick={onSide}
          aria-label={t("inbox.about", { name })}
        >
          <Face
            id={conversation.customer.id}
            name={conversation.customer.display_name}
            src={conversation.customer.avatar_url}
            size={34}
          />
          <span className="chat-name">
            <strong className="ellipsis">{name}</strong>
            <small>
              {accounts.length > 1 ? (
                <AccountName account={accounts.find((one) => one.id === conversation.account_id)} size={14} />
              ) : null}
              <Countdown window={conversation.window} why={conversation.why} brief={narrow} />
            </small>
          </span>
        </button>
        <div className="chat-acts">
          <Because reason={notAllowed}>
            <Tooltip title={<Key name={t("inbox.assign.title")} keys="a" />}>
              <Button
                className="chat-assign"
                disabled={!!notAllowed}
                icon={
                  conversation.assignee ? (
                    <Face id={conversation.assignee.id} name={conversation.assignee.name ?? "·"} size={18} />
                  ) : (
                    <Icon name="hand" />
                  )
                }
                onClick={onAssign}
                aria-label={t("inbox.assign.title")}
              >
                {narrow ? null : (conversation.assignee?.name ?? t("inbox.assign.short"))}
              </Button>
            </Tooltip>
          </Because>
          <Because reason={notAllowed}>
            <Tooltip title={<Key name={t("inbox.snooze.title")} keys="s" />}>
              <Button
                icon={<Icon name="clock" />}
                disabled={!!notAllowed}
                onClick={onSnooze}
                aria-label={t("inbox.snooze.title")}
              />
            </Tooltip>
          </Because>
          <Because reason={notAllowed}>
            <Tooltip title={<Key name={done ? t("inbox.reopen") : t("inbox.done")} keys="e" />}>
              <Button
                icon={<Icon name={done ? "undo" : "check"} />}
                disabled={!!notAllowed}
                onClick={onDone}
                aria-label={done ? t("inbox.reopen") : t("inbox.done")}
              >
                {narrow ? null : done ? t("inbox.reopen") : t("inbox.done")}
              </Button>
            </Tooltip>
          </Because>
          {narrow || !roomy ? (
            <Button icon={<Icon name="person" />} onClick={onSide} aria-label={t("inbox.about", { name })} />
          ) : null}
        </div>
      </header>
      <Lines conversation={conversation} />
      <Others conversation={conversation} />
      {children}
    </section>
  );
}

function Key({ name, keys }: { name: string; keys: string }) {
  return (
    <span className="key-tip">
      {name} <Kbd>{keys}</Kbd>
    </span>
  );
}

/** WeChat reports on a template message within seconds; later than this nobody waits for it. */
const reportsWithinMs = 2 * 60_000;

/** Whether WeChat is still to report on it, which nothing tells an open page of. */
function isAwaited({ event, delivery, at }: ChatLine): boolean {
  const { via, state } = event?.properties ?? {};
  const reported = via === "template" || via === "notice";
  return reported && state === "sent" && !delivery && Date.now() - at < reportsWithinMs;
}

function Lines({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const client = useQueryClient();
  const query = useInfiniteQuery({
    ...linesQuery(conversation.id),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(isAwaited) ? 3_000 : false),
  });
  const newestFirst = query.data?.pages.flatMap((page) => page.items);
  const { account_id, openid, customer, id } = conversation;
  const again = () => {
    void refresh(client, { queryKey: ["conversation-lines", id] });
    void refresh(client, { queryKey: ["conversation", id] });
    void refresh(client, { queryKey: ["reach", customer.id] });
  };
  useLive("event", ({ customer_id, event }) => {
    if (customer_id === customer.id && event.account_id === account_id) again();
  });
  useLive("conversations", ({ fans, more }) => {
    if (more || fans.some((fan) => fan.account_id === account_id && fan.openid === openid)) again();
  });

  const top = useRef<HTMLLIElement>(null);
  const load = useRef(() => {});
  load.current = () => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  useEffect(() => {
    if (!top.current || !query.hasNextPage) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), {
      rootMargin: "300px",
    });
    watcher.observe(top.current);
    return () => watcher.disconnect();
  }, [query.hasNextPage]);

  if (query.error && !newestFirst)
    return (
      <div className="chat-lines">
        <Trouble error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  if (!newestFirst)
    return (
      <div className="chat-lines">
        <Bars rows={6} height={44} />
      </div>
    );
  // The sheet is turned upside down, so that it stays at its end by itself; the lines go in newest first.
  return (
    <ol className="chat-lines" aria-live="polite">
      {newestFirst.length === 0 ? (
        <li>
          <Empty drawing="talk" compact>
            {t("inbox.silent")}
          </Empty>
        </li>
      ) : null}
      {newestFirst.map((line: ChatLine, index) => {
        const older = newestFirst[index + 1];
        const head = !older || isoDay(older.at, zone) !== isoDay(line.at, zone);
        return (
          <Fragment key={line.id}>
            <Line line={line} conversation={conversation} />
            {head ? <li className="chat-day">{dayOf(line.at, language, zone)}</li> : null}
          </Fragment>
        );
      })}
      {query.hasNextPage ? (
        <li ref={top} className="list-more">
          <Button type="text" size="small" loading={query.isFetchingNextPage} onClick={() => load.current()}>
            {t("inbox.earlier")}
          </Button>
        </li>
      ) : null}
    </ol>
  );
}

/** Somebody who said that they type counts as typing for so long. */
const typingLasts = 8_000;

function Others({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const me = useMe();
  const [who, setWho] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useLive("typing", ({ conversation_id, person_id, name, typing }) => {
    if (conversation_id !== conversation.id || person_id === me.person.id) return;
    clearTimeout(timer.current);
    setWho(typing ? name : null);
    if (typing) timer.current = setTimeout(() => setWho(null), typingLasts);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!who) return null;
  return (
    <div className="chat-typing" role="status">
      <span className="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t("inbox.typing", { name: who })}
    </div>
  );
}
