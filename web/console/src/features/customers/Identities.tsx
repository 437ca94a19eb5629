/** By what this person is recognised; each with where it came from. */
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Customer } from "@/api/types";
import { Card, ShortId, When } from "@/ui/kit";

export function Identities({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const accounts = useAccounts();
  return (
    <Card title={t("identities.title")}>
      <ul className="identities">
        {customer.identities.map((identity) => (
          <li key={`${identity.kind}-${identity.value}-${identity.account_id}`}>
            <div className="row row-between">
              <span className="soft">{t(`identities.${identity.kind}`)}</span>
              <ShortId
                value={identity.value}
                head={identity.kind === "openid" || identity.kind === "unionid" ? 6 : 18}
                tail={identity.kind === "openid" || identity.kind === "unionid" ? 5 : 6}
              />
            </div>
            <small>
              {identity.account_id
                ? `${accounts.find((one) => one.id === identity.account_id)?.nick_name ?? t("app.gone_account")} · `
                : ""}
              <When at={identity.at} />
            </small>
          </li>
        ))}
        {customer.identities.length === 0 ? <li className="dim">{t("identities.none")}</li> : null}
      </ul>
    </Card>
  );
}
