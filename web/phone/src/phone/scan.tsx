/**
 * The camera. A real one cannot look at its own screen, so the codes made in this sandbox hang on the wall: tap one,
 * or paste what a code says. A follower's scan goes to the chat; a stranger is led to the account's page to follow.
 */
import { useState } from "react";
import { fanPath, get, post } from "../api/client";
import { useEvents, useNow } from "../api/live";
import type { List, QrCode } from "../api/types";
import { useAct, useLater, useLoad } from "../api/use-load";
import { safeUrl } from "../text/parse";
import { Button, Empty, ErrorBox, Skeleton, TextInput } from "../ui/kit";
import { shortDate } from "../ui/time";
import { useWords } from "../words";
import { TabBar, TitleBar } from "./bars";
import type { ScreenProps } from "./device";

export const pictureOf = (ticket: string) => `/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`;

export function ScanScreen({ places, mine, onOpen }: ScreenProps) {
  const { t, locale } = useWords();
  const now = useNow(10_000) ?? Date.now();
  const codes = useLoad("qrcodes", (signal) => get<List<QrCode>>("/qrcodes", signal));
  const refresh = useLater(codes.reload, 200);
  useEvents((event) => {
    if (event.type === "open" || (event.type === "call" && event.path.startsWith("/cgi-bin/qrcode/")))
      refresh();
  });
  const [typed, setTyped] = useState("");
  const [unknown, setUnknown] = useState(false);
  const { act, busy, error, clear } = useAct();
  // Until both are here nobody can say what a code is, and whether this person follows.
  const loading = (!codes.value && codes.loading) || (!mine.value && mine.loading);

  const scan = (code: QrCode) =>
    act(async () => {
      const chat = mine.value?.chats.find((c) => c.appid === code.appid);
      if (!chat) return;
      if (!chat.following) {
        places.to({ appid: code.appid, view: "profile", ticket: code.ticket });
        return;
      }
      await post(`${fanPath(code.appid, chat.openid)}/scan`, { ticket: code.ticket });
      places.to({ appid: code.appid });
    });

  const read = () => {
    const said = typed.trim();
    if (!said) return;
    const ticket = ticketIn(said);
    const code = codes.value?.items.find((c) => c.ticket === ticket || c.url === said);
    const url = safeUrl(said);
    setUnknown(!code && !url);
    if (code) void scan(code);
    else if (url) onOpen({ url });
  };

  const dead = (code: QrCode) => code.expires_ms !== null && code.expires_ms <= now;
  return (
    <>
      <TitleBar title={t("tab.scan")} />
      <div className="scroll scan">
        <form
          className="scan-paste"
          onSubmit={(event) => {
            event.preventDefault();
            read();
          }}
        >
          <TextInput
            data-testid="phone-scan-input"
            aria-label={t("scan.paste")}
            placeholder={t("scan.paste")}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setUnknown(false);
            }}
          />
          <Button
            type="submit"
            look="primary"
            busy={busy || loading}
            why={typed.trim() ? null : t("scan.pasteFirst")}
            data-testid="phone-scan-submit"
          >
            {t("scan.go")}
          </Button>
        </form>
        {unknown && <p className="field-error">{t("scan.unknown")}</p>}
        <ErrorBox
          error={error ?? codes.error}
          onRetry={error ? undefined : codes.reload}
          onClose={error ? clear : undefined}
        />
        {!codes.value && codes.loading && <Skeleton rows={3} height={150} />}
        {codes.value?.items.length === 0 && <Empty icon="scan" text={t("scan.none")} />}
        {codes.value && codes.value.items.length > 0 && (
          <ul className="codes">
            {[...codes.value.items]
              .sort((a, b) => b.created_ms - a.created_ms)
              .map((code) => (
                <li key={code.ticket}>
                  <button
                    type="button"
                    className="code"
                    data-testid="phone-code"
                    data-ticket={code.ticket}
                    data-dead={dead(code) || undefined}
                    disabled={loading}
                    onClick={() => scan(code)}
                  >
                    <img src={pictureOf(code.ticket)} alt="" loading="lazy" />
                    <b>{code.nick_name}</b>
                    <span className="mono">{String(code.scene)}</span>
                    <small>
                      {code.expires_ms === null
                        ? t("scan.forever")
                        : dead(code)
                          ? t("scan.expired")
                          : t("scan.until", { time: shortDate(code.expires_ms, locale) })}
                    </small>
                  </button>
                </li>
              ))}
          </ul>
        )}
      </div>
      <TabBar places={places} />
    </>
  );
}

/** The ticket in `…/showqrcode?ticket=…`, else the text itself. */
function ticketIn(text: string): string {
  try {
    return new URL(text).searchParams.get("ticket") ?? text;
  } catch {
    return text;
  }
}
