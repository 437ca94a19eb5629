/** [View]: which permission sets the account's administrator granted, and what each missing one breaks (R10–R12). */
import { useNavigate } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { useMayNotBind, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { AccountName, Because, Note } from "@/ui/kit";

export function Permissions({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ownerOnly = useMayNotBind();
  const { setName } = useReasons();
  const missing = account?.permission_sets.filter((set) => !set.granted) ?? [];
  return (
    <Drawer open={account !== null} onClose={onClose} size={440} title={t("permissions.title")}>
      {account ? (
        <div className="stack">
          <AccountName account={account} />
          {account.mode === "direct" ? (
            <Note>{t("permissions.direct")}</Note>
          ) : missing.length > 0 ? (
            <Note
              tone="warning"
              action={
                <Because reason={ownerOnly}>
                  <Button
                    size="small"
                    disabled={!!ownerOnly}
                    onClick={() => void navigate({ to: "/accounts/bind", search: { way: "scan" } })}
                  >
                    {t("permissions.regrant")}
                  </Button>
                </Because>
              }
            >
              {t("permissions.missing", { count: missing.length })}
            </Note>
          ) : (
            <Note tone="ok">{t("permissions.all")}</Note>
          )}
          <ul className="permissions">
            {account.permission_sets.map((set) => (
              <li key={set.id} className={set.granted ? "" : "missing"}>
                <Icon name={set.granted ? "check" : "close"} size={16} />
                <div>
                  <div>
                    {setName(account, set.id)}{" "}
                    <small className="dim">{t("permissions.id", { id: set.id })}</small>
                  </div>
                  {set.granted || set.breaks.length === 0 ? null : (
                    <small>
                      {t("permissions.breaks", {
                        what: set.breaks.map((name) => t(`functions.${name}`)).join(t("app.comma")),
                      })}
                    </small>
                  )}
                </div>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Drawer>
  );
}
