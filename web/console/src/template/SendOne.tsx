/** A template message to one fan: the template, its fields, and what they will read, before anything is sent. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import type { Account, Customer, Id, Template } from "@/api/types";
import { useNarrow } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { fieldText } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { customerQuery } from "@/person/api";
import { Icon } from "@/ui/icons";
import { Bars, Because, Empty, Note, Trouble } from "@/ui/kit";
import { libraryQuery, useSendOne } from "./api";
import { type Destination, faultOfDestination, linksOf, nowhere } from "./destination";
import { Field } from "./Field";
import { CardOnPhone } from "./FormCard";
import { Leads } from "./Leads";
import { filled, missingOf, strange, unfit } from "./values";

interface Draft extends Destination {
  data: Record<string, string>;
  purpose: "service" | "marketing";
}

export default function SendOne({
  account,
  customer: id,
  onClose,
}: {
  account: Account;
  customer: Id;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const personName = usePersonName();
  const narrow = useNarrow();
  const library = useQuery(libraryQuery(account.id));
  const person = useQuery(customerQuery(id));
  const customer = person.data;
  const templates = library.data?.items.filter((one) => one.kind === "template" && one.gone_at === null);
  const [chosen, setChosen] = useState<Id | null>(null);
  // Where there is but one, there is nothing to choose.
  const template =
    templates?.find((one) => one.id === chosen) ?? (templates?.length === 1 ? templates[0] : undefined);
  const [draft, setDraft] = useState<Draft>({ ...nowhere, data: {}, purpose: "service" });
  const set = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const send = useSendOne();
  const notAllowed = useNotAllowed("messages:write");
  const { whyFunction } = useReasons();
  const fault = useFault(template, draft, customer);
  const blocked = notAllowed ?? whyFunction(account, "template") ?? fault;
  const name = customer ? personName(customer.display_name) : "…";
  const go = () => {
    if (blocked || !template || send.isPending) return;
    const shown = new Set(template.fields.filter((field) => field.shown).map((field) => field.key));
    const said = Object.entries(draft.data).filter(([key, text]) => shown.has(key) && text.trim());
    send.mutate(
      {
        account_id: account.id,
        customer_id: id,
        message: {
          type: "template",
          template_id: template.wechat_id,
          data: Object.fromEntries(said),
          ...linksOf(draft),
        },
        purpose: draft.purpose,
      },
      { onSuccess: onClose },
    );
  };
  const wrong = library.error && !library.data ? library : person.error && !person.data ? person : null;
  return (
    <Modal
      open
      width={narrow ? undefined : 900}
      className="send-one"
      title={t("one.title", { name })}
      onCancel={onClose}
      footer={
        templates?.length ? (
          <div className="row send-one-foot">
            <Button onClick={onClose}>{t("app.cancel")}</Button>
            <Because reason={blocked}>
              <Button
                type="primary"
                icon={<Icon name="send" size={14} />}
                disabled={!!blocked}
                loading={send.isPending}
                onClick={go}
              >
                {t("one.send", { name })}
              </Button>
            </Because>
          </div>
        ) : null
      }
    >
      {wrong ? (
        <Trouble error={wrong.error} retry={() => void wrong.refetch()} />
      ) : !templates || !customer ? (
        <Bars rows={6} height={36} />
      ) : templates.length === 0 ? (
        <Empty
          drawing="letter"
          compact
          action={
            <Link to="/templates" search={{ account: account.id, shelf: "library" }}>
              {t("one.to_library")}
            </Link>
          }
        >
          {t("one.none")}
        </Empty>
      ) : (
        <div className="send-one-body">
          <div className="stack">
            <div className="tpl-field">
              <span className="tpl-label">{t("campaigns.template")}</span>
              <Select
                showSearch={{ optionFilterProp: "label" }}
                aria-label={t("campaigns.template")}
                placeholder={t("campaigns.template_hint")}
                value={template?.id}
                options={templates.map((one) => ({ value: one.id, label: one.title }))}
                onChange={(one: Id) => {
                  setChosen(one);
                  send.reset();
                }}
              />
            </div>
            {template ? (
              <>
                {template.fields
                  .filter((field) => field.shown)
                  .map((field) => (
                    <Field
                      key={`${template.id} ${field.key}`}
                      field={field}
                      value={draft.data[field.key] ?? ""}
                      customer={customer}
                      onChange={(text) => set({ data: { ...draft.data, [field.key]: text } })}
                    />
                  ))}
                <Leads of={draft} set={set} />
                <div className="tpl-field">
                  <span className="tpl-label">{t("one.purpose")}</span>
                  <Segmented
                    value={draft.purpose}
                    onChange={(purpose) => set({ purpose })}
                    options={(["service", "marketing"] as const).map((value) => ({
                      value,
                      label: t(`one.purposes.${value}`),
                    }))}
                  />
                  <span className="tpl-more">{t(`one.purpose_more.${draft.purpose}`)}</span>
                </div>
              </>
            ) : null}
            {fault && template ? <Note>{fault}</Note> : null}
            {send.error ? (
              <Trouble error={send.error}>
                <Faults error={send.error} template={template} />
              </Trouble>
            ) : null}
          </div>
          {template ? (
            <div className="send-one-phone">
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
          ) : null}
        </div>
      )}
    </Modal>
  );
}

/** What still stands in the way, in words. */
function useFault(
  template: Template | undefined,
  draft: Draft,
  customer: Customer | undefined,
): string | null {
  const { t } = useTranslation();
  if (!template) return t("campaigns.need.template");
  if (!customer) return t("campaigns.checking");
  const fields = template.fields.filter((field) => field.shown);
  const said = (key: string) => draft.data[key] ?? "";
  const named = (keys: typeof fields) => keys.map((field) => field.name || field.key).join(t("app.comma"));
  if (fields.some((field) => strange(said(field.key)) !== null)) return t("campaigns.need.variable");
  const unknown = fields.filter((field) => missingOf(said(field.key), customer).length > 0);
  if (unknown.length > 0) return t("one.unknown", { names: named(unknown) });
  const why = (field: (typeof fields)[number]) => unfit(field, filled(said(field.key), customer));
  const empty = fields.filter((field) => why(field) === "empty");
  if (empty.length > 0) return t("one.empty", { names: named(empty) });
  const bad = fields.filter((field) => why(field) !== null);
  if (bad.length > 0) return t("one.unfit", { names: named(bad) });
  if (fields.every((field) => !said(field.key).trim())) return t("one.nothing");
  const lost = faultOfDestination(draft);
  return lost ? t(lost) : null;
}

/** What the hub found wrong, by the names of the fields. */
function Faults({ error, template }: { error: unknown; template: Template | undefined }) {
  if (!(error instanceof ApiError) || error.fields.length === 0) return null;
  const nameOf = (path: string) => {
    const key = path.replace(/^message\.(data\.)?/, "");
    return template?.fields.find((field) => field.key === key)?.name || key;
  };
  return (
    <ul>
      {error.fields.map((one) => (
        <li key={`${one.field} ${one.code}`}>
          {nameOf(one.field)}: {fieldText(one)}
        </li>
      ))}
    </ul>
  );
}
