/** Before the menu is deleted: what goes, and how it comes back. */
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";

export function DeleteMenu({
  account,
  conditional,
  isPending,
  onDelete,
  onClose,
}: {
  account: Account;
  conditional: number;
  isPending: boolean;
  onDelete: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t("menus.delete")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button danger type="primary" loading={isPending} onClick={onDelete}>
            {t("menus.delete_of", { name: account.nick_name })}
          </Button>
        </>
      }
    >
      <p>{t("menus.delete_more")}</p>
      {conditional > 0 ? <p>{t("menus.delete_some", { count: conditional })}</p> : null}
    </Modal>
  );
}
