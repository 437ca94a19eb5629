/** How long one still may write, and how often (R3). */
import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { exactTime, lengthText } from "@/lib/time";
import { Icon } from "@/ui/icons";

const soon = 2 * 3_600_000;
const short = (ms: number) => {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 60
    ? `${minutes}m`
    : `${Math.floor(minutes / 60)}h${minutes % 60 && minutes < 600 ? `${minutes % 60}m` : ""}`;
};

export function Countdown({
  window,
  why,
  brief,
}: {
  window: Conversation["window"];
  why: Conversation["why"];
  brief?: boolean;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const now = useNow();
  const rest = window ? window.until - now : 0;
  if (!window || rest <= 0 || (why && why.code !== "allowance_used")) {
    const code = why?.code ?? "window_closed";
    return (
      <Tooltip title={t(`reach.why.${code}`)}>
        <span className="countdown over">
          <Icon name="lock" size={12} />
          {brief ? t("inbox.closed") : t(`reach.why.${code}`)}
        </span>
      </Tooltip>
    );
  }
  const long = lengthText(rest / 1000, language);
  const words =
    window.left === null
      ? t("reach.open", { rest: long })
      : t("reach.left", { count: window.left, rest: long });
  const tone = window.left === 0 ? "over" : rest < soon ? "soon" : "";
  return (
    <Tooltip
      title={
        <>
          <div>{why ? t(`reach.why.${why.code}`) : words}</div>
          <div>{exactTime(window.until, language, zone)}</div>
        </>
      }
    >
      <span className={`countdown ${tone}`}>
        <Icon name="clock" size={12} />
        {brief ? short(rest) : words}
        {brief && window.left !== null ? <b>×{window.left}</b> : null}
      </span>
    </Tooltip>
  );
}
