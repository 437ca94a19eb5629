/** One person: who, what happened, where they follow. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import { usePersonName } from "@/lib/names";
import { customerQuery } from "@/person/api";
import { Profile } from "@/person/Profile";
import { Tags } from "@/person/Tags";
import { Icon } from "@/ui/icons";
import { Bars, Card, Empty, Face, Page, Trouble, When } from "@/ui/kit";
import { Fans } from "./Fans";
import { Identities } from "./Identities";
import { Merges } from "./Merges";
import { Reach } from "./Reach";
import { Say, type SayHandle } from "./Say";
import { Timeline } from "./Timeline";
import "./customers.css";

export default function CustomerPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/signed-in/customers/$id" });
  const query = useQuery(customerQuery(id));
  const customer = query.data;
  const nameOf = usePersonName();
  const say = useRef<SayHandle>(null);
  const back = (
    <Link to="/customers" className="back">
      <Icon name="left" size={14} /> {t("nav.customers")}
    </Link>
  );
  if (!customer) {
    return (
      <Page title={t("customers.one")} back={back}>
        {isCode(query.error, "not_found") ? (
          <div className="card">
            <Empty drawing="search">{t("customers.gone")}</Empty>
          </div>
        ) : query.error ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <div className="person">
            <Card>
              <Bars rows={8} height={24} />
            </Card>
            <Card>
              <Bars rows={8} height={40} />
            </Card>
            <Card>
              <Bars rows={4} height={40} />
            </Card>
          </div>
        )}
      </Page>
    );
  }
  return (
    <Page title={nameOf(customer.display_name)} back={back}>
      <div className="person">
        <div className="stack person-who">
          <Card>
            <div className="person-head">
              <Face id={customer.id} name={customer.display_name} src={customer.avatar_url} size={56} />
              <div>
                <strong>{nameOf(customer.display_name)}</strong>
                <small>
                  {t("customers.last_seen")} <When at={customer.last_seen_at} empty={t("accounts.never")} />
                </small>
              </div>
            </div>
            <Tags customer={customer} />
            <Profile customer={customer} />
          </Card>
        </div>
        <div className="stack person-story">
          <Say key={customer.id} customer={customer} handle={say} />
          <Timeline key={customer.id} customer={customer} />
        </div>
        <div className="stack person-side">
          <Reach key={customer.id} customer={customer} onWrite={(openid) => say.current?.write(openid)} />
          <Fans customer={customer} />
          <Identities customer={customer} />
          <Merges customer={customer} />
        </div>
      </div>
    </Page>
  );
}
