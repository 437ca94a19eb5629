/** The draft on somebody's own phone, before anybody else sees it. */
import { App, Button, Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Article, Id } from "@/api/types";
import { useKept } from "@/lib/hooks";
import { FanSelect } from "@/person/FanSelect";
import { Note, Trouble } from "@/ui/kit";
import { usePreview } from "./api";

interface Props {
  account: Account;
  /** Saved and at WeChat, as it will be shown. */
  ready: () => Promise<Article>;
  article: Article;
  onClose: () => void;
}

type Way = "fan" | "wechat";

export function PreviewDialog({ account, article, ready, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [way, setWay] = useKept<Way>("hy.preview.way", "fan");
  const [fan, setFan] = useKept<Id | null>(`hy.preview_fan.${account.id}`, null);
  const [wechatId, setWechatId] = useKept("hy.preview.wechat_id", "");
  const preview = usePreview(article.id);
  const [preparing, setPreparing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const nobody = way === "fan" ? fan === null : wechatId.trim() === "";
  const send = async () => {
    if (nobody) return;
    setError(null);
    setPreparing(true);
    try {
      await ready();
      await preview.mutateAsync(
        way === "fan" && fan !== null ? { customer_id: fan } : { wechat_id: wechatId.trim() },
      );
      void message.success(t("articles.preview_sent"));
      onClose();
    } catch (failed) {
      setError(failed);
    } finally {
      setPreparing(false);
    }
  };
  return (
    <Modal
      open
      title={t("articles.preview")}
      onCancel={onClose}
      width={480}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="primary" disabled={nobody} loading={preparing} onClick={() => void send()}>
            {t("articles.preview_send")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t("articles.preview_more")}</p>
        <Segmented
          value={way}
          onChange={(value) => setWay(value as Way)}
          options={(["fan", "wechat"] as const).map((value) => ({
            value,
            label: t(`articles.preview_to.${value}`),
          }))}
        />
        {way === "fan" ? (
          <FanSelect account={account.id} value={fan} label={t("articles.preview_fan")} onChange={setFan} />
        ) : (
          <div className="stack-tight">
            <Input
              value={wechatId}
              maxLength={64}
              placeholder={t("articles.preview_wechat_id")}
              aria-label={t("articles.preview_wechat_id")}
              onChange={(event) => setWechatId(event.target.value)}
              onPressEnter={() => void send()}
            />
            <span className="field-more">{t("articles.preview_wechat_more")}</span>
          </div>
        )}
        {article.state === "synced" ? null : <Note>{t("articles.saves_first")}</Note>}
        {error ? <Trouble error={error} /> : null}
      </div>
    </Modal>
  );
}
