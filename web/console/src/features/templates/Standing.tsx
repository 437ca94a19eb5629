/** What one should know of a campaign before anything else: why it waits, why it ended, and whether its template is still the same. */
import { useTranslation } from "react-i18next";
import type { Campaign } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { exactTime } from "@/lib/time";
import { Badge, Note } from "@/ui/kit";

export function Drifted({ drift, short }: { drift: Campaign["drift"]; short?: boolean }) {
  const { t } = useTranslation();
  if (!drift) return null;
  if (short) return <Badge tone="error">{t(`campaigns.drift_short.${drift}`)}</Badge>;
  return (
    <div className="template-note">
      <Note tone="error">{t(`campaigns.drift.${drift}`)}</Note>
    </div>
  );
}

export function Standing({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const line = () => {
    switch (campaign.state) {
      case "scheduled":
        return t("campaigns.standing.scheduled", {
          when: exactTime(campaign.starts_at ?? 0, language, zone),
          who: campaign.decided_by ?? "",
        });
      case "missed":
        if (campaign.reason === "template_gone") return t("campaigns.standing.missed_gone");
        if (campaign.reason === "template_changed") return t("campaigns.standing.missed_changed");
        if (campaign.reason === "restored") return t("campaigns.standing.restored");
        return t("campaigns.standing.missed");
      case "stopped":
        if (campaign.reason === "quota") return t("campaigns.standing.stopped_quota");
        if (campaign.reason === "template_gone") return t("campaigns.standing.stopped_gone");
        if (campaign.reason === "restored") return t("campaigns.standing.restored");
        return t("campaigns.standing.stopped", { who: campaign.decided_by ?? "" });
      default:
        return null;
    }
  };
  const text = line();
  return (
    <>
      <Drifted drift={campaign.drift} />
      {text ? (
        <div className="template-note">
          <Note tone={campaign.state === "scheduled" ? "info" : "warning"}>{text}</Note>
        </div>
      ) : null}
    </>
  );
}
