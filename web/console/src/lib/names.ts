/** What to call a customer. WeChat gives no names any more; the hub then sends `#` and the end of the openid. */
import { useTranslation } from "react-i18next";

export function usePersonName() {
  const { t } = useTranslation();
  return (displayName: string) =>
    displayName.startsWith("#") ? t("customers.stand_in", { code: displayName.slice(1) }) : displayName;
}
