/** Taps on the phone picture, warm where there are many, and day by day. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Account, ButtonTaps, MenuButton, MenuView, TapReport } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { dayAfter, isoDay } from "@/lib/time";
import Chart from "@/ui/Chart";
import { dayFrame, namedLine } from "@/ui/days";
import { Bars, Card, Empty, Num, Trouble } from "@/ui/kit";
import { ScreenLine } from "@/ui/Phone";
import { series } from "@/ui/theme";
import { tapsQuery, versionsQuery } from "./api";
import { PhoneMenu } from "./PhoneMenu";

const periods = [7, 30, 90] as const;
const lines = 5;

export default function Numbers({ account, view }: { account: Account; view: MenuView }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const zone = useMe().tenant.time_zone;
  const [days, setDays] = useState<number>(30);
  const [version, setVersion] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | undefined>();
  const to = isoDay(Date.now(), zone);
  const from = dayAfter(to, 1 - days);
  const taps = useQuery(tapsQuery(account.id, from, to));
  const versions = useInfiniteQuery(versionsQuery(account.id)).data?.pages.flatMap((page) => page.items);
  const menu = versions?.find((one) => one.id === version)?.buttons ?? view.live?.buttons ?? [];

  if (taps.error && !taps.data) return <Trouble error={taps.error} retry={() => void taps.refetch()} />;
  const report = taps.data;
  const of = (button: ButtonTaps) =>
    version === null ? button.taps : (button.by_version.find((one) => one.version_id === version)?.taps ?? 0);
  const byId = new Map((report?.buttons ?? []).map((one) => [one.button, of(one)]));
  const sum = (button: MenuButton): number =>
    button.buttons?.length
      ? button.buttons.reduce((total, below) => total + sum(below), 0)
      : (byId.get(button.id) ?? 0);
  const sums = new Map(
    menu.flatMap((button) => [button, ...(button.buttons ?? [])]).map((button) => [button.id, sum(button)]),
  );
  const hottest = Math.max(1, ...sums.values());
  const used = new Set(report?.buttons.flatMap((one) => one.by_version.map((part) => part.version_id)));

  return (
    <div className="menu-editor">
      <div className="menu-left">
        <Card
          title={t("menus.taps")}
          extra={
            <span className="row">
              <Select
                size="small"
                value={days}
                onChange={setDays}
                aria-label={t("menus.period")}
                options={periods.map((value) => ({ value, label: t("menus.last_days", { count: value }) }))}
              />
              <Select
                size="small"
                popupMatchSelectWidth={false}
                value={version ?? ""}
                onChange={(value) => setVersion(value || null)}
                aria-label={t("menus.version")}
                options={[
                  { value: "", label: t("menus.all_versions") },
                  ...(versions ?? [])
                    .filter((one) => used.has(one.id))
                    .map((one) => ({
                      value: one.id,
                      label: t("menus.version_number", { number: one.number }),
                    })),
                ]}
              />
            </span>
          }
        >
          {!report ? (
            <Bars rows={1} height={240} />
          ) : report.taps === 0 && report.visits === 0 ? (
            <Empty drawing="pond" compact>
              {t("menus.no_taps")}
            </Empty>
          ) : (
            <>
              <Lines report={report} chosen={chosen} />
              <table className="table taps">
                <thead>
                  <tr>
                    <th scope="col">{t("menus.button")}</th>
                    <th scope="col" className="right">
                      {t("menus.taps")}
                    </th>
                    <th scope="col" className="right">
                      {t("menus.visits")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {report.buttons.map((one) => (
                    <tr key={one.button} className={one.button === chosen ? "on" : ""}>
                      <td>
                        <button
                          type="button"
                          className="plain"
                          onClick={() => setChosen(one.button === chosen ? undefined : one.button)}
                        >
                          {one.name}
                        </button>
                        {sums.has(one.button) ? null : (
                          <small className="soft"> {t("menus.not_shown")}</small>
                        )}
                      </td>
                      <td className="right">
                        <Num value={of(one)} />
                      </td>
                      <td className="right">
                        {one.visits > 0 ? <Num value={one.visits} /> : <span className="dim">—</span>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
        </Card>
      </div>
      <aside className="menu-phone" data-testid="menu-heat">
        <PhoneMenu
          account={account}
          buttons={menu}
          chosen={chosen}
          onChoose={setChosen}
          heat={(id) => {
            const taps = sums.get(id);
            return taps === undefined ? null : { warmth: taps / hottest, label: count(taps, language) };
          }}
          screen={
            <ScreenLine>
              {menu.length === 0
                ? t("menus.no_live")
                : t("menus.heat", { taps: count(report?.taps ?? 0, language) })}
            </ScreenLine>
          }
        />
      </aside>
    </div>
  );
}

function Lines({ report, chosen }: { report: TapReport; chosen: string | undefined }) {
  const { t } = useTranslation();
  const { dark, language } = usePrefs();
  const option = useMemo(() => {
    const colors = dark ? series.dark : series.light;
    const one = report.buttons.find((button) => button.button === chosen);
    const shown = one ? [one] : report.buttons.slice(0, lines);
    const words = (at: number) =>
      shown.map((button) => `${button.name}  ${count(button.by_day[at] ?? 0, language)}`);
    return {
      ...dayFrame(report.days, { dark, language }, words, { right: 92 }),
      series: shown.map((button, n) => ({
        ...namedLine(button.name, colors[n], button.by_day),
        showSymbol: false,
      })),
    };
  }, [report, chosen, dark, language]);
  return (
    <Chart
      option={option}
      height={240}
      label={t("menus.taps_label", { taps: count(report.taps, language) })}
    />
  );
}
