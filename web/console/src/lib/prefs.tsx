/** Theme, language and zone of the person at the screen. */
import { useQuery } from "@tanstack/react-query";
import { App, ConfigProvider } from "antd";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/queries";
import type { Language } from "@/api/types";
import { antdTheme, cssVariables } from "@/ui/theme";
import { antdLocale } from "./i18n";
import { nonce } from "./nonce";

export type ThemeChoice = "system" | "light" | "dark";

interface Prefs {
  language: Language;
  zone: string;
  dark: boolean;
  theme: ThemeChoice;
  setTheme: (theme: ThemeChoice) => void;
}

const Context = createContext<Prefs>({
  language: "zh-CN",
  zone: "Asia/Shanghai",
  dark: false,
  theme: "system",
  setTheme: () => {},
});

export const usePrefs = () => useContext(Context);

function keptTheme(): ThemeChoice {
  const kept = localStorage.getItem("hy.theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

function useSystemDark() {
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return dark;
}

export function PrefsProvider({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const language: Language = i18n.language === "en-US" ? "en-US" : "zh-CN";
  const systemDark = useSystemDark();
  const [theme, setThemeState] = useState(keptTheme);
  const dark = theme === "dark" || (theme === "system" && systemDark);
  const zone =
    useQuery({ ...meQuery, enabled: false }).data?.person.time_zone ||
    Intl.DateTimeFormat().resolvedOptions().timeZone;

  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = dark ? "dark" : "light";
    for (const [name, value] of Object.entries(cssVariables(dark))) root.style.setProperty(name, value);
  }, [dark]);

  const prefs = useMemo<Prefs>(
    () => ({
      language,
      zone,
      dark,
      theme,
      setTheme(next) {
        localStorage.setItem("hy.theme", next);
        setThemeState(next);
      },
    }),
    [language, zone, dark, theme],
  );
  const look = useMemo(() => antdTheme(dark), [dark]);

  return (
    <Context.Provider value={prefs}>
      <ConfigProvider
        theme={look}
        locale={antdLocale(language)}
        csp={{ nonce }}
        button={{ autoInsertSpace: false }}
        form={{ requiredMark: false }}
        wave={{ disabled: true }}
      >
        <App component={false} message={{ top: 64 }}>
          {children}
        </App>
      </ConfigProvider>
    </Context.Provider>
  );
}
