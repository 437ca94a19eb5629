/** Where a tap on the form leads. */
import { Input, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import type { Destination } from "./destination";

/** What is typed of it, with what WeChat takes at most. */
const lines = {
  app_id: { id: "campaign-app", maxLength: 18, placeholder: "wx…" },
  path: { id: "campaign-path", maxLength: 500, placeholder: "pages/order?id=1" },
  url: { id: "campaign-url", maxLength: 1024, placeholder: "https://" },
} as const;

export function Leads({ of, set }: { of: Destination; set: (part: Partial<Destination>) => void }) {
  const { t } = useTranslation();
  const line = (name: keyof typeof lines, label: string, more?: string) => (
    <div className="tpl-field">
      <label className="tpl-label" htmlFor={lines[name].id}>
        {label}
      </label>
      <Input {...lines[name]} value={of[name]} onChange={(event) => set({ [name]: event.target.value })} />
      {more ? <span className="tpl-more">{more}</span> : null}
    </div>
  );
  return (
    <>
      <div className="tpl-field">
        <span className="tpl-label">{t("campaigns.leads")}</span>
        <Segmented
          value={of.leads}
          onChange={(leads) => set({ leads })}
          options={(["nowhere", "link", "mini"] as const).map((value) => ({
            value,
            label: t(`campaigns.lead.${value}`),
          }))}
        />
      </div>
      {of.leads === "mini" ? line("app_id", "AppID", t("campaigns.app_id_more")) : null}
      {of.leads === "mini" ? line("path", t("campaigns.path")) : null}
      {of.leads === "nowhere"
        ? null
        : line("url", t(of.leads === "mini" ? "campaigns.url_old" : "campaigns.lead.link"))}
    </>
  );
}
