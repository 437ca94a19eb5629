/** The third-party platform this hub is at WeChat: what to paste there, and whether its tickets arrive. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Bars, Card, CopyField, Facts, Note, ShortId, Status, Trouble, When } from "@/ui/kit";
import { platformQuery } from "./api";

export default function PlatformPage() {
  const { t, i18n } = useTranslation();
  const query = useQuery(platformQuery);
  const platform = query.data;
  return (
    <Card title={t("settings.platform")}>
      {query.error && !platform ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!platform && !query.error ? <Bars rows={5} height={32} /> : null}
      {platform ? (
        <div className="stack">
          <p className="soft">{t("platform.lead")}</p>
          {platform.problem ? (
            <Note tone={platform.configured ? "error" : "warning"}>
              {i18n.exists(`platform.problems.${platform.problem}`)
                ? t(`platform.problems.${platform.problem}` as "platform.problems.ticket_missing")
                : platform.problem}
            </Note>
          ) : null}
          {platform.configured ? (
            <>
              <Facts
                items={[
                  [
                    t("accounts.status"),
                    <Status key="s" tone={platform.problem ? "error" : "ok"}>
                      {platform.problem ? t("accounts.trouble") : t("platform.ok")}
                    </Status>,
                  ],
                  [
                    "AppID",
                    platform.component_app_id ? (
                      <ShortId key="a" value={platform.component_app_id} head={20} />
                    ) : (
                      "—"
                    ),
                  ],
                  [
                    t("platform.ticket"),
                    <When key="t" at={platform.ticket_at} empty={t("accounts.never")} />,
                  ],
                  [t("health.token_until"), <When key="u" at={platform.token_expires_at} />],
                ]}
              />
              <p className="soft small">{t("platform.paste")}</p>
              {platform.launch_host ? (
                <CopyField label={t("platform.launch_host")} value={platform.launch_host} />
              ) : null}
              {platform.event_url ? (
                <CopyField label={t("platform.event_url")} value={platform.event_url} />
              ) : null}
              {platform.message_url ? (
                <CopyField label={t("platform.message_url")} value={platform.message_url} />
              ) : null}
            </>
          ) : platform.problem ? null : (
            <Note tone="warning">{t("platform.problems.not_configured")}</Note>
          )}
        </div>
      ) : null}
    </Card>
  );
}
