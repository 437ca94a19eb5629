import { useLive, useNow } from "../api/live";
import { linkTo } from "../route";
import { type Theme, useWords } from "../words";
import { Icon, Seal } from "./icons";
import { IconButton } from "./kit";
import { clockSeconds, exact } from "./time";

export function LangSwitch() {
  const { lang, setLang, t } = useWords();
  return (
    <button
      type="button"
      className="btn btn-quiet btn-small"
      lang={lang === "zh" ? "en" : "zh-CN"}
      onClick={() => setLang(lang === "zh" ? "en" : "zh")}
    >
      {t("lang.other")}
    </button>
  );
}

const nextTheme: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

export function ThemeSwitch() {
  const { theme, setTheme, t } = useWords();
  const icon = theme === "light" ? "sun" : theme === "dark" ? "moon" : "auto";
  return <IconButton icon={icon} label={t(`theme.${theme}`)} onClick={() => setTheme(nextTheme[theme])} />;
}

/** The bar above the phone and the control page. */
export function Header({ page }: { page: "phone" | "control" }) {
  const { t, locale } = useWords();
  const { connected } = useLive();
  const now = useNow();
  return (
    <header className="top">
      <a className="brand" {...linkTo("/")}>
        <Seal size={26} />
        <span className="brand-name">{t("brand")}</span>
        <span className="brand-tag">{t("sandbox")}</span>
      </a>
      <nav aria-label={t("nav")}>
        <a {...linkTo("/")} aria-current={page === "phone" ? "page" : undefined}>
          {t("nav.phone")}
        </a>
        <a {...linkTo("/control")} aria-current={page === "control" ? "page" : undefined}>
          {t("nav.control")}
        </a>
      </nav>
      <span className="top-space" />
      <span
        className={`live${connected === false ? "" : connected ? " live-on" : " live-first"}`}
        role="status"
      >
        <i />
        <span>{connected ? t("live.on") : connected === false ? t("live.off") : t("live.first")}</span>
      </span>
      {now !== undefined && (
        <time
          className="top-clock"
          dateTime={new Date(now).toISOString()}
          title={`${t("clock.title")}: ${exact(now, locale)}`}
        >
          <Icon name="clock" size={16} />
          {clockSeconds(now, locale)}
        </time>
      )}
      <LangSwitch />
      <ThemeSwitch />
    </header>
  );
}
