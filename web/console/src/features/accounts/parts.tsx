/** Words and small pieces several account pages share. */
import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { Badge, Status, type Tone } from "@/ui/kit";

/** R5: qualification alone is enough; the tooltip names what WeChat says in full. */
export function Verification({ account }: { account: Account }) {
  const { t } = useTranslation();
  const detail = t(`verify.t${account.verify_type}` as "verify.t0", {
    defaultValue: String(account.verify_type),
  });
  return (
    <Tooltip title={`${detail} · ${t(`accounts.known_by.${account.verification_source}`)}`}>
      <span>
        <Badge tone={account.verification === "verified" ? "ok" : "warning"}>
          {t(account.verification === "verified" ? "accounts.verified" : "accounts.unverified")}
        </Badge>
      </span>
    </Tooltip>
  );
}

export function useHealthText() {
  const { t } = useTranslation();
  return (account: Account): { tone: Tone; text: string; more: string | null } => {
    if (account.status === "unbound") return { tone: "quiet", text: t("accounts.unbound"), more: null };
    if (account.health.state === "ok") {
      return account.listen_only
        ? { tone: "primary", text: t("accounts.listening"), more: t("accounts.listen_only_more") }
        : { tone: "ok", text: t("accounts.bound"), more: null };
    }
    const { problem, errcode } = account.health;
    const text = problem
      ? t(`health.${problem}` as "health.callback_silent", { defaultValue: problem })
      : t("accounts.trouble");
    return { tone: account.health.state, text, more: wechatText(errcode) };
  };
}

export function AccountStatus({ account }: { account: Account }) {
  const describe = useHealthText();
  const { tone, text, more } = describe(account);
  const status = <Status tone={tone}>{text}</Status>;
  return more ? <Tooltip title={more}>{status}</Tooltip> : status;
}
