/** Away with a draft: here alone, or out of WeChat's draft box too. */
import { Button, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Article } from "@/api/types";
import { Trouble } from "@/ui/kit";

interface Props {
  article: Article;
  isPending: boolean;
  error: unknown;
  onDelete: (atWechat: boolean) => void;
  onClose: () => void;
}

export function DeleteDialog({ article, isPending, error, onDelete, onClose }: Props) {
  const { t } = useTranslation();
  const there = article.in_box;
  const [both, setBoth] = useState(false);
  return (
    <Modal
      open
      title={t("articles.delete_title")}
      onCancel={onClose}
      width={460}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button danger type="primary" loading={isPending} onClick={() => onDelete(there && both)}>
            {t("articles.delete")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          {article.publication?.state === "published"
            ? t("articles.delete_published")
            : t("articles.delete_more")}
        </p>
        {there ? (
          <Radio.Group
            value={both}
            onChange={(event) => setBoth(event.target.value as boolean)}
            options={[
              { value: false, label: t("articles.delete_here") },
              { value: true, label: t("articles.delete_both") },
            ]}
            vertical
          />
        ) : null}
        {error ? <Trouble error={error} /> : null}
      </div>
    </Modal>
  );
}
