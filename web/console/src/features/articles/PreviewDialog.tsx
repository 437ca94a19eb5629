/** The draft on somebody's own phone, before anybody else sees it. */
import { useQuery } from "@tanstack/react-query";
import { App, Button, Input, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Article } from "@/api/types";
import { useDebounced, useKept } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { Note, Trouble } from "@/ui/kit";
import { findFans, usePreview } from "./api";

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
  const personName = usePersonName();
  const [way, setWay] = useKept<Way>("hy.preview.way", "fan");
  const [kept, setKept] = useKept<{ id: string; name: string } | null>(`hy.preview.${account.id}`, null);
  const [wechatId, setWechatId] = useKept("hy.preview.wechat_id", "");
  const [words, setWords] = useState("");
  const asked = useDebounced(words.trim(), 250);
  const found = useQuery({ ...findFans(account.id, asked), enabled: way === "fan" });
  const preview = usePreview(article.id);
  const [preparing, setPreparing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const nobody = way === "fan" ? !kept : wechatId.trim() === "";
  const options = (found.data ?? []).map((one) => ({ value: one.id, label: personName(one.display_name) }));
  if (kept && !options.some((one) => one.value === kept.id))
    options.unshift({ value: kept.id, label: kept.name });

  const send = async () => {
    if (nobody) return;
    setError(null);
    setPreparing(true);
    try {
      await ready();
      await preview.mutateAsync(
        way === "fan" && kept ? { customer_id: kept.id } : { wechat_id: wechatId.trim() },
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
          <Select
            showSearch
            value={kept?.id ?? null}
            filterOption={false}
            searchValue={words}
            loading={found.isFetching}
            placeholder={t("articles.preview_fan")}
            aria-label={t("articles.preview_fan")}
            onSearch={setWords}
            onChange={(id: string | null) => {
              const one = options.find((option) => option.value === id);
              if (one) setKept({ id: one.value, name: one.label });
            }}
            notFoundContent={asked ? t("articles.nobody") : t("articles.preview_fan")}
            options={options}
          />
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
