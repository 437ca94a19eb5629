/** What became of everybody: one bar whose pieces add up, with words. */
import { useTranslation } from "react-i18next";
import type { BroadcastCounts } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { shares } from "./shape";

export function Counts({ counts, compact }: { counts: BroadcastCounts; compact?: boolean }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const pieces = shares(counts);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const label = pieces
    .map((one) => `${t(`broadcasts.outcomes.${one.outcome}`)} ${count(one.fans, language)}`)
    .join(t("app.comma"));
  return (
    <div className={compact ? "counts counts-compact" : "counts"}>
      <div className="stackbar stackbar-tall" role="img" aria-label={label}>
        {pieces.map((one) => (
          <span
            key={one.outcome}
            className={`out-${one.outcome}`}
            style={{ width: `${Math.max(0.6, one.percent)}%` }}
          />
        ))}
      </div>
      <ul className="bar-words">
        {pieces.map((one) => (
          <li key={one.outcome}>
            <i className={`out-${one.outcome}`} aria-hidden="true" />
            <span>{t(`broadcasts.outcomes.${one.outcome}`)}</span>
            <b className="num">{count(one.fans, language)}</b>
            <small className="soft num">{percent.format(one.percent / 100)}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}
