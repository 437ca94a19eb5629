/** How much may still be said this month: what went out and what will, day by day, and how much fans have had (R1). */
import { Link } from "@tanstack/react-router";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import type { BroadcastAllowance } from "@/api/types";
import { useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { clockTime } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { monthAway, shanghaiDay, weeksOf } from "./shape";
import { State } from "./words";

type Day = BroadcastAllowance["days"][number];

export function Calendar({
  allowance,
  onMonth,
  marked,
}: {
  allowance: BroadcastAllowance;
  onMonth?: ((month: string) => void) | undefined;
  /** The day this one would go. */
  marked?: string | undefined;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const today = shanghaiDay(useNow());
  const days = new Map(allowance.days.map((day) => [day.day, day]));
  const title = new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${allowance.month}-01T00:00:00Z`),
  );
  const names = weeksOf("2026-06")[0]?.map((day) =>
    new Intl.DateTimeFormat(language, { weekday: "narrow", timeZone: "UTC" }).format(new Date(day ?? 0)),
  );
  return (
    <div className="allow-month">
      <div className="row row-between allow-head">
        <strong className="num">{title}</strong>
        {onMonth ? (
          <span className="row">
            <Button
              type="text"
              size="small"
              aria-label={t("broadcasts.month_before")}
              icon={<Icon name="left" size={14} />}
              onClick={() => onMonth(monthAway(allowance.month, -1))}
            />
            <Button
              type="text"
              size="small"
              aria-label={t("broadcasts.month_after")}
              icon={<Icon name="right" size={14} />}
              onClick={() => onMonth(monthAway(allowance.month, 1))}
            />
          </span>
        ) : null}
      </div>
      <table className="allow-grid" aria-label={title}>
        <thead>
          <tr>
            {names?.map((name, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: seven days, always the same
              <th key={n} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(allowance.month).map((week, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the weeks of one month
            <tr key={n}>
              {week.map((day, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the days of one week
                <td key={place}>
                  {day ? (
                    <Cell
                      day={day}
                      of={days.get(day)}
                      className={[
                        "allow-day",
                        day === today ? "is-today" : "",
                        day < today ? "is-past" : "",
                        day === marked ? "is-marked" : "",
                      ].join(" ")}
                    />
                  ) : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const tones: Record<string, string> = {
  draft: "quiet",
  awaiting_approval: "warn",
  scheduled: "plan",
  missed: "bad",
  running: "plan",
  testing: "plan",
  held: "warn",
  stopped: "quiet",
  done: "done",
};

function Cell({ day, of, className }: { day: string; of: Day | undefined; className: string }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const number = Number(day.slice(8));
  if (!of || of.broadcasts.length === 0) return <span className={className}>{number}</span>;
  return (
    <Popover
      trigger={["hover", "click"]}
      content={
        <ul className="allow-of-day">
          {of.broadcasts.map((one) => (
            <li key={one.id ?? one.at}>
              {one.id ? (
                <Link to="/broadcasts/$id" params={{ id: one.id }} search={(s) => ({ account: s.account })}>
                  {one.name}
                </Link>
              ) : (
                <span>{t("broadcasts.from_wechat")}</span>
              )}
              <small className="soft">
                <State state={one.state} /> · {clockTime(one.at, language, zone)} ·{" "}
                {t("broadcasts.fans", { count: one.fans, n: count(one.fans, language) })}
              </small>
            </li>
          ))}
        </ul>
      }
    >
      <button
        type="button"
        className={`${className} has-some`}
        aria-label={t("broadcasts.day_has", { day, count: of.broadcasts.length })}
      >
        {number}
        <span className="allow-dots" aria-hidden="true">
          {of.broadcasts.slice(0, 3).map((one) => (
            <i key={one.id ?? one.at} className={`allow-dot dot-${tones[one.state]}`} />
          ))}
        </span>
      </button>
    </Popover>
  );
}

/** What is left, in figures. */
export function Left({ allowance }: { allowance: BroadcastAllowance }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const figure = (label: string, left: number, limit: number, more: string) => (
    <div className="allow-figure">
      <span className="figure-label">{label}</span>
      <strong className={left <= 0 ? "num is-none" : "num"}>
        {count(Math.max(0, left), language)}
        <small> / {count(limit, language)}</small>
      </strong>
      <small className="soft">{more}</small>
    </div>
  );
  const { today, all } = allowance;
  return (
    <div className="allow-figures">
      {allowance.kind === "subscription" ? (
        figure(
          t("broadcasts.left_today"),
          today.limit - today.used,
          today.limit,
          t("broadcasts.left_today_more"),
        )
      ) : (
        <>
          {all
            ? figure(t("broadcasts.left_all"), all.limit - all.used, all.limit, t("broadcasts.left_all_more"))
            : null}
          {figure(
            t("broadcasts.left_calls"),
            today.limit - today.used,
            today.limit,
            t("broadcasts.left_calls_more"),
          )}
        </>
      )}
    </div>
  );
}

/** So many fans have had so many of their four; the fourth is the last. */
export function UsedBar({ used, label }: { used: { used: number; fans: number }[]; label: string }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const sum = used.reduce((total, one) => total + one.fans, 0);
  const shown = used.filter((one) => one.fans > 0).toSorted((a, b) => a.used - b.used);
  if (sum === 0) return <p className="soft small">{t("broadcasts.no_fans")}</p>;
  return (
    <div className="used">
      <span className="figure-label">{label}</span>
      <div className="stackbar" aria-hidden="true">
        {shown.map((one) => (
          <span
            key={one.used}
            className={`used-${Math.min(4, one.used)}`}
            style={{ width: `${(one.fans / sum) * 100}%` }}
          />
        ))}
      </div>
      <ul className="bar-words">
        {shown.map((one) => (
          <li key={one.used}>
            <i className={`used-${Math.min(4, one.used)}`} aria-hidden="true" />
            <span>
              {one.used >= 4 ? t("broadcasts.used_all") : t("broadcasts.used_of", { used: one.used })}
            </span>
            <b className="num">{count(one.fans, language)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
