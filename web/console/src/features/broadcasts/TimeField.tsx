/** When it goes: now, at one of the hours people read, or at any other. */
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { clockTime, shortTime } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { likelyTimes } from "./shape";

const shanghai = "Asia/Shanghai";

export function TimeField({
  at,
  onChange,
  disabled,
}: {
  /** Null is now. */
  at: number | null;
  onChange: (at: number | null) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const now = useNow();
  const times = likelyTimes(now);
  const isOther = at !== null && !times.some((one) => one.at === at);
  const chip = (key: string, on: boolean, words: string, value: number | null) => (
    <button
      key={key}
      type="button"
      aria-pressed={on}
      className={on ? "bc-chip on" : "bc-chip"}
      onClick={() => onChange(value)}
    >
      {words}
    </button>
  );
  // The picker speaks the browser's clock; days and allowances are Shanghai's.
  const isElsewhere =
    new Date(now).getTimezoneOffset() !== -480 ||
    clockTime(now, language, zone) !== clockTime(now, language, shanghai);
  return (
    <div className="stack-tight">
      <fieldset className="bc-chips" disabled={disabled}>
        <legend className="visually-hidden">{t("broadcasts.when")}</legend>
        {chip("now", at === null, t("broadcasts.times.now"), null)}
        {times.map((one) =>
          chip(
            one.name,
            at === one.at,
            t(`broadcasts.times.${one.name}`, { time: clockTime(one.at, language, shanghai) }),
            one.at,
          ),
        )}
        <DatePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          className={isOther ? "bc-time on" : "bc-time"}
          value={isOther ? dayjs(at) : null}
          placeholder={t("broadcasts.times.other")}
          aria-label={t("broadcasts.times.other")}
          suffixIcon={<Icon name="clock" size={14} />}
          disabled={disabled}
          onChange={(picked) => onChange(picked ? picked.second(0).millisecond(0).valueOf() : null)}
        />
      </fieldset>
      {at !== null && at <= now ? <p className="field-more over">{t("broadcasts.gaps.past")}</p> : null}
      {at !== null && isElsewhere ? (
        <p className="field-more">
          {t("broadcasts.in_shanghai", {
            time: shortTime(at, language, shanghai, now),
            here: shortTime(at, language, Intl.DateTimeFormat().resolvedOptions().timeZone, now),
          })}
        </p>
      ) : null}
    </div>
  );
}
