/** The inbox: who waits, what was said, who it is. Everything goes by keyboard, and on a phone. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Drawer } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import { useLive } from "@/api/live";
import { refresh } from "@/api/news";
import { inboxQuery } from "@/api/queries";
import type { Conversation, Id } from "@/api/types";
import { useMedia, useNarrow, useTitle } from "@/lib/hooks";
import { dialogOpen, useKeys } from "@/lib/keys";
import { useNotAllowed } from "@/lib/rights";
import { Bars, Empty, Trouble } from "@/ui/kit";
import { conversationQuery, conversationsQuery, useRead, useSetState } from "./api";
import { Chat } from "./Chat";
import { Composer, type ComposerHandle } from "./Composer";
import { Conversations, type Search } from "./Conversations";
import { AssignDialog, SnoozeDialog } from "./Dialogs";
import { nextAfter, steady } from "./order";
import { Side } from "./Side";
import "./inbox.css";
import "./chat.css";
import "./composer.css";

/** Somebody who passes by has not read it. */
const glance = 700;
/** News that comes thick and fast is looked at so often. */
const breath = 400;

export default function InboxPage() {
  const { t } = useTranslation();
  const id = useParams({ strict: false }).id as Id | undefined;
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const client = useQueryClient();
  const narrow = useNarrow();
  const roomy = useMedia("(min-width: 1280px)");
  const notAllowed = useNotAllowed("messages:write");
  useTitle(`${t("nav.inbox")} · ${t("app.name")}`);

  const query = useInfiniteQuery({
    ...conversationsQuery({
      account: search.account,
      assigned: search.whose,
      state: search.state,
      only: search.only,
      query: search.query,
    }),
    placeholderData: (before) => before,
  });
  const summary = useQuery(inboxQuery(search.account)).data;
  const listed = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const order = useRef<Id[]>([]);
  const list = useMemo(() => listed && steady(order.current, listed, id), [listed, id]);
  useEffect(() => {
    order.current = list?.map((one) => one.id) ?? [];
  }, [list]);

  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const last = useRef(0);
  const look = () => {
    last.current = Date.now();
    void refresh(client, { queryKey: ["conversations"] });
    void refresh(client, { queryKey: ["inbox"] });
  };
  useLive("conversations", () => {
    // The first news is looked at at once; what follows on its heels, a little later and together.
    const rest = last.current + breath - Date.now();
    if (rest <= 0) return look();
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined;
      look();
    }, rest);
  });
  useEffect(() => () => clearTimeout(waiting.current), []);

  const found = useQuery({ ...conversationQuery(id ?? ""), enabled: !!id });
  const conversation = found.data ?? list?.find((one) => one.id === id);
  const handle = useRef<ComposerHandle>(null);
  const wantsFocus = useRef(false);
  const [dialog, setDialog] = useState<"assign" | "snooze" | null>(null);
  const [side, setSide] = useState(false);
  const setState = useSetState();
  const read = useRead();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was open is closed with its conversation
  useEffect(() => {
    setDialog(null);
    setSide(false);
  }, [id]);

  const marks = useRef(read.mutate);
  marks.current = read.mutate;
  const unread = conversation?.attention === "unread";
  useEffect(() => {
    if (!id || !unread || notAllowed) return;
    const seen = () => {
      if (document.visibilityState === "visible") marks.current(id);
    };
    const timer = setTimeout(seen, glance);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [id, unread, notAllowed]);

  const open = (to: Id | undefined) =>
    void (to
      ? navigate({ to: "/inbox/$id", params: { id: to }, search: (s) => s, replace: !!id })
      : navigate({ to: "/inbox", search: (s) => s }));
  const step = (by: number) => {
    if (!list?.length) return;
    const index = list.findIndex((one) => one.id === id);
    open(list[index < 0 ? 0 : Math.max(0, Math.min(list.length - 1, index + by))]?.id);
  };
  /** What is done with goes, and the next one opens. */
  const leave = (one: Conversation, typing: boolean) => {
    const next = list ? nextAfter(list, one.id) : undefined;
    wantsFocus.current = typing && !narrow;
    open(narrow ? undefined : next?.id);
  };
  const done = (typing = false) => {
    if (!conversation || notAllowed) return;
    if (conversation.state === "done") return setState.mutate({ id: conversation.id, state: "open" });
    setState.mutate({ id: conversation.id, state: "done" }, { onSuccess: () => leave(conversation, typing) });
  };

  useKeys({
    j: () => step(1),
    k: () => step(-1),
    enter: () => handle.current?.focus(),
    r: () => handle.current?.focus(),
    n: () => handle.current?.note(),
    e: () => done(),
    s: () => conversation && !notAllowed && setDialog("snooze"),
    a: () => conversation && !notAllowed && setDialog("assign"),
    // The shell's own sequences, whose second key is not ours.
    ...Object.fromEntries(["h", "i", "c", "r", "a", "s"].map((key) => [`g ${key}`, () => {}])),
  });
  useEffect(() => {
    // Elsewhere a slash searches; with a conversation before one's eyes it opens the canned answers.
    const slash = (event: KeyboardEvent) => {
      const at = event.target;
      const typing =
        at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
      if (dialogOpen() || !handle.current) return;
      event.preventDefault();
      handle.current.focus(true);
    };
    document.addEventListener("keydown", slash, true);
    return () => document.removeEventListener("keydown", slash, true);
  }, []);

  const narrowDown = (part: Partial<Search>) => {
    const same = Object.entries(part).every(([name, value]) => search[name as keyof Search] === value);
    if (same) return;
    const change = { search: (s: Search) => ({ ...s, ...part }), replace: true };
    void (id && !narrow
      ? navigate({ to: "/inbox/$id", params: { id }, ...change })
      : navigate({ to: "/inbox", ...change }));
  };
  const showList = !narrow || !id;
  return (
    <div className={["inbox", roomy ? "roomy" : "", id ? "with-chat" : ""].join(" ")}>
      <h1 className="visually-hidden">{t("nav.inbox")}</h1>
      {showList ? (
        <Conversations
          list={list}
          search={search}
          onSearch={narrowDown}
          summary={summary}
          chosen={id}
          onOpen={() => {
            wantsFocus.current = !narrow;
          }}
          error={query.error}
          retry={() => void query.refetch()}
          more={{
            has: query.hasNextPage,
            loading: query.isFetchingNextPage,
            load: () => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage(),
          }}
        />
      ) : null}
      {id && conversation ? (
        <Chat
          key={conversation.id}
          conversation={conversation}
          narrow={narrow}
          roomy={roomy}
          onDone={() => done()}
          onSnooze={() => setDialog("snooze")}
          onAssign={() => setDialog("assign")}
          onSide={() => setSide(true)}
        >
          {setState.error ? <Trouble error={setState.error} /> : null}
          <Composer
            conversation={conversation}
            handle={handle}
            wantsFocus={wantsFocus}
            onSent={(close) => close && done(true)}
          />
        </Chat>
      ) : id ? (
        <section className="chat chat-none">
          {isCode(found.error, "not_found") ? (
            <Empty drawing="search">{t("inbox.gone")}</Empty>
          ) : found.error ? (
            <Trouble error={found.error} retry={() => void found.refetch()} />
          ) : (
            <Bars rows={6} height={44} />
          )}
        </section>
      ) : narrow ? null : (
        <section className="chat chat-none">
          <Empty drawing="talk">{t("inbox.choose")}</Empty>
        </section>
      )}
      {roomy && conversation && id ? (
        <Side key={conversation.customer.id} conversation={conversation} />
      ) : null}
      {conversation && !roomy ? (
        <Drawer
          open={side}
          onClose={() => setSide(false)}
          placement="right"
          size={Math.min(340, typeof innerWidth === "number" ? innerWidth - 24 : 340)}
          destroyOnHidden
        >
          <Side conversation={conversation} />
        </Drawer>
      ) : null}
      {dialog === "assign" && conversation ? (
        <AssignDialog conversation={conversation} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === "snooze" && conversation ? (
        <SnoozeDialog
          conversation={conversation}
          onClose={() => setDialog(null)}
          onSnoozed={() => {
            setDialog(null);
            leave(conversation, false);
          }}
        />
      ) : null}
    </div>
  );
}
