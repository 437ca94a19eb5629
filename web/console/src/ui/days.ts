/** What charts over days have in common: the days below, the words of one day on the canvas, the look's colours. */
import { count } from "@/lib/text";
import { dark as darkPalette, fontFamily, light } from "./theme";

export const dayLabel = (day: string, language: string) =>
  new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric", timeZone: "UTC" }).format(
    new Date(day),
  );

interface Look {
  dark: boolean;
  language: string;
}

/** `words` are the lines that are said of the day at this place. */
export function dayFrame(
  days: string[],
  { dark, language }: Look,
  words: (at: number) => string[],
  {
    right = 8,
    shadow = false,
    value = (number: number) => count(number, language),
  }: {
    /** Room for names at the end of lines. */
    right?: number;
    /** Whether the day that is pointed at is shaded, as suits bars. */
    shadow?: boolean;
    /** How the numbers beside the chart are said. */
    value?: (number: number) => string;
  } = {},
) {
  const p = dark ? darkPalette : light;
  return {
    animationDuration: 300,
    textStyle: { fontFamily, color: p.ink2 },
    grid: { left: 4, right, top: 14, bottom: 0, containLabel: true },
    tooltip: {
      trigger: "axis",
      // Drawn on the canvas: an HTML tooltip needs inline styles, which the page's policy refuses.
      renderMode: "richText",
      backgroundColor: dark ? "#3a444d" : "#2a3540",
      borderWidth: 0,
      padding: [8, 12],
      textStyle: { color: "#fff", fontSize: 12, lineHeight: 18 },
      ...(shadow ? { axisPointer: { type: "shadow", shadowStyle: { color: p.sunk, opacity: 0.7 } } } : {}),
      formatter: (points: { dataIndex: number }[]) => {
        const at = points[0]?.dataIndex ?? 0;
        const day = days[at];
        return day === undefined ? "" : [dayLabel(day, language), ...words(at)].join("\n");
      },
    },
    xAxis: {
      type: "category",
      data: days.map((day) => dayLabel(day, language)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: p.line } },
      axisLabel: { color: p.ink3, fontSize: 11, hideOverlap: true, margin: 12 },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitNumber: 4,
      axisLabel: { color: p.ink3, fontSize: 11, formatter: value },
      splitLine: { lineStyle: { color: p.lineSoft } },
    },
  };
}

/** A line with its name at its end. */
export const namedLine = (name: string, color: string | undefined, data: (number | null)[]) => ({
  name,
  type: "line" as const,
  symbol: "circle",
  symbolSize: 5,
  lineStyle: { width: 2, color },
  itemStyle: { color },
  endLabel: { show: true, formatter: "{a}", color, fontSize: 12, width: 84, overflow: "truncate" },
  labelLayout: { moveOverlap: "shiftY" },
  data,
});
