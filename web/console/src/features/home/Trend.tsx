/** Thirty days of fans gained and lost, or of messages, in the company's days. */
import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrendDay } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import Chart from "@/ui/Chart";
import { dayFrame } from "@/ui/days";
import { Bars, Card } from "@/ui/kit";
import { series } from "@/ui/theme";

export default function Trend({ days }: { days: TrendDay[] | undefined }) {
  const { t } = useTranslation();
  const { dark, language } = usePrefs();
  const [what, setWhat] = useState<"fans" | "messages">("fans");

  const option = useMemo(() => {
    if (!days) return null;
    const [first, second] = dark ? series.dark : series.light;
    const bar = (name: string, color: string | undefined, values: number[], down = false) => ({
      name,
      type: "bar" as const,
      stack: "fans",
      barMaxWidth: 14,
      itemStyle: { color, borderRadius: down ? [0, 0, 2, 2] : [2, 2, 0, 0] },
      data: values,
    });
    const n = (value: number) => count(value, language);
    const words = (at: number) => {
      const day = days[at];
      if (!day) return [];
      return what === "fans"
        ? [
            `${t("home.new")}  ${n(day.new)}`,
            `${t("home.lost")}  ${n(day.lost)}`,
            `${t("home.net")}  ${n(day.new - day.lost)}`,
          ]
        : [`${t("home.messages")}  ${n(day.messages)}`];
    };
    const frame = dayFrame(
      days.map((day) => day.day),
      { dark, language },
      words,
      { shadow: true, value: (value) => n(Math.abs(value)) },
    );
    return {
      ...frame,
      xAxis: { ...frame.xAxis, axisLine: { ...frame.xAxis.axisLine, show: what === "messages" } },
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
  }, [days, dark, language, what, t]);

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
