/** Sends it to one person alone, as WeChat would: a fan found by name, or anybody by their WeChat id. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Broadcast } from "@/api/types";
import { useDebounced } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { Because, Note, Trouble } from "@/ui/kit";
import { findCustomers, usePreview } from "./api";
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
  const personName = usePersonName();
  const preview = usePreview(broadcast.id);
  const [way, setWay] = useState<"fan" | "wechat">("fan");
  const [customer, setCustomer] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [wechatId, setWechatId] = useState("");
  const [failed, setFailed] = useState<unknown>(null);
  const asked = useDebounced(words.trim(), 250);
  const found = useQuery(findCustomers(account.id, asked));
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
          <Select
            className="bc-wide"
            showSearch={{ filterOption: false, onSearch: setWords, searchValue: words }}
            loading={found.isFetching}
            value={customer}
            placeholder={t("broadcasts.preview_find")}
            aria-label={t("broadcasts.preview_fan")}
            notFoundContent={t("broadcasts.nobody")}
            onChange={(id: string) => {
              setCustomer(id);
              preview.reset();
            }}
            options={(found.data ?? []).map((one) => ({
              value: one.id,
              label: personName(one.display_name),
            }))}
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
