/** Codes belong to an account. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OfAccount as Of } from "@/account/OfAccount";
import type { Account } from "@/api/types";
import "./qrcodes.css";

export function OfAccount({ children }: { children: (account: Account) => ReactNode }) {
  const { t } = useTranslation();
  return (
    <Of
      title={t("nav.qrcodes")}
      none={t("qrcodes.no_account")}
      choose={t("qrcodes.choose_account")}
      drawing="letter"
    >
      {children}
    </Of>
  );
}
