/** What the charts of days have in common: their days below, their words on the canvas, the look's colours. */
import type { CodeStats } from "@/api/types";
import { dark as darkPalette, fontFamily, light } from "@/ui/theme";

export const dayLabel = (day: string, language: string) =>
  new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric", timeZone: "UTC" }).format(
    new Date(day),
  );

/** `words` are the lines of one day. */
export function frame(
  days: CodeStats["days"],
  { dark, language }: { dark: boolean; language: string },
  words: (day: CodeStats["days"][number]) => string[],
) {
  const p = dark ? darkPalette : light;
  return {
    animationDuration: 300,
    textStyle: { fontFamily, color: p.ink2 },
    grid: { left: 4, right: 8, top: 12, bottom: 0, containLabel: true },
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
        return day ? [dayLabel(day.day, language), ...words(day)].join("\n") : "";
      },
    },
    xAxis: {
      type: "category",
      data: days.map((day) => dayLabel(day.day, language)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: p.line } },
      axisLabel: { color: p.ink3, fontSize: 11, hideOverlap: true, margin: 12 },
    },
    yAxis: {
      type: "value",
      splitNumber: 3,
      splitLine: { lineStyle: { color: p.lineSoft } },
    },
    label: { color: p.ink3, fontSize: 11 },
  };
}
