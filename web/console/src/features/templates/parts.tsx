/** Small things that several of these pages show. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OfAccount as Of } from "@/account/OfAccount";
import { tagsQuery } from "@/api/queries";
import type { Account, Audience, CampaignState, Customer, TemplateField } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { shortTime } from "@/lib/time";
import { Face, Status, TagChip, type Tone } from "@/ui/kit";
import { Bubble, Phone } from "@/ui/Phone";
import { filled, parted } from "./values";
import "./templates.css";

/** Templates belong to an account. */
export function OfAccount({ children }: { children: (account: Account) => ReactNode }) {
  const { t } = useTranslation();
  return (
    <Of
      title={t("nav.templates")}
      none={t("templates.no_account")}
      choose={t("templates.choose_account")}
      drawing="letter"
    >
      {children}
    </Of>
  );
}

const tones: Record<CampaignState, Tone> = {
  draft: "quiet",
  scheduled: "primary",
  missed: "error",
  running: "primary",
  stopped: "warning",
  done: "ok",
};

export function State({ state }: { state: CampaignState }) {
  const { t } = useTranslation();
  return <Status tone={tones[state]}>{t(`campaigns.states.${state}`)}</Status>;
}

/** To whom, in words. */
export function Whom({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const tags = useQuery(tagsQuery).data ?? [];
  if (audience.type === "all") return <span>{t("campaigns.audience.all")}</span>;
  if (audience.type === "tags")
    return (
      <span className="tags">
        {audience.tag_ids.map((id) => {
          const tag = tags.find((one) => one.id === id);
          return tag ? (
            <TagChip key={id} tag={tag} />
          ) : (
            <span key={id} className="dim">
              {t("campaigns.gone_tag")}
            </span>
          );
        })}
      </span>
    );
  const n = audience.type === "customers" ? audience.customer_ids.length : audience.openids.length;
  return <span>{t("campaigns.people", { count: n, n: count(n, language) })}</span>;
}

/** What a fan sees: the form, filled in. */
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
