/** Each call to WeChat: how it stands, under which number WeChat knows it, and what we know when the answer was lost. */
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Broadcast, BroadcastPart } from "@/api/types";
import { problemText, wechatText } from "@/lib/problems";
import { Because, Num, ShortId, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { useWithdraw } from "./api";
import { letterOf, mayWithdraw } from "./shape";
import { PartState } from "./words";

export function Parts({ broadcast, notAllowed }: { broadcast: Broadcast; notAllowed: string | null }) {
  const { t, i18n } = useTranslation();
  const { modal, message } = App.useApp();
  const withdraw = useWithdraw(broadcast.id);
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
    if (part.reason) return i18n.exists(key) ? t(key as "broadcasts.reasons.stopped") : part.reason;
    return part.errcode ? `errcode ${part.errcode}` : null;
  };
  const ask = (part: BroadcastPart) =>
    modal.confirm({
      title: t("broadcasts.withdraw_part"),
      content: t("broadcasts.withdraw_more"),
      okText: t("broadcasts.withdraw"),
      okButtonProps: { danger: true },
      cancelText: t("app.cancel"),
      onOk: () =>
        withdraw.mutateAsync(part.id).catch((error: unknown) => void message.error(problemText(error))),
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
        </span>
      ),
    },
    {
      key: "msg",
      title: "msg_id",
      width: 130,
      blank: (part) => part.msg_id === null,
      render: (part) => (part.msg_id ? <ShortId value={part.msg_id} /> : <span className="dim">—</span>),
    },
    {
      key: "fans",
      title: t("broadcasts.fans_word"),
      align: "right",
      width: 80,
      render: (part) => <Num value={part.fans} />,
    },
    {
      key: "sent",
      title: t("broadcasts.outcomes.sent"),
      align: "right",
      width: 80,
      blank: (part) => part.sent === null,
      render: (part) => <Num value={part.sent} />,
    },
    {
      key: "filtered",
      title: t("broadcasts.outcomes.filtered"),
      align: "right",
      width: 100,
      blank: (part) => part.filtered === null,
      render: (part) => <Num value={part.filtered} />,
    },
    {
      key: "failed",
      title: t("broadcasts.outcomes.failed"),
      align: "right",
      width: 80,
      roomy: true,
      blank: (part) => part.failed === null,
      render: (part) => <Num value={part.failed} />,
    },
    {
      key: "at",
      title: t("broadcasts.last_news"),
      align: "right",
      width: 130,
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
