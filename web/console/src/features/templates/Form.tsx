/** The form of a campaign: what it is called, to whom, a field for each key, and where a tap leads. */
import { useQuery } from "@tanstack/react-query";
import { Button, Dropdown, Input, Popover, Radio, Segmented, Select } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Account, Template, TemplateField } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { FansSelect } from "@/person/FanSelect";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Card } from "@/ui/kit";
import { type Draft, linesOf } from "./draft";
import { isPersonal, type Known, known, length, placeOf, strange, unfit } from "./values";

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
            <Leads draft={draft} set={set} />
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

/** A field of the template: a text, what can be put in, and what WeChat would say to it. */
function Field({
  field,
  value,
  onChange,
}: {
  field: TemplateField;
  value: string;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState<Known | null>(null);
  const [otherwise, setOtherwise] = useState("");
  const personal = isPersonal(value);
  const wrongPlace = strange(value);
  const why = personal || !value ? null : unfit(field, value);
  const put = (name: Known) => {
    const area = box.current?.querySelector("input");
    const at = area?.selectionStart ?? value.length;
    const to = area?.selectionEnd ?? at;
    onChange(value.slice(0, at) + placeOf(name, otherwise.trim()) + value.slice(to));
    setAsking(null);
    setOtherwise("");
    setTimeout(() => area?.focus(), 0);
  };
  const n = length(value);
  const said = wrongPlace
    ? t("campaigns.strange", { name: wrongPlace })
    : why && why !== "empty"
      ? t(`campaigns.unfit.${why}`, {
          type: t(`templates.types.${field.type ?? "none"}` as "templates.types.none"),
        })
      : field.type === null && field.longest !== null && n > field.longest
        ? t("campaigns.cut")
        : null;
  return (
    <div className="tpl-field" ref={box}>
      <span className="tpl-label row row-between">
        <label htmlFor={`field-${field.key}`}>{field.name || field.key}</label>
        <span className="small dim">
          {t(`templates.types.${field.type ?? "none"}` as "templates.types.none")}
          {field.longest === null ? "" : personal ? ` · ≤ ${field.longest}` : ` · ${n}/${field.longest}`}
        </span>
      </span>
      <div className="row field-with-places">
        <Input
          id={`field-${field.key}`}
          value={value}
          maxLength={500}
          status={wrongPlace || (why && why !== "empty") ? "error" : undefined}
          placeholder={field.example ? t("campaigns.example", { text: field.example }) : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        <Popover
          trigger="click"
          open={asking !== null}
          onOpenChange={(open) => {
            if (!open) setAsking(null);
          }}
          placement="bottomRight"
          title={
            asking ? t("campaigns.otherwise_title", { what: t(`campaigns.places.${asking}`) }) : undefined
          }
          content={
            asking ? (
              <form
                className="stack-tight place-form"
                onSubmit={(event) => {
                  event.preventDefault();
                  put(asking);
                }}
              >
                <Input
                  autoFocus
                  aria-label={t("campaigns.otherwise")}
                  placeholder={t("campaigns.otherwise_hint")}
                  maxLength={30}
                  value={otherwise}
                  onChange={(event) => setOtherwise(event.target.value.replace(/[{}|]/g, ""))}
                />
                <Button type="primary" htmlType="submit" size="small">
                  {t("campaigns.put_in")}
                </Button>
              </form>
            ) : null
          }
        >
          <span>
            <Dropdown
              trigger={["click"]}
              menu={{
                onClick: ({ key }) => setAsking(key as Known),
                items: known.map((name) => ({ key: name, label: t(`campaigns.places.${name}`) })),
              }}
            >
              <Button
                icon={<Icon name="person" />}
                aria-label={t("campaigns.put_into", { name: field.name || field.key })}
                title={t("campaigns.put_into", { name: field.name || field.key })}
              />
            </Dropdown>
          </span>
        </Popover>
      </div>
      {said ? <span className="tpl-more tpl-wrong">{said}</span> : null}
    </div>
  );
}

function Leads({ draft, set }: { draft: Draft; set: (part: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="tpl-field">
        <span className="tpl-label">{t("campaigns.leads")}</span>
        <Segmented
          value={draft.leads}
          onChange={(leads) => set({ leads })}
          options={(["nowhere", "link", "mini"] as const).map((value) => ({
            value,
            label: t(`campaigns.lead.${value}`),
          }))}
        />
      </div>
      {draft.leads === "mini" ? (
        <>
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="campaign-app">
              AppID
            </label>
            <Input
              id="campaign-app"
              value={draft.app_id}
              maxLength={18}
              placeholder="wx…"
              onChange={(event) => set({ app_id: event.target.value })}
            />
            <span className="tpl-more">{t("campaigns.app_id_more")}</span>
          </div>
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="campaign-path">
              {t("campaigns.path")}
            </label>
            <Input
              id="campaign-path"
              value={draft.path}
              maxLength={500}
              placeholder="pages/order?id=1"
              onChange={(event) => set({ path: event.target.value })}
            />
          </div>
        </>
      ) : null}
      {draft.leads !== "nowhere" ? (
        <div className="tpl-field">
          <label className="tpl-label" htmlFor="campaign-url">
            {t(draft.leads === "mini" ? "campaigns.url_old" : "campaigns.lead.link")}
          </label>
          <Input
            id="campaign-url"
            value={draft.url}
            maxLength={1024}
            placeholder="https://"
            onChange={(event) => set({ url: event.target.value })}
          />
        </div>
      ) : null}
    </>
  );
}
