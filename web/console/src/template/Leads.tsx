/** Where a tap on the form leads. */
import { Input, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import type { Destination } from "./destination";

export function Leads({ of, set }: { of: Destination; set: (part: Partial<Destination>) => void }) {
  const { t } = useTranslation();
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
      {of.leads === "mini" ? (
        <>
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="campaign-app">
              AppID
            </label>
            <Input
              id="campaign-app"
              value={of.app_id}
              maxLength={18}
              placeholder="wx…"
              onChange={(event) => set({ app_id: event.target.value })}
            />
            <span className="tpl-more">{t("campaigns.app_id_more")}</span>
          </div>
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="campaign-path">
              {t("campaigns.path")}
            </label>
            <Input
              id="campaign-path"
              value={of.path}
              maxLength={500}
              placeholder="pages/order?id=1"
              onChange={(event) => set({ path: event.target.value })}
            />
          </div>
        </>
      ) : null}
      {of.leads !== "nowhere" ? (
        <div className="tpl-field">
          <label className="tpl-label" htmlFor="campaign-url">
            {t(of.leads === "mini" ? "campaigns.url_old" : "campaigns.lead.link")}
          </label>
          <Input
            id="campaign-url"
            value={of.url}
            maxLength={1024}
            placeholder="https://"
            onChange={(event) => set({ url: event.target.value })}
          />
        </div>
      ) : null}
    </>
  );
}
