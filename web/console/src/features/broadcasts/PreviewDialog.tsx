/** Sends it to one person alone, as WeChat would: a fan found by name, or anybody by their WeChat id. */
import { Button, Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Broadcast } from "@/api/types";
import { FanSelect } from "@/person/FanSelect";
import { Because, Note, Trouble } from "@/ui/kit";
import { usePreview } from "./api";
import { letterOf } from "./shape";

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
  const preview = usePreview(broadcast.id);
  const [way, setWay] = useState<"fan" | "wechat">("fan");
  const [customer, setCustomer] = useState<string | null>(null);
  const [wechatId, setWechatId] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const ready = way === "fan" ? customer !== null : wechatId.trim() !== "";
  const send = async () => {
    setFailed(null);
    try {
      await flush?.();
    } catch (error) {
      return setFailed(error);
    }
    preview.mutate({
      ...(broadcast.contents.length > 1 ? { variant } : {}),
      ...(way === "fan" && customer ? { customer_id: customer } : { wechat_id: wechatId.trim() }),
    });
  };
  return (
    <Modal
      open
      title={
        broadcast.contents.length > 1
          ? t("broadcasts.preview_of", { letter: letterOf(variant) })
          : t("broadcasts.preview")
      }
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{preview.isSuccess ? t("broadcasts.close") : t("app.cancel")}</Button>
          <Because reason={ready ? null : t("broadcasts.preview_whom")}>
            <Button type="primary" disabled={!ready} loading={preview.isPending} onClick={() => void send()}>
              {t("broadcasts.preview_send")}
            </Button>
          </Because>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t("broadcasts.preview_more")}</p>
        <Segmented
          value={way}
          aria-label={t("broadcasts.preview_whom")}
          onChange={(next: "fan" | "wechat") => {
            setWay(next);
            preview.reset();
          }}
          options={[
            { value: "fan", label: t("broadcasts.preview_fan") },
            { value: "wechat", label: t("broadcasts.preview_wechat") },
          ]}
        />
        {way === "fan" ? (
          <FanSelect
            account={account.id}
            value={customer}
            placeholder={t("broadcasts.preview_find")}
            label={t("broadcasts.preview_fan")}
            onChange={(id) => {
              setCustomer(id);
              preview.reset();
            }}
          />
        ) : (
          <Input
            value={wechatId}
            placeholder={t("broadcasts.preview_id")}
            aria-label={t("broadcasts.preview_wechat")}
            onChange={(event) => {
              setWechatId(event.target.value);
              preview.reset();
            }}
            onPressEnter={() => void send()}
          />
        )}
        {failed || preview.error ? <Trouble error={failed ?? preview.error} /> : null}
        {preview.isSuccess ? <Note tone="ok">{t("broadcasts.preview_sent")}</Note> : null}
      </div>
    </Modal>
  );
}
