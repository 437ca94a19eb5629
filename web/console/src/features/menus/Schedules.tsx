/** Menus that the clock publishes: a night menu, a campaign that begins on its own. */
import { Button, Checkbox, DatePicker, Modal } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, MenuSchedule, MenuView } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { exactTime } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Because, Card, Trouble } from "@/ui/kit";
import { useCancelSchedule, useSchedule } from "./api";

export function Schedules({
  account,
  view,
  notAllowed,
}: {
  account: Account;
  view: MenuView;
  notAllowed: string | null;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const cancel = useCancelSchedule(account.id);
  if (view.schedules.length === 0) return null;
  const when = (at: number) => exactTime(at, language, zone);
  const line = (one: MenuSchedule) =>
    one.ends_at
      ? t(one.daily ? "menus.from_to_daily" : "menus.from_to", {
          from: when(one.starts_at),
          to: when(one.ends_at),
        })
      : t("menus.from", { from: when(one.starts_at) });
  return (
    <Card title={t("menus.schedules")}>
      {cancel.error ? <Trouble error={cancel.error} /> : null}
      <ul className="schedules">
        {view.schedules.map((one) => (
          <li key={one.id} className="schedule">
            <Icon name="clock" size={15} />
            <span className="grow">
              {one.buttons.map((button) => button.name).join(" · ")}
              <small>
                {line(one)} · {t(`menus.schedule_state.${one.state}`)}
                {one.problem
                  ? ` · ${t(`menus.schedule_problem.${one.problem}` as "menus.schedule_problem.missed")}`
                  : ""}
              </small>
            </span>
            <Because reason={notAllowed}>
              <Button
                size="small"
                disabled={!!notAllowed}
                loading={cancel.isPending}
                onClick={() => cancel.mutate(one.id)}
              >
                {t(one.state === "failed" ? "menus.put_away" : "menus.give_up")}
              </Button>
            </Because>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The draft, at a time. The picker shows the browser's clock, which is the person's. */
export function ScheduleDialog({
  account,
  flush,
  onClose,
}: {
  account: Account;
  flush: () => Promise<number>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const schedule = useSchedule(account.id);
  const [from, setFrom] = useState<Dayjs | null>(dayjs().hour(22).minute(0).second(0).millisecond(0));
  const [to, setTo] = useState<Dayjs | null>(null);
  const [daily, setDaily] = useState(false);
  const past = from !== null && from.valueOf() <= Date.now();
  const wrong = !from
    ? t("menus.choose_time")
    : past
      ? t("menus.time_past")
      : to && to.valueOf() <= from.valueOf()
        ? t("menus.time_order")
        : daily && (!to || to.diff(from, "hour", true) >= 24)
          ? t("menus.time_daily")
          : null;
  const plan = async () => {
    if (!from || wrong) return;
    await flush();
    schedule.mutate(
      { starts_at: from.valueOf(), ...(to ? { ends_at: to.valueOf() } : {}), daily },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal
      open
      title={t("menus.schedule")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Because reason={wrong}>
            <Button
              type="primary"
              disabled={!!wrong}
              loading={schedule.isPending}
              onClick={() => void plan()}
            >
              {from ? t("menus.schedule_at", { time: from.format("MM-DD HH:mm") }) : t("menus.schedule")}
            </Button>
          </Because>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t("menus.schedule_more")}</p>
        <label className="field" htmlFor="menu-from">
          <span className="field-label">{t("menus.starts")}</span>
          <DatePicker
            id="menu-from"
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            value={from}
            onChange={setFrom}
          />
        </label>
        <label className="field" htmlFor="menu-to">
          <span className="field-label">{t("menus.ends")}</span>
          <DatePicker
            id="menu-to"
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            value={to}
            onChange={setTo}
          />
          <span className="field-more">{t("menus.ends_more")}</span>
        </label>
        <Checkbox checked={daily} onChange={(event) => setDaily(event.target.checked)}>
          {t("menus.daily")}
        </Checkbox>
        {schedule.error ? <Trouble error={schedule.error} /> : null}
      </div>
    </Modal>
  );
}
