/** Thirty days of fans gained and lost, or of messages, in the company's days. */
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrendDay } from "@/api/types";
import { useNarrow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import Chart from "@/ui/Chart";
import { Bars, Card } from "@/ui/kit";
import { dark as darkPalette, fontFamily, light, series } from "@/ui/theme";

export default function Trend({ days }: { days: TrendDay[] | undefined }) {
  const { t } = useTranslation();
  const { dark, language } = usePrefs();
  const narrow = useNarrow();
  const [what, setWhat] = useState<"fans" | "messages">("fans");

  const option = useMemo(() => {
    if (!days) return null;
    const p = dark ? darkPalette : light;
    const [first, second] = dark ? series.dark : series.light;
    const label = (day: string) =>
      new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric", timeZone: "UTC" }).format(
        new Date(day),
      );
    const bar = (name: string, color: string | undefined, values: number[], down = false) => ({
      name,
      type: "bar" as const,
      stack: "fans",
      barMaxWidth: 14,
      itemStyle: { color, borderRadius: down ? [0, 0, 2, 2] : [2, 2, 0, 0] },
      data: values,
    });
    return {
      animationDuration: 300,
      textStyle: { fontFamily, color: p.ink2 },
      grid: { left: 4, right: 8, top: 14, bottom: 0, containLabel: true },
      tooltip: {
        trigger: "axis",
        // Drawn on the canvas: an HTML tooltip needs inline styles, which the page's policy refuses.
        renderMode: "richText",
        backgroundColor: dark ? "#3a444d" : "#2a3540",
        borderWidth: 0,
        padding: [8, 12],
        textStyle: { color: "#fff", fontSize: 12, lineHeight: 18 },
        axisPointer: { type: "shadow", shadowStyle: { color: p.sunk, opacity: 0.7 } },
        formatter: (points: { dataIndex: number }[]) => {
          const day = days[points[0]?.dataIndex ?? 0];
          if (!day) return "";
          const n = (value: number) => count(value, language);
          return what === "fans"
            ? `${label(day.day)}\n${t("home.new")}  ${n(day.new)}\n${t("home.lost")}  ${n(day.lost)}\n${t("home.net")}  ${n(day.new - day.lost)}`
            : `${label(day.day)}\n${t("home.messages")}  ${n(day.messages)}`;
        },
      },
      xAxis: {
        type: "category",
        data: days.map((day) => label(day.day)),
        axisTick: { show: false },
        axisLine: { show: what === "messages", lineStyle: { color: p.line } },
        axisLabel: { color: p.ink3, fontSize: 11, interval: narrow ? 6 : 4, margin: 12 },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        splitNumber: 4,
        axisLabel: {
          color: p.ink3,
          fontSize: 11,
          formatter: (value: number) => count(Math.abs(value), language),
        },
        splitLine: { lineStyle: { color: p.lineSoft } },
      },
      series:
        what === "fans"
          ? [
              bar(
                t("home.new"),
                first,
                days.map((day) => day.new),
              ),
              bar(
                t("home.lost"),
                second,
                days.map((day) => -day.lost),
                true,
              ),
            ]
          : [
              {
                name: t("home.messages"),
                type: "line" as const,
                smooth: 0.25,
                symbol: "circle",
                symbolSize: 5,
                showSymbol: false,
                lineStyle: { width: 2, color: first },
                itemStyle: { color: first },
                areaStyle: { color: first, opacity: 0.08 },
                data: days.map((day) => day.messages),
              },
            ],
    };
  }, [days, dark, language, narrow, what, t]);

  const sum = (pick: (day: TrendDay) => number) =>
    count(
      (days ?? []).reduce((total, day) => total + pick(day), 0),
      language,
    );
  return (
    <Card
      title={t("home.trend")}
      className="trend-card"
      extra={
        <Segmented
          size="small"
          value={what}
          onChange={setWhat}
          options={[
            { value: "fans", label: t("home.fans") },
            { value: "messages", label: t("home.messages") },
          ]}
        />
      }
    >
      <div className="trend-legend">
        {what === "fans" ? (
          <>
            <span>
              <i className="swatch swatch-1" /> {t("home.new")} <b className="num">{sum((day) => day.new)}</b>
            </span>
            <span>
              <i className="swatch swatch-2" /> {t("home.lost")}{" "}
              <b className="num">{sum((day) => day.lost)}</b>
            </span>
          </>
        ) : (
          <span>
            <i className="swatch swatch-1" /> {t("home.messages")}{" "}
            <b className="num">{sum((day) => day.messages)}</b>
          </span>
        )}
      </div>
      {option ? (
        <Chart
          option={option}
          height={228}
          label={t("home.trend_label", {
            new: sum((day) => day.new),
            lost: sum((day) => day.lost),
            messages: sum((day) => day.messages),
          })}
        />
      ) : (
        <Bars rows={1} height={228} />
      )}
    </Card>
  );
}
