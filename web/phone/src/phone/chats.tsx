/** The first screen: conversations with accounts, and the accounts of this sandbox one could follow. */
import { useLive, useNow } from "../api/live";
import type { ChatRow } from "../api/types";
import { go } from "../route";
import { AccountMark } from "../ui/avatar";
import { Button, Empty, ErrorBox, IconButton, Skeleton } from "../ui/kit";
import { chatTime } from "../ui/time";
import { useWords } from "../words";
import { TabBar, TitleBar } from "./bars";
import type { ScreenProps } from "./device";
import { PeopleButton } from "./people";
import { usePreview } from "./preview";

export function ChatsScreen({ places, mine, small, onSheet }: ScreenProps) {
  const { t } = useWords();
  const { state } = useLive();
  const person = mine.value;
  const chats = person?.chats ?? [];
  const talked = chats
    .filter((c) => c.following || c.last)
    .sort((a, b) => (b.last?.at_ms ?? 0) - (a.last?.at_ms ?? 0) || Number(b.following) - Number(a.following));
  const strangers = (state.value?.accounts ?? []).filter((a) => !talked.some((c) => c.appid === a.appid));

  return (
    <>
      <TitleBar
        title={t("tab.chats")}
        left={small ? <PeopleButton person={person} places={places} compact /> : undefined}
        right={small ? <IconButton icon="eye" label={t("drawer.title")} onClick={onSheet} /> : undefined}
      />
      <div className="scroll">
        <ErrorBox
          error={mine.error ?? state.error}
          onRetry={() => (mine.error ? mine.reload() : state.reload())}
        />
        {!person && mine.loading && <Skeleton rows={5} height={68} />}
        {person && state.value && talked.length === 0 && strangers.length === 0 && (
          <Empty text={t("chats.noAccounts")}>
            <Button look="primary" onClick={() => go("/control")}>
              {t("chats.makeAccount")}
            </Button>
          </Empty>
        )}
        {talked.length > 0 && (
          <ul className="rows">
            {talked.map((c) => (
              <Row key={c.appid} chat={c} onOpen={() => places.to({ appid: c.appid })} />
            ))}
          </ul>
        )}
        {person && strangers.length > 0 && (
          <>
            <h3 className="rows-title">{t("chats.others")}</h3>
            <ul className="rows">
              {strangers.map((a) => (
                <li key={a.appid}>
                  <button
                    type="button"
                    className="row"
                    data-testid={`phone-chat-${a.appid}`}
                    onClick={() => places.to({ appid: a.appid, view: "profile" })}
                  >
                    <AccountMark name={a.nick_name} appid={a.appid} />
                    <span className="row-text">
                      <span className="row-head">
                        <b>{a.nick_name}</b>
                      </span>
                      <span className="row-line">{t(`kind.${a.kind}`)}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <TabBar places={places} />
    </>
  );
}

function Row({ chat, onOpen }: { chat: ChatRow; onOpen: () => void }) {
  const { t, locale } = useWords();
  const now = useNow(30_000);
  const preview = usePreview();
  return (
    <li>
      <button type="button" className="row" data-testid={`phone-chat-${chat.appid}`} onClick={onOpen}>
        <span className="row-mark">
          <AccountMark name={chat.nick_name} appid={chat.appid} />
          {chat.unread > 0 && (
            <span className="unread">
              {chat.unread > 99 ? "99+" : chat.unread}
              <span className="unseen"> {t("chats.unread")}</span>
            </span>
          )}
        </span>
        <span className="row-text">
          <span className="row-head">
            <b>{chat.nick_name}</b>
            {chat.last && now !== undefined && (
              <time>{chatTime(chat.last.at_ms, now, locale, t("yesterday"), false)}</time>
            )}
          </span>
          <span className={chat.last?.kind === "failure" ? "row-line row-line-bad" : "row-line"}>
            {chat.last ? preview(chat.last) : chat.following ? t("chats.nothing") : t("chats.notFollowing")}
          </span>
        </span>
      </button>
    </li>
  );
}
