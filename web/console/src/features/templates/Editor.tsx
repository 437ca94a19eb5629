/** The editor beside the phone, for a new campaign and for a draft that is written anew. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Campaign, Template } from "@/api/types";
import { useNarrow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { customerQuery } from "@/person/api";
import { FanSelect } from "@/person/FanSelect";
import { CardOnPhone } from "@/template/FormCard";
import { Icon } from "@/ui/icons";
import { Because, Note, Page, Trouble } from "@/ui/kit";
import { useSaveCampaign } from "./api";
import { bodyOf, type Draft, faultOf } from "./draft";
import { CampaignForm } from "./Form";

export function Editor({
  account,
  templates,
  of,
  draft,
  onChange,
  onSaved,
}: {
  account: Account;
  templates: Template[];
  of?: Campaign;
  draft: Draft;
  onChange: (draft: Draft) => void;
  onSaved?: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const notAllowed = useNotAllowed("messages:write");
  const { whyFunction } = useReasons();
  const template = templates.find((one) => one.id === draft.template);
  const off = whyFunction(account, template?.kind === "notice" ? "notice" : "template");
  const save = useSaveCampaign(of);
  const fault = faultOf(draft, template);
  const blocked = notAllowed ?? off ?? (fault ? t(fault) : null);
  const go = () => {
    if (blocked || !template || save.isPending) return;
    save.mutate(bodyOf(account, draft, template), {
      onSuccess: (campaign) => {
        onSaved?.();
        void navigate({
          to: "/templates/$id",
          params: { id: campaign.id },
          search: { account: account.id, edit: undefined },
        });
      },
    });
  };
  useKeys({ "mod+s": go });
  const phone = template ? (
    <PhoneBeside account={account} template={template} draft={draft} />
  ) : (
    <div className="card campaign-nothing">
      <p className="soft">{t("campaigns.phone_empty")}</p>
    </div>
  );
  return (
    <Page
      title={of ? of.name : t("campaigns.new")}
      back={
        <Link to="/templates" search={{ account: account.id }} className="back">
          <Icon name="left" size={14} /> {t("nav.templates")}
        </Link>
      }
      actions={
        <Because reason={blocked}>
          <Button type="primary" disabled={!!blocked} loading={save.isPending} onClick={go}>
            {t("campaigns.check")}
          </Button>
        </Because>
      }
    >
      {off ? (
        <div className="template-note">
          <Note tone="warning">{off}</Note>
        </div>
      ) : null}
      {save.error ? (
        <div className="template-note">
          <Trouble error={save.error} />
        </div>
      ) : null}
      <div className="campaign-editor">
        <CampaignForm
          account={account}
          templates={templates}
          template={template}
          draft={draft}
          onChange={onChange}
        />
        <div className={narrow ? undefined : "campaign-phone"}>{phone}</div>
      </div>
    </Page>
  );
}

function PhoneBeside({ account, template, draft }: { account: Account; template: Template; draft: Draft }) {
  const { t } = useTranslation();
  const [as, setAs] = useState<string | null>(null);
  const customer = useQuery({ ...customerQuery(as ?? ""), enabled: !!as }).data;
  return (
    <div className="stack-tight">
      <FanSelect allowClear account={account.id} value={as} onChange={setAs} label={t("campaigns.look_as")} />
      <CardOnPhone
        account={account}
        title={template.title}
        fields={template.fields}
        data={draft.data}
        leads={draft.leads !== "nowhere"}
        customer={customer}
      />
      <p className="small soft">{t("campaigns.grey_example")}</p>
    </div>
  );
}
