/** Binding by the administrator's scan (R9): explain, open WeChat's page, then watch it happen. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { accountQuery } from "@/api/queries";
import type { Binding, Platform } from "@/api/types";
import { Icon } from "@/ui/icons";
import { AccountName, Bars, Card, Note, Trouble, When } from "@/ui/kit";
import { addressOf, bindingQuery, importQuery, useStartBinding } from "./api";
import { ImportProgress } from "./ImportProgress";

const steps = ["waiting", "granted", "importing"] as const;

export function ScanBinding({
  binding,
  platform,
}: {
  binding: string | undefined;
  platform: Platform | undefined;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const start = useStartBinding();

  const go = () => {
    // Opened at once so that no pop-up guard interferes; the address follows when the hub has made it.
    const opened = window.open("about:blank", "_blank");
    start.mutate(undefined, {
      onSuccess: (made) => {
        const address = addressOf(made);
        if (opened && address) opened.location.href = address;
        else opened?.close();
        void navigate({ to: "/accounts/bind", search: { way: "scan", binding: made.id }, replace: true });
      },
      onError: () => opened?.close(),
    });
  };

  if (binding) return <Watch id={binding} again={go} />;
  return (
    <Card>
      <div className="stack bind-body">
        <p>{t("bind.scan_lead")}</p>
        <ol className="bind-points">
          <li>{t("bind.point_admin")}</li>
          <li>{t("bind.point_verified")}</li>
          <li>{t("bind.point_sets")}</li>
          <li>{t("bind.point_others")}</li>
        </ol>
        {platform && !platform.configured ? <Note tone="warning">{t("bind.no_platform")}</Note> : null}
        {start.error ? <Trouble error={start.error} /> : null}
        <div>
          <Button
            type="primary"
            size="large"
            icon={<Icon name="scan" />}
            onClick={go}
            loading={start.isPending}
            disabled={platform?.configured === false}
          >
            {t("bind.open_wechat")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function Watch({ id, again }: { id: string; again: () => void }) {
  const { t } = useTranslation();
  const query = useQuery(bindingQuery(id));
  const binding = query.data;
  const account = useQuery({ ...accountQuery(binding?.account_id ?? ""), enabled: !!binding?.account_id });
  const imported = useQuery({ ...importQuery(binding?.account_id ?? ""), enabled: !!binding?.account_id });
  if (!binding) {
    return query.error ? (
      <Trouble error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Card>
        <Bars rows={4} height={28} />
      </Card>
    );
  }
  const address = addressOf(binding);
  const dead = binding.state === "refused" || binding.state === "expired" || binding.state === "failed";
  const at = steps.indexOf(binding.state as (typeof steps)[number]);
  const over = binding.state === "done" || (at === steps.length - 1 && imported.data?.state === "done");
  const reached = over ? steps.length : at;
  return (
    <Card>
      <div className="bind-body stack" aria-live="polite">
        {dead ? (
          <Refusal binding={binding} again={again} />
        ) : (
          <ol className="bind-steps">
            {steps.map((step, index) => (
              <li key={step} className={index < reached ? "past" : index === reached ? "now" : ""}>
                <span className="bind-step-mark">
                  {index < reached ? <Icon name="check" size={14} /> : index + 1}
                </span>
                <div className="grow">
                  <strong>{t(`bind.steps.${step}`)}</strong>
                  {step === "waiting" && index === reached ? (
                    <div className="stack-tight soft small">
                      <span>{t("bind.waiting_more")}</span>
                      <span className="row row-wrap">
                        {address ? (
                          <a href={address} target="_blank" rel="noopener">
                            {t("bind.open_again")} <Icon name="external" size={12} />
                          </a>
                        ) : null}
                        <span>
                          {t("bind.expires")} <When at={binding.expires_at} />
                        </span>
                      </span>
                    </div>
                  ) : null}
                  {step === "granted" && account.data ? (
                    <div className="small">
                      <AccountName account={account.data} /> · {t(`accounts.kinds.${account.data.kind}`)}
                    </div>
                  ) : null}
                  {step === "importing" && account.data && reached >= 2 ? (
                    <ImportProgress account={account.data} />
                  ) : null}
                </div>
              </li>
            ))}
          </ol>
        )}
        {binding.account_id && !dead ? (
          <div className="row row-wrap">
            <Link to="/accounts/$id" params={{ id: binding.account_id }} className="ant-btn-like">
              {t("bind.see_account")}
            </Link>
            <Link to="/replies" search={{ account: binding.account_id }}>
              {t("bind.next_replies")}
            </Link>
          </div>
        ) : null}
      </div>
    </Card>
  );
}

/** Why it was refused, and what to do about it (R5, R6, R14). */
function Refusal({ binding, again }: { binding: Binding; again: () => void }) {
  const { t, i18n } = useTranslation();
  const code = binding.code ?? binding.state;
  const key = i18n.exists(`refusals.${code}.what`) ? code : i18n.exists(`errors.${code}`) ? null : "failed";
  const params = binding.params ?? {};
  const verify = params.verify_type;
  const path = i18n.language === "zh-CN" ? params.path_zh : params.path_en;
  return (
    <div className="stack">
      <Note tone={binding.state === "expired" ? "info" : "error"}>
        <strong>
          {key
            ? t(`refusals.${key}.what` as "refusals.failed.what", params)
            : t(`errors.${code}` as "errors.unknown", params)}
        </strong>
        {verify !== undefined ? (
          <div>
            {t("refusals.wechat_says", {
              what: t(`verify.t${verify}` as "verify.t0", { defaultValue: String(verify) }),
            })}
          </div>
        ) : null}
        {typeof path === "string" ? <p className="soft">{path}</p> : null}
        {key ? <p>{t(`refusals.${key}.do` as "refusals.failed.do", params)}</p> : null}
      </Note>
      <div>
        <Button type="primary" icon={<Icon name="scan" />} onClick={again}>
          {t("bind.again")}
        </Button>
      </div>
    </div>
  );
}
