/** One official account: who it is, how it does, what can be done. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Badge, Bars, Card, CopyField, Face, Facts, Note, Num, Page, ShortId, Trouble, When } from "@/ui/kit";
import { AccountActions } from "./AccountActions";
import { Doctor } from "./Doctor";
import { HeldSends } from "./HeldSends";
import { ImportProgress } from "./ImportProgress";
import { Permissions } from "./Permissions";
import { AccountStatus, useHealthText, Verification } from "./parts";
import { WechatTagsCard } from "./WechatTagsCard";
import "./accounts.css";

export default function AccountPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/signed-in/accounts/$id" });
  const query = useQuery(accountQuery(id));
  const account = query.data;
  const back = (
    <Link to="/accounts" className="back">
      <Icon name="left" size={14} /> {t("nav.accounts")}
    </Link>
  );
  if (!account) {
    return (
      <Page title={t("accounts.one")} back={back}>
        {query.error ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <div className="detail">
            <Card>
              <Bars rows={5} height={24} />
            </Card>
            <Card>
              <Bars rows={9} height={30} />
            </Card>
            <Card>
              <Bars rows={4} height={34} />
            </Card>
          </div>
        )}
      </Page>
    );
  }
  return (
    <Page title={account.nick_name} back={back}>
      <div className="detail">
        <div className="stack">
          <Who account={account} />
        </div>
        <div className="stack">
          <Health account={account} />
          <HeldSends account={account} />
          <Card title={t("import.title")}>
            <ImportProgress account={account} />
          </Card>
          <Functions account={account} />
          <WechatTagsCard account={account} />
        </div>
        <div className="stack">
          <AccountActions account={account} />
        </div>
      </div>
    </Page>
  );
}

function Who({ account }: { account: Account }) {
  const { t } = useTranslation();
  const [viewed, setViewed] = useState(false);
  return (
    <Card className="who-card">
      <div className="who-head">
        <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={56} square />
        <div className="row row-wrap">
          <Badge>{t(`accounts.kinds.${account.kind}`)}</Badge>
          <Verification account={account} />
        </div>
        <AccountStatus account={account} />
      </div>
      <div className="who-counts">
        <Link to="/customers" search={{ account: account.id, status: "following" }}>
          <strong>
            <Num value={account.following} />
          </strong>
          <span>{t("accounts.following")}</span>
        </Link>
        <Link to="/customers" search={{ account: account.id }}>
          <strong>
            <Num value={account.customers} />
          </strong>
          <span>{t("nav.customers")}</span>
        </Link>
      </div>
      <Facts
        items={[
          ["AppID", <ShortId key="app" value={account.app_id} />],
          ...(account.original_id
            ? ([[t("accounts.original_id"), <ShortId key="o" value={account.original_id} />]] as [
                string,
                React.ReactNode,
              ][])
            : []),
          ...(account.alias ? ([[t("accounts.alias"), account.alias]] as [string, string][]) : []),
          ...(account.principal_name
            ? ([[t("accounts.principal"), account.principal_name]] as [string, string][])
            : []),
          [t("accounts.mode"), t(`accounts.modes.${account.mode}`)],
          account.status === "unbound"
            ? [t("accounts.unbound_at"), <When key="u" at={account.unbound_at} />]
            : [t("accounts.bound_at"), <When key="b" at={account.bound_at} />],
          [
            t("accounts.permissions"),
            <Button key="p" type="link" size="small" className="flush-link" onClick={() => setViewed(true)}>
              {account.permission_sets.filter((set) => set.granted).length}/{account.permission_sets.length} ·{" "}
              {t("accounts.view")}
            </Button>,
          ],
        ]}
      />
      <Permissions account={viewed ? account : null} onClose={() => setViewed(false)} />
    </Card>
  );
}

function Health({ account }: { account: Account }) {
  const { t } = useTranslation();
  const describe = useHealthText();
  const { tone, text, more } = describe(account);
  const { health } = account;
  return (
    <Card title={t("health.title")}>
      <div className="stack">
        {account.status === "unbound" ? <Note tone="warning">{t("accounts.unbound_more")}</Note> : null}
        {tone === "error" || tone === "warning" ? (
          <Note tone={tone}>
            <strong>{text}</strong>
            {(more ?? wechatText(health.errcode)) ? <div>{more ?? wechatText(health.errcode)}</div> : null}
          </Note>
        ) : null}
        <div className="health-facts">
          <div>
            <span>{t("accounts.last_callback")}</span>
            <When at={health.last_callback_at} empty={t("accounts.never")} />
          </div>
          <div>
            <span>{t("health.token_until")}</span>
            <When at={health.token_expires_at} />
          </div>
          {account.mode === "direct" ? (
            <div>
              <span>{t("health.callback_verified")}</span>
              <When at={account.callback_verified_at} empty={t("accounts.not_yet")} />
            </div>
          ) : null}
        </div>
        {account.mode === "direct" && !account.callback_verified_at ? (
          <CopyField label={t("direct.url")} value={account.callback_url} />
        ) : null}
        <Doctor account={account} />
      </div>
    </Card>
  );
}

function Functions({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { why } = useReasons();
  const allowed = account.functions.filter((right) => right.allowed).length;
  return (
    <Card
      title={t("functions.title")}
      extra={t("functions.count", { allowed, total: account.functions.length })}
    >
      <ul className="functions">
        {account.functions.map((right) => {
          const reason = why(account, right);
          return (
            <li key={right.function} className={right.allowed ? "" : "off"}>
              <Icon name={right.allowed ? "check" : "close"} size={15} />
              <div>
                {t(`functions.${right.function}`)}
                {reason ? <small>{reason}</small> : null}
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
