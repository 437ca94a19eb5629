/** What was, is or will be sent: the ledger, what is in doubt, and the ways that are closed. */
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sendingQuery } from "@/api/queries";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { Page, Trouble } from "@/ui/kit";
import { Doubt } from "./Doubt";
import { Ledger } from "./Ledger";
import { Ways } from "./Ways";
import "./sends.css";

export default function SendsPage() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { show } = useSearch({ from: "/signed-in/sends" });
  const sending = useQuery(sendingQuery);
  const closed = (sending.data?.gates.length ?? 0) + (sending.data?.pause ? 1 : 0);
  const tabs = [
    { show: undefined, name: t("sends.all"), n: 0 },
    { show: "doubt" as const, name: t("sends.doubt"), n: sending.data?.unknown ?? 0 },
    { show: "ways" as const, name: t("sends.ways"), n: closed },
  ];
  return (
    <Page title={t("nav.sends")}>
      <nav className="sends-tabs" aria-label={t("nav.sends")}>
        {tabs.map((tab) => (
          <Link
            key={tab.show ?? "all"}
            to="/sends"
            search={(s) => ({ account: s.account, show: tab.show })}
            activeProps={{}}
            className={tab.show === show ? "sends-tab active" : "sends-tab"}
            aria-current={tab.show === show ? "page" : undefined}
          >
            {tab.name}
            {tab.n > 0 ? <span className="needs-count">{count(tab.n, language)}</span> : null}
          </Link>
        ))}
      </nav>
      {sending.error && show ? (
        <Trouble error={sending.error} retry={() => void sending.refetch()} />
      ) : show === "doubt" ? (
        <Doubt />
      ) : show === "ways" ? (
        <Ways sending={sending.data} />
      ) : (
        <Ledger />
      )}
    </Page>
  );
}
