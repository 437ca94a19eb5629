/**
 * What belongs to one account: the one chosen in the frame, the only one there is, or the one picked here. For pages
 * of any feature, which says what its page is called and what one is told before there is an account.
 */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { useMayNotBind } from "@/lib/rights";
import { Bars, Because, Card, Empty, Face, Page, Trouble } from "@/ui/kit";
import "./account.css";

interface Of {
  title: string;
  /** Said when no account is bound. */
  none: string;
  /** Said above the accounts to choose from. */
  choose: string;
  drawing?: "letter" | "talk";
}

export function OfAccount({ title, children, ...words }: Of & { children: (account: Account) => ReactNode }) {
  const { account: chosen } = useSearch({ from: "/signed-in" });
  const accounts = useQuery(accountsQuery);
  const only = accounts.data?.length === 1 ? accounts.data[0] : undefined;
  const account = accounts.data?.find((one) => one.id === chosen) ?? only;
  if (account) return children(account);
  return (
    <Page title={title}>
      {accounts.data ? (
        <Choose accounts={accounts.data} {...words} />
      ) : accounts.error ? (
        <Trouble error={accounts.error} retry={() => void accounts.refetch()} />
      ) : (
        <Card>
          <Bars rows={8} height={30} />
        </Card>
      )}
    </Page>
  );
}

function Choose({ accounts, none, choose, drawing = "talk" }: Omit<Of, "title"> & { accounts: Account[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ownerOnly = useMayNotBind();
  if (accounts.length === 0)
    return (
      <div className="card">
        <Empty
          drawing={drawing}
          action={
            <Because reason={ownerOnly}>
              <Button
                type="primary"
                disabled={!!ownerOnly}
                onClick={() => void navigate({ to: "/accounts/bind" })}
              >
                {t("accounts.bind")}
              </Button>
            </Because>
          }
        >
          {none}
        </Empty>
      </div>
    );
  return (
    <>
      <p className="soft choose-lead">{choose}</p>
      <div className="choose">
        {accounts.map((account) => (
          <button
            key={account.id}
            type="button"
            className="choose-card"
            onClick={() => void navigate({ to: ".", search: (s) => ({ ...s, account: account.id }) })}
          >
            <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={40} square />
            <span>
              <strong>{account.nick_name}</strong>
              <small>
                {t(`accounts.kinds.${account.kind}`)}
                {account.status === "unbound" ? ` · ${t("accounts.unbound")}` : ""}
              </small>
            </span>
          </button>
        ))}
      </div>
    </>
  );
}
