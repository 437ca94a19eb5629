/**
 * One conversation. The server's list is the truth: what is typed appears when the sandbox has taken it, and the
 * stream adds what comes after. If the stream was away, everything is loaded again when it is back.
 */
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { fanPath, get, post, query } from "../api/client";
import { useEvents, useLive, useNow } from "../api/live";
import type { Chat, ChatItem } from "../api/types";
import { useAct, useLoad } from "../api/use-load";
import { Button, Empty, ErrorBox, IconButton, Skeleton, useErrorText } from "../ui/kit";
import { chatTime } from "../ui/time";
import { useWords } from "../words";
import { TitleBar } from "./bars";
import { Composer } from "./composer";
import type { ScreenProps } from "./device";
import { ItemView } from "./item";
import { addItem } from "./items";

const firstItems = 100;

export function ChatScreen({ places, mine, onOpen, onSheet, small, appid }: ScreenProps & { appid: string }) {
  const { t, locale } = useWords();
  const { state } = useLive();
  const now = useNow();
  const errorText = useErrorText();
  const { person } = places.place;
  const openid = mine.value?.chats.find((c) => c.appid === appid)?.openid;
  const account = state.value?.accounts.find((a) => a.appid === appid);
  const name = account?.nick_name ?? mine.value?.chats.find((c) => c.appid === appid)?.nick_name ?? "";
  const [limit, setLimit] = useState(firstItems);
  const chat = useLoad(openid ? `chat/${openid}/${limit}` : null, (signal) =>
    get<Chat>(`${fanPath(appid, openid ?? "")}/chat${query({ limit })}`, signal),
  );
  // While more is being loaded the old list stays.
  const [kept, setKept] = useState<Chat>();
  useEffect(() => {
    if (chat.value) setKept(chat.value);
  }, [chat.value]);
  const shown = chat.value ?? kept;
  const [typingUntil, setTypingUntil] = useState<number | null>(null);
  useEffect(() => setTypingUntil(chat.value?.typing_until_ms ?? null), [chat.value]);

  useEvents((event) => {
    // A broadcast is told of once, not to everybody who got it.
    if (event.type === "open" || (event.type === "mass" && event.appid === appid)) chat.reload();
    if (event.type === "chat" && event.appid === appid && event.person === person) {
      chat.set((old) => old && { ...old, items: addItem(old.items, event.item) });
      if (event.item.from === "account") setTypingUntil(null);
      // Following changes what can be said; the menu comes with it. And what is being loaded may be from before this.
      if (event.item.kind === "event" || chat.loading) chat.reload();
    }
    if (event.type === "typing" && event.appid === appid && event.person === person)
      setTypingUntil(event.until_ms);
    if (event.type === "call" && event.appid === appid && event.path.startsWith("/cgi-bin/menu/"))
      chat.reload();
  });

  // Seen is read. Only what the account said counts as unread.
  const last = shown?.items.at(-1);
  const unread = mine.value?.chats.find((c) => c.appid === appid)?.unread ?? 0;
  const { reload: reloadMine } = mine;
  useEffect(() => {
    if (!openid || unread === 0) return;
    let left = false;
    post(`${fanPath(appid, openid)}/read`).then(
      () => !left && reloadMine(),
      () => {}, // A count that stays is no reason to disturb the conversation.
    );
    return () => {
      left = true;
    };
  }, [openid, appid, unread, reloadMine]);

  const { act, busy, error, clear } = useAct();
  const [failed, setFailed] = useState<string | null>(null);
  const to = (what: string, body: unknown) =>
    post<{ id: ChatItem["id"] }>(`${fanPath(appid, openid ?? "")}/${what}`, body).then(chat.reload);
  const actions = {
    onOpen,
    onMenu: (id: string, content: string) => void act(() => to("say", { text: content, menu_id: id })),
  };

  // New things at the foot scroll into view when the foot was in view.
  const scroll = useRef<HTMLDivElement>(null);
  const atFoot = useRef(true);
  const lastTop = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the foot moves with the last item, the typing sign and the error
  useLayoutEffect(() => {
    const box = scroll.current;
    if (box && atFoot.current) box.scrollTop = box.scrollHeight;
  }, [last?.id, shown !== undefined, typingUntil, error, failed]);
  useEffect(() => {
    const box = scroll.current;
    if (!box) return;
    const inner = new ResizeObserver(() => {
      if (atFoot.current) box.scrollTop = box.scrollHeight;
    });
    inner.observe(box);
    if (box.firstElementChild) inner.observe(box.firstElementChild);
    return () => inner.disconnect();
  }, []);

  const typing = typingUntil !== null && now !== undefined && typingUntil > now;
  const items = useMemo(() => withTimes(shown?.items ?? []), [shown]);
  const loading = !shown && (chat.loading || mine.loading) && !chat.error && !mine.error;

  return (
    <>
      <TitleBar
        title={name || t("chat.title")}
        sub={typing ? t("chat.typing") : shown && !shown.following ? t("chats.notFollowing") : undefined}
        onBack={() => places.to({ view: "chats", appid: null })}
        right={
          <>
            {small && <IconButton icon="eye" label={t("drawer.title")} onClick={onSheet} />}
            <IconButton
              icon="more"
              label={t("profile.title")}
              data-testid="phone-profile"
              onClick={() => places.to({ appid, view: "profile" })}
            />
          </>
        }
      />
      <div
        className="scroll talk"
        ref={scroll}
        onScroll={(event) => {
          const box = event.currentTarget;
          // Growing content also tells of a scroll; only a person moves upwards.
          if (box.scrollHeight - box.scrollTop - box.clientHeight < 40) atFoot.current = true;
          else if (box.scrollTop < lastTop.current - 1) atFoot.current = false;
          lastTop.current = box.scrollTop;
        }}
      >
        <div className="talk-items" role="log" aria-label={name} aria-busy={loading}>
          <ErrorBox
            error={chat.error ?? mine.error}
            onRetry={() => (mine.error ? mine.reload() : chat.reload())}
          />
          {mine.value && state.value && !openid && (
            <Empty icon="search" text={t("profile.unknown", { appid })} />
          )}
          {loading && <Skeleton rows={4} height={56} />}
          {shown && shown.items.length >= limit && (
            <Button small look="quiet" busy={chat.loading} onClick={() => setLimit(limit + 200)}>
              {t("chat.earlier")}
            </Button>
          )}
          {shown?.items.length === 0 && (
            <Empty text={shown.following ? t("chat.empty") : t("chat.emptyStranger")} />
          )}
          {items.map(({ item, time }) => (
            <Fragment key={String(item.id)}>
              {time && now !== undefined && (
                <time className="talk-time" dateTime={new Date(item.at_ms).toISOString()}>
                  {chatTime(item.at_ms, now, locale, t("yesterday"), true)}
                </time>
              )}
              <ItemView item={item} account={{ appid, name }} person={mine.value} {...actions} />
            </Fragment>
          ))}
          {typing && (
            <div className="said said-account">
              <span className="bubble bubble-typing" role="status" aria-label={t("chat.typing")}>
                <i />
                <i />
                <i />
              </span>
            </div>
          )}
          {error && (
            <p className="grey grey-bad" role="alert">
              {t("chat.sendFailed", { why: errorText(error) })}
            </p>
          )}
        </div>
      </div>
      {shown?.following && (
        <Composer
          menu={shown.menu?.button ?? []}
          busy={busy}
          draft={failed}
          onSay={async (text) => {
            clear();
            atFoot.current = true;
            const ok = await act(() => to("say", { text }));
            setFailed(ok ? null : text);
            return ok;
          }}
          onSend={(body) => {
            atFoot.current = true;
            return act(() => to("send", body));
          }}
          onTap={(body) => {
            atFoot.current = true;
            return act(() => to("tap", body));
          }}
          onOpen={onOpen}
        />
      )}
      {shown && !shown.following && (
        <div className="foot-note">
          <span>{t("chat.followFirst")}</span>
          <Button look="primary" small onClick={() => places.to({ appid, view: "profile" })}>
            {t("profile.title")}
          </Button>
        </div>
      )}
    </>
  );
}

/** A time stands above the first item and wherever more than five minutes passed in silence. */
function withTimes(items: ChatItem[]): { item: ChatItem; time: boolean }[] {
  return items.map((item, i) => {
    const before = items[i - 1];
    return { item, time: !before || item.at_ms - before.at_ms > 5 * 60_000 };
  });
}
