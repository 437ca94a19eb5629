/** Deleting an unbound account (R17–R20): what stays, what freezes, what goes, and the typed name. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { isoDay } from "@/lib/time";
import { Bars, Trouble } from "@/ui/kit";
import { TypedName } from "@/ui/TypedName";
import { deletionQuery, useDeleteAccount } from "./api";

export function DeleteAccount({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const query = useQuery(deletionQuery(account.id));
  const remove = useDeleteAccount(account.id);
  const facts = query.data;
  const n = (value: number) => count(value, language);

  return (
    <Modal
      open
      title={t("deletion.title", { name: account.nick_name })}
      onCancel={onClose}
      okText={t("actions.delete")}
      okButtonProps={{ danger: true, disabled: typed.trim() !== account.nick_name || !facts }}
      confirmLoading={remove.isPending}
      onOk={() =>
        remove.mutate(typed.trim(), {
          onSuccess: () => void navigate({ to: "/accounts", search: { account: undefined } }),
        })
      }
    >
      <div className="stack">
        {query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
        {facts ? (
          <ul className="consequences">
            <li className="kept">{t("deletion.customers", { n: n(facts.customers_kept) })}</li>
            <li className="kept">{t("deletion.events", { n: n(facts.events_kept) })}</li>
            <li className="kept">{t("deletion.tags", { n: n(facts.tags_kept) })}</li>
            <li className="frozen">
              {t("deletion.frozen", { n: n(facts.fans_frozen), date: isoDay(facts.date, zone) })}
            </li>
            <li className="lost">{t("deletion.replies", { n: n(facts.replies_deleted) })}</li>
            {facts.pending_sends > 0 ? (
              <li className="lost">{t("deletion.pending", { n: n(facts.pending_sends) })}</li>
            ) : null}
          </ul>
        ) : query.error ? null : (
          <Bars rows={5} height={20} />
        )}
        <TypedName name={account.nick_name} value={typed} onChange={setTyped} />
        {remove.error ? <Trouble error={remove.error} /> : null}
      </div>
    </Modal>
  );
}
