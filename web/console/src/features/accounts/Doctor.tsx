/** "Check now": asks WeChat and ourselves what might be wrong; each line with what to do (A14). */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Account, CheckItem } from "@/api/types";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Trouble } from "@/ui/kit";
import { useCheck } from "./api";

export function Doctor({ account }: { account: Account }) {
  const { t } = useTranslation();
  const check = useCheck(account.id);
  const notAllowed = useNotAllowed("accounts:write");
  return (
    <div className="stack-tight">
      <div>
        <Because reason={notAllowed}>
          <Button
            size="small"
            icon={<Icon name="shield" size={14} />}
            loading={check.isPending}
            disabled={!!notAllowed}
            onClick={() => check.mutate()}
          >
            {t("doctor.run")}
          </Button>
        </Because>
      </div>
      {check.error ? <Trouble error={check.error} /> : null}
      {check.data ? (
        <ul className="doctor" aria-live="polite">
          {check.data.map((item) => (
            <DoctorLine key={item.check} item={item} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function DoctorLine({ item }: { item: CheckItem }) {
  const { t, i18n } = useTranslation();
  const advice = `doctor.codes.${item.code}`;
  const wechat = item.params.errcode === undefined ? null : `wechat.e${item.params.errcode}`;
  return (
    <li className={`doctor-${item.state}`}>
      <Icon name={item.state === "ok" ? "check" : "alert"} size={15} />
      <div>
        <strong>
          {t(`doctor.checks.${item.check}` as "doctor.checks.token", { defaultValue: item.check })}
        </strong>
        {item.state !== "ok" && i18n.exists(advice) ? (
          <div className="small soft">{t(advice as "doctor.codes.unbound", item.params)}</div>
        ) : item.state === "ok" ? null : (
          <div className="small soft">{item.code}</div>
        )}
        {wechat && i18n.exists(wechat) ? (
          <div className="small soft">{t(wechat as "wechat.e40164", item.params)}</div>
        ) : null}
      </div>
    </li>
  );
}
