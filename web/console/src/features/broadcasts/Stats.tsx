/** How the articles were read, as WeChat counts it day by day. */
import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Broadcast, BroadcastStats } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { count } from "@/lib/text";
import Chart from "@/ui/Chart";
import { dayFrame, namedLine } from "@/ui/days";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Note, Trouble, When } from "@/ui/kit";
import { series } from "@/ui/theme";
import { statsQuery, useFetchStats } from "./api";
import { letterOf } from "./shape";

const figures = ["reads", "read_count", "shares", "favourites"] as const;
type Figure = (typeof figures)[number];
const lines = 6;

export default function Stats({
  broadcast,
  notAllowed,
}: {
  broadcast: Broadcast;
  notAllowed: string | null;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const query = useQuery(statsQuery(broadcast.id));
  const fetching = useFetchStats(broadcast.id);
  const [figure, setFigure] = useState<Figure>("reads");
  const stats = query.data;
  if (!stats)
    return (
      <Card title={t("broadcasts.stats")}>
        {query.error ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Bars rows={1} height={240} />
        )}
      </Card>
    );
  const last = (article: BroadcastStats["articles"][number]) => article.days.at(-1);
  return (
    <Card
      title={t("broadcasts.stats")}
      extra={
        <span className="row">
          {stats.fetched_at === null ? null : (
            <small className="soft">
              <When at={stats.fetched_at} />
            </small>
          )}
          <Because reason={notAllowed}>
            <Button
              size="small"
              icon={<Icon name="refresh" size={14} />}
              disabled={!!notAllowed}
              loading={fetching.isPending}
              onClick={() => fetching.mutate()}
            >
              {t("broadcasts.stats_fetch")}
            </Button>
          </Because>
        </span>
      }
    >
      {fetching.error ? <Note tone="error">{problemText(fetching.error)}</Note> : null}
      {stats.articles.every((article) => article.days.length === 0) ? (
        <Empty drawing="pond" compact>
          {t("broadcasts.no_stats")}
        </Empty>
      ) : (
        <div className="stack">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("broadcasts.kinds.article")}</th>
                {figures.map((name) => (
                  <th key={name} scope="col" className="right">
                    {t(`broadcasts.figures.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {stats.articles.map((article) => (
                <tr key={`${article.part_id}-${article.index}`}>
                  <td>
                    {article.variant === null ? null : (
                      <b className="bc-letter">{letterOf(article.variant)}</b>
                    )}{" "}
                    {article.url ? (
                      <a href={article.url} target="_blank" rel="noreferrer">
                        {article.title}
                      </a>
                    ) : (
                      article.title
                    )}
                  </td>
                  {figures.map((name) => (
                    <td key={name} className="right num">
                      {count(last(article)?.[name] ?? 0, language)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <Segmented
            size="small"
            className="bc-figures"
            value={figure}
            aria-label={t("broadcasts.stats")}
            onChange={setFigure}
            options={figures.map((value) => ({ value, label: t(`broadcasts.figures.${value}`) }))}
          />
          <Lines stats={stats} figure={figure} />
        </div>
      )}
    </Card>
  );
}

function Lines({ stats, figure }: { stats: BroadcastStats; figure: Figure }) {
  const { t } = useTranslation();
  const { dark, language } = usePrefs();
  const option = useMemo(() => {
    const colors = dark ? series.dark : series.light;
    const shown = stats.articles.slice(0, lines);
    const days = [...new Set(shown.flatMap((article) => article.days.map((day) => day.day)))].sort();
    const of = (article: BroadcastStats["articles"][number], day: string) =>
      article.days.find((one) => one.day === day)?.[figure] ?? null;
    const words = (at: number) =>
      shown.map((article) => `${article.title}  ${count(of(article, days[at] ?? "") ?? 0, language)}`);
    return {
      ...dayFrame(days, { dark, language }, words, { right: 92 }),
      series: shown.map((article, n) =>
        namedLine(
          article.title,
          colors[n],
          days.map((day) => of(article, day)),
        ),
      ),
    };
  }, [stats, figure, dark, language]);
  return <Chart option={option} height={240} label={t("broadcasts.stats_label")} />;
}
