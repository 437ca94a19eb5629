/** Sends it to some people alone, as WeChat would: fans found by name, or anybody by their WeChat id. */
import { useQueries } from "@tanstack/react-query";
import { Button, Input, Modal, Progress, Segmented } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Broadcast } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { problemText } from "@/lib/problems";
import { customerQuery } from "@/person/api";
import { FansSelect } from "@/person/FanSelect";
import { Icon } from "@/ui/icons";
import { Because, Note, Trouble } from "@/ui/kit";
import { usePreview } from "./api";
import {
  isUnknown,
  keepFans,
  keyOf,
  lastFans,
  left,
  type Outcome,
  type Recipient,
  usePreviewing,
} from "./previewing";
import { letterOf } from "./shape";
import "./preview.css";

export function PreviewDialog({
  account,
  broadcast,
  variant,
  flush,
  onClose,
}: {
  account: Account;
  broadcast: Broadcast;
  variant: number;
  /** Brings what is written to the hub first. */
  flush?: () => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { mutateAsync } = usePreview(broadcast.id);
  const isTest = broadcast.contents.length > 1;
  const send = useCallback(
    (one: Recipient) => mutateAsync({ ...(isTest ? { variant } : {}), ...one }),
    [mutateAsync, isTest, variant],
  );
  const { outcomes, isGoing, go, stop } = usePreviewing(send);
  const [way, setWay] = useState<"fan" | "wechat">("fan");
  const [fans, setFans] = useState(() => lastFans(account.id));
  const [wechatId, setWechatId] = useState("");
  const [isBegun, setBegun] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const id = wechatId.trim();
  const recipients: Recipient[] =
    way === "fan" ? fans.map((customer_id) => ({ customer_id })) : id ? [{ wechat_id: id }] : [];
  const open = left(recipients, outcomes);
  const told = recipients.filter((one) => outcomes.has(keyOf(one)));
  const sent = recipients.length - open.length;
  const failures = recipients.filter((one) => outcomes.get(keyOf(one))?.state === "failed").length;
  const reason =
    recipients.length === 0
      ? t("broadcasts.preview_whom")
      : open.length === 0
        ? t("broadcasts.preview_all_have")
        : null;

  const start = async () => {
    if (reason || isGoing || isBegun) return;
    setFailed(null);
    setBegun(true);
    try {
      await flush?.();
      if (way === "fan") keepFans(account.id, fans);
      await go(open);
    } catch (error) {
      setFailed(error);
    } finally {
      setBegun(false);
    }
  };
  return (
    <Modal
      open
      title={isTest ? t("broadcasts.preview_of", { letter: letterOf(variant) }) : t("broadcasts.preview")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={isGoing ? stop : onClose}>
            {isGoing ? t("broadcasts.preview_stop") : sent > 0 ? t("broadcasts.close") : t("app.cancel")}
          </Button>
          <Because reason={reason}>
            <Button
              type="primary"
              disabled={!!reason}
              loading={isGoing || isBegun}
              onClick={() => void start()}
            >
              {failures > 0 && !isGoing
                ? t("broadcasts.preview_again", { count: open.length })
                : open.length > 1 || sent > 0
                  ? t("broadcasts.preview_send_to", { count: open.length })
                  : t("broadcasts.preview_send")}
            </Button>
          </Because>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t("broadcasts.preview_more")}</p>
        <Segmented
          value={way}
          disabled={isGoing}
          aria-label={t("broadcasts.preview_whom")}
          onChange={setWay}
          options={[
            { value: "fan", label: t("broadcasts.preview_fan") },
            { value: "wechat", label: t("broadcasts.preview_wechat") },
          ]}
        />
        {way === "fan" ? (
          <FansSelect
            account={account.id}
            value={fans}
            disabled={isGoing}
            placeholder={t("broadcasts.preview_find")}
            label={t("broadcasts.preview_fan")}
            onChange={setFans}
          />
        ) : (
          <Input
            value={wechatId}
            disabled={isGoing}
            placeholder={t("broadcasts.preview_id")}
            aria-label={t("broadcasts.preview_wechat")}
            onChange={(event) => setWechatId(event.target.value)}
            onPressEnter={() => void start()}
          />
        )}
        {isGoing && recipients.length > 1 ? (
          <Progress
            percent={Math.round((100 * sent) / recipients.length)}
            format={() =>
              t("broadcasts.preview_progress", { done: sent + failures, total: recipients.length })
            }
          />
        ) : null}
        {failed ? <Trouble error={failed} /> : null}
        {told.length > 0 ? <Told told={told} outcomes={outcomes} /> : null}
        {recipients.length > 0 && open.length === 0 && !isGoing ? (
          <Note tone="ok">{t("broadcasts.preview_sent")}</Note>
        ) : null}
      </div>
    </Modal>
  );
}

/** What became of each. */
function Told({ told, outcomes }: { told: Recipient[]; outcomes: ReadonlyMap<string, Outcome> }) {
  const { t } = useTranslation();
  const personName = usePersonName();
  const customers = useQueries({
    queries: told.flatMap((one) => ("customer_id" in one ? [customerQuery(one.customer_id)] : [])),
  });
  const nameOf = (one: Recipient) => {
    if ("wechat_id" in one) return one.wechat_id;
    const found = customers.find(({ data }) => data?.id === one.customer_id)?.data;
    return found ? personName(found.display_name) : "…";
  };
  return (
    <ul className="preview-told" aria-live="polite">
      {told.map((one) => {
        const outcome = outcomes.get(keyOf(one));
        if (!outcome) return null;
        return (
          <li key={keyOf(one)} data-outcome={outcome.state}>
            <span className={`preview-mark preview-${outcome.state}`}>
              <Icon
                name={outcome.state === "sent" ? "check" : outcome.state === "failed" ? "alert" : "clock"}
                size={14}
              />
            </span>
            <strong className="ellipsis">{nameOf(one)}</strong>
            <span className="soft small">{wordsOf(outcome)}</span>
          </li>
        );
      })}
    </ul>
  );

  function wordsOf(outcome: Outcome) {
    if (outcome.state !== "failed") return t(`broadcasts.preview_states.${outcome.state}`);
    const why = problemText(outcome.error);
    return isUnknown(outcome.error) ? `${t("broadcasts.preview_states.unknown")} ${why}` : why;
  }
}
