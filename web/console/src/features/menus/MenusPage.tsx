/** The menu of one account: written, published, for some fans, counted. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { useMayNotBind, useNotAllowed, useReasons } from "@/lib/rights";
import { Bars, Because, Card, Empty, Face, Note, Page, Trouble } from "@/ui/kit";
import { menuQuery } from "./api";
import { Editor } from "./Editor";
import { History } from "./History";
import { Some } from "./Some";
import "./menus.css";

const Numbers = lazy(() => import("./Numbers"));

export default function MenusPage() {
  const { t } = useTranslation();
  const { account: chosen } = useSearch({ from: "/signed-in/menu" });
  const accounts = useQuery(accountsQuery);
  const only = accounts.data?.length === 1 ? accounts.data[0] : undefined;
  const account = accounts.data?.find((one) => one.id === chosen) ?? only;
  if (account) return <OfAccount key={account.id} account={account} />;
  return (
    <Page title={t("nav.menu")}>
      {accounts.data ? (
        <ChooseAccount accounts={accounts.data} />
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

function ChooseAccount({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ownerOnly = useMayNotBind();
  if (accounts.length === 0) {
    return (
      <div className="card">
        <Empty
          drawing="talk"
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
          {t("menus.no_account")}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <p className="soft menu-lead">{t("menus.choose_account")}</p>
      <div className="menu-accounts">
        {accounts.map((account) => (
          <button
            key={account.id}
            type="button"
            className="menu-account"
            onClick={() => void navigate({ to: "/menu", search: (s) => ({ ...s, account: account.id }) })}
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

const parts = ["edit", "numbers", "some", "history"] as const;
type Part = (typeof parts)[number];

function OfAccount({ account }: { account: Account }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { part = "edit" } = useSearch({ from: "/signed-in/menu" });
  const menu = useQuery(menuQuery(account.id));
  const notAllowed = useNotAllowed("menus:write");
  const { whyFunction } = useReasons();
  const off = whyFunction(account, "menu");
  const tabs = (
    <div className="menu-tabs">
      <Segmented
        value={part}
        aria-label={t("nav.menu")}
        onChange={(next: Part) =>
          void navigate({
            to: "/menu",
            search: (s) => ({ account: s.account, part: next === "edit" ? undefined : next }),
          })
        }
        options={parts.map((value) => ({ value, label: t(`menus.views.${value}`) }))}
      />
    </div>
  );
  const warning = off ? (
    <div className="menu-note">
      <Note tone="warning">
        {t("menus.off")} {off}
      </Note>
    </div>
  ) : null;
  if (!menu.data) {
    return (
      <Page wide title={t("nav.menu")}>
        {tabs}
        {menu.error ? (
          <Trouble error={menu.error} retry={() => void menu.refetch()} />
        ) : (
          <Card>
            <Bars rows={9} height={34} />
          </Card>
        )}
      </Page>
    );
  }
  const props = { account, view: menu.data, notAllowed, off, tabs, warning };
  if (part === "edit") return <Editor {...props} />;
  return (
    <Page wide title={t("nav.menu")}>
      {warning}
      {tabs}
      {part === "numbers" ? (
        <Suspense fallback={<Bars rows={6} height={60} />}>
          <Numbers account={account} view={menu.data} />
        </Suspense>
      ) : part === "some" ? (
        <Some {...props} />
      ) : (
        <History {...props} />
      )}
    </Page>
  );
}
