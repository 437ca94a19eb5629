/** Where this person follows, and every follow and unfollow there was (R16, R20). */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Customer, Fan } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { shortTime } from "@/lib/time";
import { AccountName, Badge, Card, Facts, Status, When } from "@/ui/kit";
import { fanTones } from "./CustomersPage";

export function Fans({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  return (
    <Card title={t("fans.title")}>
      {customer.fans.length === 0 ? <p className="dim small">{t("fans.none")}</p> : null}
      <div className="stack">
        {customer.fans.map((fan) => (
          <OneFan key={`${fan.account_id}-${fan.openid}`} fan={fan} />
        ))}
      </div>
    </Card>
  );
}

function OneFan({ fan }: { fan: Fan }) {
  const { t, i18n } = useTranslation();
  const { language, zone } = usePrefs();
  const account = useAccounts().find((one) => one.id === fan.account_id);
  const scene = (code: string | null) =>
    code ? (i18n.exists(`scenes.${code}`) ? t(`scenes.${code}` as "scenes.ADD_SCENE_OTHERS") : code) : null;
  const at = (moment: number | null) =>
    moment === null ? t("fans.unknown_since") : shortTime(moment, language, zone, Date.now());
  return (
    <div className="fan">
      <div className="row row-between">
        <AccountName account={account} />
        <Status tone={fanTones[fan.status]}>{t(`fans.${fan.status}`)}</Status>
      </div>
      {fan.status === "frozen" && fan.status_until ? (
        <p className="small soft">
          {t("fans.until")} <When at={fan.status_until} />
        </p>
      ) : null}
      <ol className="periods">
        {fan.periods.map((period) => (
          <li
            key={`${period.followed_at}-${period.left_at}`}
            className={period.left_at === null ? "open" : ""}
          >
            <span>
              {at(period.followed_at)} {t("fans.followed")}
              {scene(period.scene) ? <small> · {scene(period.scene)}</small> : null}
            </span>
            {period.left_at !== null ? (
              <span>
                {at(period.left_at)} {t("fans.went")}
              </span>
            ) : null}
          </li>
        ))}
      </ol>
      {fan.source ? (
        <p className="small soft">
          {t("fans.came_by")}{" "}
          <Link
            to="/qrcodes/$id"
            params={{ id: fan.source.qrcode_id }}
            search={{ account: fan.account_id, edit: undefined }}
          >
            {fan.source.name}
          </Link>
          {fan.source.source ? ` · ${fan.source.source}` : null}
        </p>
      ) : null}
      {fan.remark || fan.wechat_tags.length > 0 ? (
        <Facts
          items={[
            ...(fan.remark ? ([[t("fans.remark"), fan.remark]] as [string, string][]) : []),
            ...(fan.wechat_tags.length > 0
              ? ([
                  [
                    t("wechat_tags.title"),
                    <span key="t" className="tags">
                      {fan.wechat_tags.map((name) => (
                        <Badge key={name}>{name}</Badge>
                      ))}
                    </span>,
                  ],
                ] as [string, React.ReactNode][])
              : []),
          ]}
        />
      ) : null}
    </div>
  );
}
