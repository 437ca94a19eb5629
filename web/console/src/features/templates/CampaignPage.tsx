/** One campaign: written, checked, or watched, by where it stands. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import type { Account, Campaign, Template } from "@/api/types";
import { libraryQuery } from "@/template/api";
import { Icon } from "@/ui/icons";
import { Bars, Card, Empty, Page, Trouble } from "@/ui/kit";
import { campaignQuery } from "./api";
import { Check } from "./Check";
import { Detail } from "./Detail";
import { type Draft, draftOf } from "./draft";
import { Editor } from "./Editor";
import { OfAccount } from "./parts";

export default function CampaignPage() {
  const { id } = useParams({ from: "/signed-in/templates/$id" });
  return <OfAccount>{(account) => <Loaded key={id} account={account} id={id} />}</OfAccount>;
}

function Loaded({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation();
  const { edit } = useSearch({ from: "/signed-in/templates/$id" });
  const library = useQuery(libraryQuery(account.id));
  const query = useQuery({
    ...campaignQuery(id),
    refetchInterval: (one) => {
      const detail = one.state.data;
      if (!detail) return false;
      const { state, counts } = detail.campaign;
      // Counted from the lines each time: of very many, not every second.
      const often = counts.total > 50_000 ? 10_000 : 1_500;
      // A trial is waited for until WeChat has reported on it, or long enough.
      const underWay = detail.tests.some(
        (test) =>
          ["queued", "sending", "retrying"].includes(test.state) ||
          (test.state === "sent" && test.delivery === null && Date.now() - test.at < 60_000),
      );
      if (state === "running" || underWay) return often;
      return state === "scheduled" || detail.reports.open > 0 ? Math.max(often, 5_000) : false;
    },
  });
  if (!query.data || !library.data) {
    const error = query.error ?? library.error;
    return (
      <Page
        title={t("campaigns.one")}
        back={
          <Link to="/templates" search={{ account: account.id }} className="back">
            <Icon name="left" size={14} /> {t("nav.templates")}
          </Link>
        }
      >
        {error ? (
          isCode(error, "not_found") ? (
            <div className="card">
              <Empty drawing="search">{t("campaigns.gone")}</Empty>
            </div>
          ) : (
            <Trouble error={error} retry={() => void query.refetch()} />
          )
        ) : (
          <Card>
            <Bars rows={8} height={30} />
          </Card>
        )}
      </Page>
    );
  }
  const { campaign } = query.data;
  const templates = library.data.items;
  if (campaign.state === "draft" && edit)
    return <Rewritten key={campaign.version} account={account} templates={templates} campaign={campaign} />;
  if (campaign.state === "draft" || campaign.state === "missed")
    return <Check account={account} templates={templates} detail={query.data} />;
  return <Detail account={account} templates={templates} detail={query.data} />;
}

function Rewritten({
  account,
  templates,
  campaign,
}: {
  account: Account;
  templates: Template[];
  campaign: Campaign;
}) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(campaign, templates));
  return <Editor account={account} templates={templates} of={campaign} draft={draft} onChange={setDraft} />;
}
