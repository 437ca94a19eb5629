/** Business hours of a rule, in the company's zone; outside them the rule is passed over. */
import { Switch } from "antd";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { RuleBody } from "@/api/types";

export function HoursFields({
  body,
  change,
  disabled,
}: {
  body: RuleBody;
  change: (next: (body: RuleBody) => RuleBody) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const { hours } = body;
  const set = (part: Partial<NonNullable<typeof hours>>) =>
    change((now) => ({
      ...now,
      hours: { ...(now.hours ?? { days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }), ...part },
    }));
  return (
    <div className="field">
      <div className="row">
        <Switch
          id="hours"
          size="small"
          disabled={disabled}
          checked={hours !== null}
          onChange={(on) => (on ? set({}) : change((now) => ({ ...now, hours: null })))}
        />
        <label htmlFor="hours">{t("hours.only")}</label>
      </div>
      {hours ? (
        <div className="hours">
          <fieldset className="days" aria-label={t("hours.days")}>
            {[1, 2, 3, 4, 5, 6, 7].map((day) => {
              const on = hours.days.includes(day);
              return (
                <button
                  key={day}
                  type="button"
                  aria-pressed={on}
                  disabled={disabled}
                  className={on ? "day on" : "day"}
                  onClick={() =>
                    set({
                      days: on
                        ? hours.days.filter((one) => one !== day)
                        : [...hours.days, day].sort((a, b) => a - b),
                    })
                  }
                >
                  {t(`hours.d${day as 1}`)}
                </button>
              );
            })}
          </fieldset>
          <div className="row">
            <input
              type="time"
              className="time-input"
              value={hours.from}
              disabled={disabled}
              aria-label={t("hours.from")}
              onChange={(event) => event.target.value && set({ from: event.target.value })}
            />
            <span className="dim">–</span>
            <input
              type="time"
              className="time-input"
              value={hours.to}
              disabled={disabled}
              aria-label={t("hours.to")}
              onChange={(event) => event.target.value && set({ to: event.target.value })}
            />
            <span className="small dim">
              {hours.from > hours.to ? t("hours.overnight") : me.tenant.time_zone}
            </span>
          </div>
        </div>
      ) : null}
    </div>
  );
}
