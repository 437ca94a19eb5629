/** Each call to WeChat: how it stands, under which number WeChat knows it, and what we know when the answer was lost. */
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Broadcast, BroadcastPart } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText, wechatText } from "@/lib/problems";
import { count } from "@/lib/text";
import { Because, Num, ShortId, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { useDecide, useWithdraw } from "./api";
import { isOpen, letterOf, mayWithdraw } from "./shape";
import { PartState } from "./words";

export function Parts({ broadcast, notAllowed }: { broadcast: Broadcast; notAllowed: string | null }) {
  const { t, i18n } = useTranslation();
  const { modal, message } = App.useApp();
  const { language } = usePrefs();
  const withdraw = useWithdraw(broadcast.id);
  const decide = useDecide(broadcast.id);
  const parts = broadcast.parts;
  const contentOf = (part: BroadcastPart) => broadcast.contents[part.variant ?? 0];
  const canWithdraw = parts?.some((part) => mayWithdraw(contentOf(part), part)) ?? false;
  const reason = (part: BroadcastPart): string | null => {
    if (part.status && !/^send ?success$/.test(part.status)) {
      const key = `broadcasts.statuses.${part.status.replace(/\W+/g, "_").replace(/_$/, "")}`;
      return i18n.exists(key) ? t(key as "broadcasts.statuses.send_fail") : part.status;
    }
    const wechat = wechatText(part.errcode);
    if (wechat) return wechat;
    const key = `broadcasts.reasons.${part.reason}`;
    if (part.reason) return i18n.exists(key) ? t(key as "broadcasts.reasons.content") : part.reason;
    return part.errcode ? `errcode ${part.errcode}` : null;
  };
  const failed = (error: unknown) => void message.error(problemText(error));
  const askResend = (part: BroadcastPart) =>
    modal.confirm({
      title: t("broadcasts.resend_ask", { count: part.fans, n: count(part.fans, language) }),
      content: t("broadcasts.resend_more"),
      okText: t("broadcasts.resend_anyway"),
      okButtonProps: { danger: true },
      cancelText: t("app.cancel"),
      onOk: () => decide.mutateAsync({ part: part.id, way: "resend" }).catch(failed),
    });
  const ask = (part: BroadcastPart) =>
    modal.confirm({
      title: t("broadcasts.withdraw_part"),
      content: t("broadcasts.withdraw_more"),
      okText: t("broadcasts.withdraw"),
      okButtonProps: { danger: true },
      cancelText: t("app.cancel"),
      onOk: () => withdraw.mutateAsync(part.id).catch(failed),
    });
  const columns: Column<BroadcastPart>[] = [
    {
      key: "state",
      title: t("broadcasts.state"),
      render: (part) => (
        <span className="bc-part">
          <span className="row row-wrap">
            {broadcast.contents.length > 1 && part.variant !== null ? (
              <b className="bc-letter">{letterOf(part.variant)}</b>
            ) : null}
            <PartState state={part.state} />
          </span>
          {reason(part) ? <small className="soft">{reason(part)}</small> : null}
          {part.evidence ? (
            <small className="soft">
              {t("broadcasts.evidence")}{" "}
              {i18n.exists(`broadcasts.evidences.${part.evidence}`)
                ? t(`broadcasts.evidences.${part.evidence}` as "broadcasts.evidences.written")
                : part.evidence}
            </small>
          ) : null}
          {part.decision ? (
            <small className="soft">
              {t(`broadcasts.decisions.${part.decision}`, { name: part.decided_by ?? "" })}{" "}
              <When at={part.decided_at} />
            </small>
          ) : null}
          {part.urls.map((url, n) => (
            <small key={url}>
              <a href={url} target="_blank" rel="noreferrer">
                {t("broadcasts.page_n", { n: n + 1 })}
              </a>
            </small>
          ))}
          {isOpen(part) ? (
            <span className="bc-decide">
              <Because reason={notAllowed}>
                <Button
                  size="small"
                  disabled={!!notAllowed || decide.isPending}
                  onClick={() => decide.mutate({ part: part.id, way: "leave" }, { onError: failed })}
                >
                  {t("broadcasts.leave")}
                </Button>
              </Because>
              <Because reason={notAllowed}>
                <Button
                  size="small"
                  danger
                  disabled={!!notAllowed || decide.isPending}
                  onClick={() => askResend(part)}
                >
                  {t("broadcasts.resend")}
                </Button>
              </Because>
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: "msg",
      title: "msg_id",
      width: 116,
      blank: (part) => part.msg_id === null,
      render: (part) => (part.msg_id ? <ShortId value={part.msg_id} /> : <span className="dim">—</span>),
    },
    {
      key: "fans",
      title: t("broadcasts.fans_word"),
      align: "right",
      width: 68,
      render: (part) => <Num value={part.fans} />,
    },
    {
      key: "sent",
      title: t("broadcasts.outcomes.sent"),
      align: "right",
      width: 68,
      blank: (part) => part.sent === null,
      render: (part) => <Num value={part.sent} />,
    },
    {
      key: "filtered",
      title: t("broadcasts.outcomes.filtered"),
      align: "right",
      width: 76,
      blank: (part) => part.filtered === null,
      render: (part) => <Num value={part.filtered} />,
    },
    {
      key: "failed",
      title: t("broadcasts.outcomes.failed"),
      align: "right",
      width: 68,
      roomy: true,
      blank: (part) => part.failed === null,
      render: (part) => <Num value={part.failed} />,
    },
    {
      key: "at",
      title: t("broadcasts.last_news"),
      align: "right",
      width: 124,
      roomy: true,
      render: (part) => <When at={part.finished_at ?? part.submitted_at ?? part.sending_at} />,
    },
    ...(canWithdraw
      ? [
          {
            key: "withdraw",
            title: "",
            align: "right" as const,
            width: 100,
            blank: (part: BroadcastPart) => !mayWithdraw(contentOf(part), part),
            render: (part: BroadcastPart) =>
              mayWithdraw(contentOf(part), part) ? (
                <Because reason={notAllowed}>
                  <Button
                    size="small"
                    disabled={!!notAllowed}
                    loading={withdraw.isPending && withdraw.variables === part.id}
                    onClick={() => ask(part)}
                  >
                    {t("broadcasts.withdraw")}
                  </Button>
                </Because>
              ) : null,
          },
        ]
      : []),
  ];
  return (
    <List
      label={t("broadcasts.parts")}
      rows={parts}
      columns={columns}
      rowKey={(part) => part.id}
      keys={false}
      empty={<p className="soft small bc-no-parts">{t("broadcasts.no_parts")}</p>}
    />
  );
}
