/** Before it is out: what will be seen, by whom, and what cannot be taken back. */
import { Button, Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { AccountName, Facts, Note, Trouble } from "@/ui/kit";
import { faultText } from "./faultText";
import type { Item } from "./items";
import type { Fault } from "./lint";
import { Cover, coverOf } from "./parts";

interface Props {
  account: Account;
  items: Item[];
  warnings: Fault[];
  step: "save" | "push" | "publish" | null;
  error: unknown;
  /** Why it did not even get into WeChat's box. */
  notPushed: ReactNode;
  onPublish: () => void;
  onClose: () => void;
}

export function PublishDialog({
  account,
  items,
  warnings,
  step,
  error,
  notPushed,
  onPublish,
  onClose,
}: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t("articles.publish_title")}
      onCancel={onClose}
      width={520}
      closable={!step}
      mask={{ closable: !step }}
      footer={
        <>
          <Button disabled={!!step} onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="primary" loading={!!step} onClick={onPublish}>
            {step ? t(`articles.steps.${step}`) : t("articles.publish_n", { count: items.length })}
          </Button>
        </>
      }
    >
      <div className="stack">
        <ul className="publish-list">
          {items.map((item) => (
            <li key={item.key}>
              <Cover src={coverOf(item)} />
              <span className="ellipsis">{item.title}</span>
            </li>
          ))}
        </ul>
        <Facts
          items={[
            [t("articles.publish_by"), <AccountName key="account" account={account} />],
            [t("articles.publish_who"), t("articles.publish_nobody_told")],
            [t("articles.publish_cost"), t("articles.publish_free")],
            [t("articles.publish_then"), t("articles.publish_final")],
          ]}
        />
        {warnings.length > 0 ? (
          <Note tone="warning">
            <ul className="bullets">
              {warnings.map((fault) => (
                <li key={`${fault.item}-${fault.code}`}>{faultText(t, fault, items.length > 1)}</li>
              ))}
            </ul>
          </Note>
        ) : null}
        {notPushed}
        {error && !notPushed ? <Trouble error={error}>{t("articles.publish_kept")}</Trouble> : null}
      </div>
    </Modal>
  );
}
