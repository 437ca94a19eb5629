/** Everything that is known of one send. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { ListedSend } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { usePrefs } from "@/lib/prefs";
import { exactTime } from "@/lib/time";
import { AccountName, Facts, ShortId, When } from "@/ui/kit";
import { State, useSendWords } from "./words";

/** `whole`: with what it says and how it stands, where nothing else says so. */
export function Evidence({ send, whole }: { send: ListedSend; whole?: boolean }) {
  const { t, i18n } = useTranslation();
  const { language, zone } = usePrefs();
  const accounts = useAccounts();
  const nameOf = usePersonName();
  const { said, why, code } = useSendWords();
  const exact = (at: number | null) =>
    at === null ? <span className="dim">—</span> : exactTime(at, language, zone);
  const written = i18n.exists(`sends.written.${send.reason}`)
    ? t(`sends.written.${send.reason as "answer_lost"}`)
    : send.state === "sent" || send.errcode !== null
      ? t("sends.written.yes")
      : send.attempts > 0
        ? t("sends.written.begun")
        : t("sends.written.no");
  const reported = send.delivery
    ? t(`sends.deliveries.${send.delivery}`)
    : send.service === "custom"
      ? t("sends.deliveries.never")
      : t("sends.deliveries.none");
  const reason = why(send);
  const facts: [ReactNode, ReactNode][] = [
    ...(whole
      ? ([
          [
            t("customers.one"),
            send.customer ? (
              <Link key="c" to="/customers/$id" params={{ id: send.customer.id }}>
                {nameOf(send.customer.display_name)}
              </Link>
            ) : (
              "—"
            ),
          ],
          [t("sends.said"), said(send)],
          [t("sends.state"), <State key="s" send={send} />],
          ...(reason ? [[t("sends.reason"), reason]] : []),
        ] as [ReactNode, ReactNode][])
      : []),
    [t("accounts.one"), <AccountName key="a" account={accounts.find((one) => one.id === send.account_id)} />],
    [t("sends.service"), t(`services.${send.service}`)],
    [t("sends.purpose"), t(`sends.purposes.${send.purpose}`)],
    // Most begin when they are due.
    ...(send.sending_at === null || send.sending_at - send.due_at > 60_000
      ? ([[t("sends.due"), exact(send.due_at)]] as [ReactNode, ReactNode][])
      : []),
    [t("sends.begun"), exact(send.sending_at)],
    [t("sends.request"), written],
    ...(send.attempts > 1
      ? ([[t("sends.attempts"), String(send.attempts)]] as [ReactNode, ReactNode][])
      : []),
    [t("sends.reported"), reported],
    [t("sends.wechat_id"), send.wechat_id ? <ShortId key="w" value={send.wechat_id} /> : t("sends.no_id")],
    ...(send.errcode !== null
      ? ([[t("sends.errcode"), code(send.errcode)]] as [ReactNode, ReactNode][])
      : []),
    ...(send.evidence ? ([[t("sends.evidence"), send.evidence]] as [ReactNode, ReactNode][]) : []),
    ...(send.by ? ([[t("sends.by"), send.by]] as [ReactNode, ReactNode][]) : []),
    ...(send.decision
      ? ([
          [
            t("sends.decision"),
            <span key="d">
              {t(`sends.decisions.${send.decision}`)} · {send.decided_by} · <When at={send.decided_at} />
            </span>,
          ],
        ] as [ReactNode, ReactNode][])
      : []),
  ];
  return (
    <div className="send-evidence">
      <Facts items={facts} />
    </div>
  );
}
