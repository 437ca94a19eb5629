/** Language and theme, as they stand in every header. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { meQuery } from "@/api/queries";
import type { Language } from "@/api/types";
import { switchLanguage } from "@/lib/i18n";
import { usePrefs } from "@/lib/prefs";
import { Icon } from "./icons";

export function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const queryClient = useQueryClient();
  const other: Language = language === "zh-CN" ? "en-US" : "zh-CN";
  return (
    <Tooltip title={t("app.switch_language")}>
      <Button
        type="text"
        className="bar-button"
        aria-label={t("app.switch_language")}
        onClick={() => {
          void switchLanguage(other);
          // Remembered for the person when there is one; a page before sign-in remembers it on this machine only.
          if (queryClient.getQueryData(meQuery.queryKey))
            void take(api.PATCH("/api/v1/session", { body: { language: other } }))
              .then((me) => queryClient.setQueryData(meQuery.queryKey, me))
              .catch(() => {});
        }}
      >
        {language === "zh-CN" ? "EN" : "中"}
      </Button>
    </Tooltip>
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme, setTheme, dark } = usePrefs();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [theme],
        onClick: ({ key }) => setTheme(key as typeof theme),
        items: [
          { key: "system", label: t("app.theme_system"), icon: <Icon name="system" /> },
          { key: "light", label: t("app.theme_light"), icon: <Icon name="sun" /> },
          { key: "dark", label: t("app.theme_dark"), icon: <Icon name="moon" /> },
        ],
      }}
    >
      <Button
        type="text"
        className="bar-button"
        aria-label={t("app.theme")}
        icon={<Icon name={dark ? "moon" : "sun"} size={18} />}
      />
    </Dropdown>
  );
}
