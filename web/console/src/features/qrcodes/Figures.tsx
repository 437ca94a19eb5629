/** What came of codes: the sums in one row, and the days as a chart. */
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CodeFigures, CodeStats } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { dayFrame, dayLabel } from "@/ui/days";
import { Bars } from "@/ui/kit";
import { series } from "@/ui/theme";
import "./figures.css";

const Chart = lazy(() => import("@/ui/Chart"));

export function Figures({ total }: { total: CodeFigures }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const n = (value: number) => count(value, language);
  const share = (part: number, whole: number) =>
    whole === 0
      ? "—"
      : new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(part / whole);
  return (
    <dl className="code-figures">
      <div>
        <dt>{t("qrcodes.scans")}</dt>
        <dd className="num">{n(total.scans)}</dd>
      </div>
      <div>
        <dt>{t("qrcodes.follows")}</dt>
        <dd className="num">
          {n(total.follows)}
          {total.firsts < total.follows ? <small>{t("qrcodes.firsts", { n: n(total.firsts) })}</small> : null}
        </dd>
      </div>
      {total.kept.map((kept) => (
        <div key={kept.days} title={t("qrcodes.kept_of", { kept: n(kept.kept), of: n(kept.of) })}>
          <dt>{t("qrcodes.kept", { count: kept.days })}</dt>
          <dd className="num">{share(kept.kept, kept.of)}</dd>
        </div>
      ))}
      <div>
        <dt>{t("qrcodes.lost")}</dt>
        <dd className="num">{n(total.lost)}</dd>
      </div>
    </dl>
  );
}

export function Days({ stats, height = 190 }: { stats: CodeStats | undefined; height?: number }) {
  const { t } = useTranslation();
  const { dark, language } = usePrefs();
  const option = useMemo(() => {
    if (!stats) return null;
    const { days } = stats;
    const [first, second, third] = dark ? series.dark : series.light;
    const n = (value: number) => count(value, language);
    const words = (at: number) => {
      const day = days[at];
      if (!day) return [];
      return [
        `${t("qrcodes.scans")}  ${n(day.scans)}`,
        `${t("qrcodes.follows")}  ${n(day.follows)}`,
        `${t("qrcodes.lost")}  ${n(day.lost)}`,
      ];
    };
    return {
      ...dayFrame(
        days.map((day) => day.day),
        { dark, language },
        words,
        { shadow: true, value: (value) => n(Math.abs(value)) },
      ),
      series: [
        {
          name: t("qrcodes.follows"),
          type: "bar",
          stack: "fans",
          barMaxWidth: 12,
          itemStyle: { color: first, borderRadius: [2, 2, 0, 0] },
          data: days.map((day) => day.follows),
        },
        {
          name: t("qrcodes.lost"),
          type: "bar",
          stack: "fans",
          barMaxWidth: 12,
          itemStyle: { color: second, borderRadius: [0, 0, 2, 2] },
          data: days.map((day) => -day.lost),
        },
        {
          name: t("qrcodes.scans"),
          type: "line",
          smooth: 0.25,
          showSymbol: false,
          lineStyle: { width: 2, color: third },
          itemStyle: { color: third },
          data: days.map((day) => day.scans),
        },
      ],
    };
  }, [stats, dark, language, t]);
  return (
    <>
      <div className="code-legend" aria-hidden="true">
        <span>
          <i className="code-swatch code-swatch-3" /> {t("qrcodes.scans")}
        </span>
        <span>
          <i className="code-swatch code-swatch-1" /> {t("qrcodes.follows")}
        </span>
        <span>
          <i className="code-swatch code-swatch-2" /> {t("qrcodes.lost")}
        </span>
      </div>
      {option && stats ? (
        <Suspense fallback={<Bars rows={1} height={height} />}>
          <Chart
            option={option}
            height={height}
            label={t("qrcodes.chart", {
              from: dayLabel(stats.from, language),
              to: dayLabel(stats.to, language),
              scans: stats.total.scans,
              follows: stats.total.follows,
              lost: stats.total.lost,
            })}
          />
        </Suspense>
      ) : (
        <Bars rows={1} height={height} />
      )}
    </>
  );
}
