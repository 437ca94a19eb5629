/** A new campaign: empty, with a template chosen in the library, or like one that was. */
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Campaign, Template } from "@/api/types";
import { useKept } from "@/lib/hooks";
import { libraryQuery } from "@/template/api";
import { Bars, Card, Page, Trouble } from "@/ui/kit";
import { campaignQuery } from "./api";
import { type Draft, draftOf, emptyDraft } from "./draft";
import { Editor } from "./Editor";
import { OfAccount } from "./parts";

export default function NewCampaignPage() {
  return <OfAccount>{(account) => <New key={account.id} account={account} />}</OfAccount>;
}

function New({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { template, like } = useSearch({ from: "/signed-in/templates/new" });
  const library = useQuery(libraryQuery(account.id));
  const model = useQuery({ ...campaignQuery(like ?? ""), enabled: !!like });
  const error = library.error ?? model.error;
  if (library.data && (!like || model.data))
    return (
      <Written
        key={`${template ?? ""}-${like ?? ""}`}
        account={account}
        templates={library.data.items}
        template={template}
        model={model.data?.campaign}
      />
    );
  return (
    <Page title={t("campaigns.new")}>
      {error ? (
        <Trouble
          error={error}
          retry={() => {
            void library.refetch();
            if (like) void model.refetch();
          }}
        />
      ) : (
        <Card>
          <Bars rows={8} height={30} />
        </Card>
      )}
    </Page>
  );
}

function Written({
  account,
  templates,
  template,
  model,
}: {
  account: Account;
  templates: Template[];
  template: string | undefined;
  model: Campaign | undefined;
}) {
  const [kept, keep] = useKept<Draft>(`hy.draft.campaign.${account.id}`, emptyDraft);
  const asked = useRef(false);
  // What was chosen on the page before goes before what was left here.
  const first = model
    ? draftOf(model, templates)
    : template && template !== kept.template
      ? { ...emptyDraft, ...kept, template, data: {} }
      : null;
  useEffect(() => {
    if (!first || asked.current) return;
    asked.current = true;
    keep(first);
  });
  const draft = asked.current || !first ? { ...emptyDraft, ...kept } : first;
  return (
    <Editor
      account={account}
      templates={templates}
      draft={draft}
      onChange={keep}
      onSaved={() => keep(emptyDraft)}
    />
  );
}
