/** The menu of one account: written, published, for some fans, counted. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { OfAccount } from "@/account/OfAccount";
import type { Account } from "@/api/types";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Bars, Card, Note, Page, Trouble } from "@/ui/kit";
import { menuQuery } from "./api";
import { Editor } from "./Editor";
import { History } from "./History";
import { Some } from "./Some";
import "./menus.css";

const Numbers = lazy(() => import("./Numbers"));

export default function MenusPage() {
  const { t } = useTranslation();
  return (
    <OfAccount title={t("nav.menu")} none={t("menus.no_account")} choose={t("menus.choose_account")}>
      {(account) => <Menu key={account.id} account={account} />}
    </OfAccount>
  );
}

const parts = ["edit", "numbers", "some", "history"] as const;
type Part = (typeof parts)[number];

function Menu({ account }: { account: Account }) {
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
