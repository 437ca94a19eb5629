/** The list of official accounts (R12). */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { useMayNotBind } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Empty, Face, Num, Page, ShortId, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { Permissions } from "./Permissions";
import { AccountStatus, Verification } from "./parts";
import "./accounts.css";

export default function AccountsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ownerOnly = useMayNotBind();
  const accounts = useQuery(accountsQuery);
  const [viewed, setViewed] = useState<Account | null>(null);

  const columns: Column<Account>[] = [
    {
      key: "account",
      title: t("accounts.one"),
      render: (account) => (
        <span className="cell-account">
          <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={34} square />
          <span>
            <Link
              to="/accounts/$id"
              params={{ id: account.id }}
              className="strong-link"
              onClick={(event) => event.stopPropagation()}
            >
              {account.nick_name}
            </Link>
            <ShortId value={account.app_id} />
          </span>
        </span>
      ),
    },
    { key: "status", title: t("accounts.status"), render: (account) => <AccountStatus account={account} /> },
    { key: "kind", title: t("accounts.kind"), render: (account) => t(`accounts.kinds.${account.kind}`) },
    {
      key: "verification",
      title: t("accounts.verification"),
      render: (account) => <Verification account={account} />,
    },
    {
      key: "permissions",
      title: t("accounts.permissions"),
      render: (account) => {
        const granted = account.permission_sets.filter((set) => set.granted).length;
        const short = account.mode === "platform" && granted < account.permission_sets.length;
        return (
          <span className="row">
            <span className={short ? "num short-sets" : "num soft"}>
              {granted}/{account.permission_sets.length}
            </span>
            <Button
              type="link"
              size="small"
              onClick={(event) => {
                event.stopPropagation();
                setViewed(account);
              }}
            >
              {t("accounts.view")}
            </Button>
          </span>
        );
      },
    },
    {
      key: "following",
      title: t("accounts.following"),
      align: "right",
      render: (account) => <Num value={account.following} />,
    },
    {
      key: "callback",
      roomy: true,
      title: t("accounts.last_callback"),
      align: "right",
      render: (account) => <When at={account.health.last_callback_at} empty={t("accounts.never")} />,
    },
  ];

  const bind = (
    <Because reason={ownerOnly}>
      <Button
        type="primary"
        icon={<Icon name="plus" />}
        disabled={!!ownerOnly}
        onClick={() => void navigate({ to: "/accounts/bind" })}
      >
        {t("accounts.bind")}
      </Button>
    </Because>
  );

  return (
    <Page title={t("nav.accounts")} actions={accounts.data?.length === 0 ? null : bind}>
      <List
        label={t("nav.accounts")}
        rows={accounts.data}
        columns={columns}
        rowKey={(account) => account.id}
        onOpen={(account) => void navigate({ to: "/accounts/$id", params: { id: account.id } })}
        error={accounts.error}
        retry={() => void accounts.refetch()}
        empty={
          <div className="card">
            <Empty drawing="letter" action={bind}>
              {t("accounts.empty")}
            </Empty>
          </div>
        }
      />
      <Permissions account={viewed} onClose={() => setViewed(null)} />
    </Page>
  );
}
