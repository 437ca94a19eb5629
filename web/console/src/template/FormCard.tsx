/** A template as a fan sees it: the form, filled in, by itself and on a phone. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Customer, TemplateField } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { shortTime } from "@/lib/time";
import { Face } from "@/ui/kit";
import { Bubble, Phone } from "@/ui/Phone";
import { filled, parted } from "./values";
import "./template.css";

export function FormCard({
  title,
  fields,
  data,
  leads,
  customer,
  at,
}: {
  title: string;
  fields: TemplateField[];
  data: Record<string, string>;
  leads: boolean;
  customer: Customer | undefined;
  at?: number;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  return (
    <div className="form-card">
      <strong>{title}</strong>
      {at ? <small>{shortTime(at, language, zone, Date.now())}</small> : null}
      <dl>
        {fields
          .filter((field) => field.shown)
          .map((field) => {
            const text = filled(data[field.key] ?? "", customer);
            return (
              <div key={field.key}>
                <dt>{field.name || field.key}</dt>
                <dd className={text.trim() ? undefined : "form-empty"}>
                  {text.trim() ? <WithPlaces text={text} /> : (field.example ?? "—")}
                </dd>
              </div>
            );
          })}
      </dl>
      {leads ? <div className="form-leads">{t("campaigns.details")}</div> : null}
    </div>
  );
}

/** Where something of a customer will stand, its name stands until one is chosen. */
function WithPlaces({ text }: { text: string }) {
  const { t } = useTranslation();
  return parted(text).map((part, index) =>
    part.place === null ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity
      <span key={index} className="place-chip">
        {t(`campaigns.places.${part.place}`)}
      </span>
    ),
  );
}

export function CardOnPhone({
  account,
  foot,
  ...card
}: { account: Account; foot?: ReactNode } & Parameters<typeof FormCard>[0]) {
  return (
    <Phone
      title={account.nick_name}
      face={<Face id={account.id} name={account.nick_name} src={account.avatar_url} size={20} square />}
      foot={foot}
    >
      <Bubble bare>
        <FormCard {...card} />
      </Bubble>
    </Phone>
  );
}
