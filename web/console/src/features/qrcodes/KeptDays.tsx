/** Of those who came on each day, how many stayed for a day, a week and thirty days. */
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CodeStats } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { dayFrame } from "@/ui/days";
import { Bars } from "@/ui/kit";
import { series } from "@/ui/theme";

const Chart = lazy(() => import("@/ui/Chart"));

const spans = [
  { days: 1, of: "kept_1" },
  { days: 7, of: "kept_7" },
  { days: 30, of: "kept_30" },
] as const;

/** None for a day on which nobody came, and for one that is not yet so far back. */
const shareOf = (kept: number | null, follows: number) =>
  kept === null || follows === 0 ? null : Math.round((kept / follows) * 1000) / 10;

export function KeptDays({ stats, height = 150 }: { stats: CodeStats; height?: number }) {
  const { t } = useTranslation();
  const { dark, language } = usePrefs();
  const option = useMemo(() => {
    const { days } = stats;
    const colors = dark ? series.dark : series.light;
    const percent = (value: number) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(value / 100);
    const words = (at: number) =>
      spans.map(({ days: span, of }) => {
        const day = days[at];
        const share = day ? shareOf(day[of], day.follows) : null;
        const kept = { kept: count(day?.[of] ?? 0, language), of: count(day?.follows ?? 0, language) };
        const said = share === null ? "—" : `${percent(share)}  ${t("qrcodes.kept_of", kept)}`;
        return `${t("qrcodes.kept", { count: span })}  ${said}`;
      });
    const frame = dayFrame(
      days.map((day) => day.day),
      { dark, language },
      words,
      { shadow: true, value: percent },
    );
    return {
      ...frame,
      yAxis: { ...frame.yAxis, min: 0, max: 100 },
      series: spans.map(({ days: span, of }, n) => ({
        name: t("qrcodes.kept", { count: span }),
        type: "line",
        symbol: "circle",
        symbolSize: 5,
        connectNulls: true,
        lineStyle: { width: 2, color: colors[n] },
        itemStyle: { color: colors[n] },
        data: days.map((day) => shareOf(day[of], day.follows)),
      })),
    };
  }, [stats, dark, language, t]);
  if (stats.total.follows === 0) return null;
  return (
    <section className="code-kept" aria-label={t("qrcodes.kept_by_day")}>
      <h3 className="small">{t("qrcodes.kept_by_day")}</h3>
      <div className="code-legend" aria-hidden="true">
        {spans.map(({ days }, n) => (
          <span key={days}>
            <i className={`code-swatch code-swatch-line code-swatch-${n + 1}`} />{" "}
            {t("qrcodes.kept", { count: days })}
          </span>
        ))}
      </div>
      {stats.days.every((day) => shareOf(day.kept_1, day.follows) === null) ? (
        <p className="small dim">{t("qrcodes.kept_not_yet")}</p>
      ) : (
        <Suspense fallback={<Bars rows={1} height={height} />}>
          <Chart option={option} height={height} label={t("qrcodes.kept_chart")} />
        </Suspense>
      )}
    </section>
  );
}
