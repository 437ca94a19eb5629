/** Which days figures are of: the last so many, or from one day to another. */
import { DatePicker, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { isoDay } from "@/lib/time";
import { lastDays, type Stretch, withEnd, withStart } from "./days";

const periods = [7, 30, 90] as const;
const usual = 30;

/** The days as they are chosen; the last so many move on with the day. */
export function useStretch() {
  const today = isoDay(Date.now(), useMe().tenant.time_zone);
  const [chosen, choose] = useState<number | Stretch>(usual);
  const stretch = typeof chosen === "number" ? lastDays(chosen, today) : chosen;
  return { stretch, chosen, choose, today, isUsual: chosen === usual };
}

export function StretchPicker({ chosen, choose, stretch, today }: ReturnType<typeof useStretch>) {
  const { t } = useTranslation();
  const day = (label: string, value: string, take: (day: string) => Stretch) => (
    <DatePicker
      size="small"
      allowClear={false}
      aria-label={label}
      value={dayjs(value)}
      maxDate={dayjs(today)}
      onChange={(picked: Dayjs | null) => (picked ? choose(take(picked.format("YYYY-MM-DD"))) : undefined)}
    />
  );
  return (
    <span className="code-stretch">
      <Select
        size="small"
        popupMatchSelectWidth={false}
        aria-label={t("qrcodes.days_shown")}
        value={typeof chosen === "number" ? chosen : 0}
        onChange={(days) => choose(days === 0 ? stretch : days)}
        options={[
          ...periods.map((value) => ({ value, label: t("qrcodes.last_days", { count: value }) })),
          { value: 0, label: t("qrcodes.two_days") },
        ]}
      />
      {typeof chosen === "number" ? null : (
        <>
          {day(t("qrcodes.from_day"), chosen.from, (from) => withStart(chosen, from))}
          {day(t("qrcodes.to_day"), chosen.to, (to) => withEnd(chosen, to))}
        </>
      )}
    </span>
  );
}
