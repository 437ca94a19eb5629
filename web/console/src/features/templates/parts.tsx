/** Small things that several of these pages show. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OfAccount as Of } from "@/account/OfAccount";
import { tagsQuery } from "@/api/queries";
import type { Account, Audience, CampaignState } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { Status, TagChip, type Tone } from "@/ui/kit";
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
