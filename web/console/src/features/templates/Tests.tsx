/** Trials on one fan, and what came of them. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Account, CampaignTest, ListedSend } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { ShortId, Status, type Tone, When } from "@/ui/kit";

/** What became of a line, in a word. */
export function Outcome({ line }: { line: Pick<ListedSend, "state" | "reason" | "errcode" | "delivery"> }) {
  const { t } = useTranslation();
  const tones: Record<ListedSend["state"], Tone> = {
    queued: "quiet",
    held: "warning",
    cancelled: "quiet",
    sending: "primary",
    retrying: "primary",
    sent: "ok",
    refused: "error",
    unknown: "warning",
  };
  if (line.state === "sent" && line.delivery)
    return (
      <Status tone={line.delivery === "delivered" ? "ok" : "error"}>
        {t(`campaigns.delivery.${line.delivery}`)}
      </Status>
    );
  return (
    <span>
      <Status tone={tones[line.state]}>{t(`campaigns.line.${line.state}`)}</Status>
      {line.state === "refused" ? (
        <small className="soft line-why">
          <Refused reason={line.reason} errcode={line.errcode} />
        </small>
      ) : null}
    </span>
  );
}

/** Why it was refused. */
export function Refused({ reason, errcode }: { reason: string | null; errcode: number | null }) {
  const { t } = useTranslation();
  const said = wechatText(errcode);
  if (said) return <>{said}</>;
  const word = t(`campaigns.reasons.${reason ?? "other"}` as "campaigns.reasons.other", {
    defaultValue: t("campaigns.reasons.other"),
  });
  return (
    <>
      {word}
      {errcode === null ? "" : ` (${errcode})`}
    </>
  );
}

export function Tests({ account, tests }: { account: Account; tests: CampaignTest[] }) {
  const { t } = useTranslation();
  if (tests.length === 0) return null;
  return (
    <section className="campaign-tests">
      <h3 className="small soft">{t("campaigns.tests")}</h3>
      <ul>
        {tests.map((one) => (
          <li key={one.send_id}>
            <Link
              to="/customers/$id"
              params={{ id: one.customer_id }}
              search={{ account: account.id, channel: undefined, kind: undefined }}
            >
              {one.by ? t("campaigns.test_by", { name: one.by }) : t("campaigns.test")}
            </Link>{" "}
            <ShortId value={one.openid} /> <Outcome line={one} />
            <small className="soft">
              <When at={one.at} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
