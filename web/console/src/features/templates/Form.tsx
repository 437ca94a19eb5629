/** The form of a campaign: what it is called, to whom, a field for each key, and where a tap leads. */
import { useQuery } from "@tanstack/react-query";
import { Input, Radio, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Account, Template } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { FansSelect } from "@/person/FanSelect";
import { Field } from "@/template/Field";
import { Leads } from "@/template/Leads";
import { AutoText } from "@/ui/AutoText";
import { Card } from "@/ui/kit";
import { type Draft, linesOf } from "./draft";

interface FormProps {
  account: Account;
  templates: Template[];
  template: Template | undefined;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

export function CampaignForm({ account, templates, template, draft, onChange }: FormProps) {
  const { t } = useTranslation();
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part });
  return (
    <div className="stack campaign-form">
      <Card>
        <div className="stack">
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="campaign-name">
              {t("campaigns.name")}
            </label>
            <Input
              id="campaign-name"
              value={draft.name}
              maxLength={60}
              placeholder={t("campaigns.name_hint")}
              onChange={(event) => set({ name: event.target.value })}
            />
          </div>
          <div className="tpl-field">
            <span className="tpl-label">{t("campaigns.template")}</span>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              aria-label={t("campaigns.template")}
              placeholder={t("campaigns.template_hint")}
              value={template?.id}
              options={templates
                .filter((one) => one.gone_at === null)
                .map((one) => ({
                  value: one.id,
                  label: `${one.title} · ${t(`templates.kinds.${one.kind}`)}`,
                }))}
              onChange={(id: string) => set({ template: id })}
            />
          </div>
        </div>
      </Card>
      <Whom account={account} draft={draft} set={set} template={template} />
      {template ? (
        <Card title={t("campaigns.contents")}>
          <div className="stack">
            {template.fields
              .filter((field) => field.shown)
              .map((field) => (
                <Field
                  key={field.key}
                  field={field}
                  value={draft.data[field.key] ?? ""}
                  onChange={(text) => set({ data: { ...draft.data, [field.key]: text } })}
                />
              ))}
            <Leads of={draft} set={set} />
          </div>
        </Card>
      ) : null}
    </div>
  );
}

function Whom({
  account,
  draft,
  set,
  template,
}: {
  account: Account;
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  template: Template | undefined;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const tags = useQuery(tagsQuery).data ?? [];
  const openids = linesOf(draft.openids).length;
  return (
    <Card title={t("campaigns.to")}>
      <div className="stack">
        <Segmented
          value={draft.whom}
          onChange={(whom) => set({ whom })}
          options={(["tags", "all", "customers", "openids"] as const).map((value) => ({
            value,
            label: t(`campaigns.audience.${value}`),
          }))}
        />
        {draft.whom === "tags" ? (
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t("campaigns.choose_tags")}
            placeholder={t("campaigns.choose_tags")}
            value={draft.tag_ids.filter((id) => tags.some((tag) => tag.id === id))}
            options={tags.map((tag) => ({
              value: tag.id,
              label: `${tag.name} (${count(tag.customers, language)})`,
            }))}
            onChange={(tag_ids: string[]) => set({ tag_ids })}
          />
        ) : null}
        {draft.whom === "customers" ? (
          <FansSelect
            account={account.id}
            label={t("campaigns.choose_customers")}
            value={draft.customer_ids}
            onChange={(customer_ids) => set({ customer_ids })}
          />
        ) : null}
        {draft.whom === "openids" ? (
          <div className="tpl-field">
            <AutoText
              rows={4}
              aria-label={t("campaigns.audience.openids")}
              placeholder={t("campaigns.openids_hint")}
              value={draft.openids}
              onChange={(event) => set({ openids: event.target.value })}
            />
            <span className="tpl-more">
              {t("campaigns.people", { count: openids, n: count(openids, language) })}
            </span>
          </div>
        ) : null}
        <p className="small soft">
          {t(template?.kind === "notice" ? "campaigns.only_agreed" : "campaigns.only_following")}
        </p>
        <div className="tpl-field">
          <span className="tpl-label">{t("campaigns.on_quota")}</span>
          <Radio.Group
            value={draft.on_quota}
            onChange={(event) => set({ on_quota: event.target.value })}
            options={[
              { value: "wait", label: t("campaigns.quota_wait") },
              { value: "stop", label: t("campaigns.quota_stop") },
            ]}
          />
        </div>
      </div>
    </Card>
  );
}
