/** What the check found, in words: what stands in the way first, then what one should think of, then what is missing. */
import { useTranslation } from "react-i18next";
import type { CampaignCheck, CampaignFinding, TemplateField, Unfit } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { shortTime } from "@/lib/time";
import type { Known } from "@/template/values";
import { Icon } from "@/ui/icons";
import { Card } from "@/ui/kit";

export function Findings({ found, fields }: { found: CampaignCheck; fields: TemplateField[] }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  // What the table below counts is not said twice.
  const shown = found.findings.filter((one) => one.code !== "missing_values");
  return (
    <Card title={t("campaigns.findings")}>
      {shown.length === 0 && found.missing.every((one) => one.missing === 0 || one.fallback !== null) ? (
        <p className="finding finding-ok">
          <Icon name="check" /> {t("campaigns.all_well")}
        </p>
      ) : (
        <ul className="finding-list">
          {shown.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: several findings may have one code
            <li key={index} className={`finding finding-${one.level}`}>
              <Icon name={one.level === "error" ? "close" : "alert"} />
              <Said finding={one} fields={fields} />
              {one.rule ? <span className="badge badge-quiet">{one.rule}</span> : null}
            </li>
          ))}
        </ul>
      )}
      {found.missing.length > 0 ? (
        <table className="table campaign-missing">
          <thead>
            <tr>
              <th>{t("campaigns.variable")}</th>
              <th className="right">{t("campaigns.missing")}</th>
              <th>{t("campaigns.said_instead")}</th>
            </tr>
          </thead>
          <tbody>
            {found.missing.map((one) => (
              <tr key={one.name}>
                <td>{t(`campaigns.places.${one.name.replace("customer.", "") as Known}`)}</td>
                <td className="right num">{count(one.missing, language)}</td>
                <td>
                  {one.fallback !== null ? (
                    one.fallback
                  ) : (
                    <span className={one.missing > 0 ? "missing-none" : "dim"}>
                      {t("campaigns.nothing_said")}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Card>
  );
}

function Said({ finding, fields }: { finding: CampaignFinding; fields: TemplateField[] }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const { params } = finding;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const named = (key: unknown) => fields.find((field) => field.key === key)?.name || text(key);
  const why = (value: unknown) => t(`campaigns.unfit_short.${(text(value) || "shape") as Unfit}`);
  const n = (value: unknown) => count(number(value), language);
  switch (finding.code) {
    case "not_allowed":
      return (
        <span>
          {t(`campaigns.finding.not_allowed_${text(params.reason)}` as "campaigns.finding.not_allowed_type")}
        </span>
      );
    case "unfit_value":
      return (
        <span>
          {t("campaigns.finding.unfit_value", {
            name: text(params.name) || named(params.key),
            why: why(params.why),
          })}
        </span>
      );
    case "empty_value":
    case "empty_line":
    case "cut_value":
      return (
        <span>
          {t(`campaigns.finding.${finding.code}`, { name: text(params.name) || named(params.key) })}
        </span>
      );
    case "no_such_key":
      return (
        <span>{t("campaigns.finding.no_such_key", { keys: list(params.keys).join(t("app.comma")) })}</span>
      );
    case "unfit_for_some":
    case "empty_for_some":
      return (
        <span>
          {t(`campaigns.finding.${finding.code}`, {
            name: named(params.key),
            count: number(params.count),
            n: n(params.count),
            why: why(params.why),
            example: text(params.example),
          })}
        </span>
      );
    case "quota_short":
      return (
        <span>{t("campaigns.finding.quota_short", { left: n(params.left), needed: n(params.needed) })}</span>
      );
    case "punished_words":
    case "title_mismatch":
      return (
        <span>
          {t(`campaigns.finding.${finding.code}`, {
            words: list(params.words).join(t("app.comma")),
            title: text(params.title),
          })}
        </span>
      );
    case "everybody":
      return (
        <span>{t("campaigns.finding.everybody", { count: number(params.count), n: n(params.count) })}</span>
      );
    case "night":
    case "quiet_hours":
      return (
        <span>
          {t(`campaigns.finding.${finding.code}`, {
            when: shortTime(number(params.at), language, zone, Date.now()),
            until: shortTime(number(params.until), language, zone, Date.now()),
          })}
        </span>
      );
    case "too_often":
      return (
        <span>{t("campaigns.finding.too_often", { names: list(params.names).join(t("app.comma")) })}</span>
      );
    case "gate_closed":
    case "paused":
    case "nobody":
    case "template_gone":
    case "template_changed":
      return <span>{t(`campaigns.finding.${finding.code}`)}</span>;
    default:
      return <span>{finding.detail}</span>;
  }
}
