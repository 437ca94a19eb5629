/** Binding an account: by scan through the platform, or directly with AppID and secret. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useMayNotBind } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Note, Page } from "@/ui/kit";
import { platformQuery } from "./api";
import { DirectBinding } from "./DirectBinding";
import { ScanBinding } from "./ScanBinding";
import "./accounts.css";

export default function BindPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { way, binding } = useSearch({ from: "/signed-in/accounts/bind" });
  const platform = useQuery(platformQuery);
  const ownerOnly = useMayNotBind();
  const shown = way ?? (binding || platform.data?.configured !== false ? "scan" : "direct");

  return (
    <Page
      title={t("accounts.bind")}
      back={
        <Link to="/accounts" className="back">
          <Icon name="left" size={14} /> {t("nav.accounts")}
        </Link>
      }
    >
      {ownerOnly ? (
        <Note tone="warning">{ownerOnly}</Note>
      ) : (
        <div className="bind">
          <Segmented
            value={shown}
            onChange={(value) =>
              void navigate({
                to: "/accounts/bind",
                search: { way: value as "scan" | "direct" },
                replace: true,
              })
            }
            options={[
              { value: "scan", label: t("bind.by_scan") },
              { value: "direct", label: t("bind.direct") },
            ]}
          />
          {shown === "scan" ? <ScanBinding binding={binding} platform={platform.data} /> : <DirectBinding />}
        </div>
      )}
    </Page>
  );
}
