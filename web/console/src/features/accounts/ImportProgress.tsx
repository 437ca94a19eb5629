/** The fan import as it goes: done of total, rate, time left; goes on when the page is closed. */
import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText, wechatText } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { lengthText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Because, Note, Trouble, When } from "@/ui/kit";
import { importQuery, useImportActions } from "./api";

export function ImportProgress({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const notAllowed = useNotAllowed("accounts:write");
  const { whyFunction } = useReasons();
  const query = useQuery({
    ...importQuery(account.id),
    initialData: account.import ?? undefined,
    initialDataUpdatedAt: 0,
  });
  const { start, pause, resume } = useImportActions(account.id);
  const progress = query.data;
  if (!progress)
    return query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null;

  const off = notAllowed ?? whyFunction(account, "fan_import");
  const failed = start.error ?? pause.error ?? resume.error;
  const number = (value: number) => count(value, language);
  const total = progress.total ?? 0;
  const percent =
    progress.state === "done" ? 100 : total > 0 ? Math.min(99.9, (progress.done / total) * 100) : 0;
  const startButton = (text: string) => (
    <Because reason={off}>
      <Button
        size="small"
        disabled={!!off}
        loading={start.isPending}
        icon={<Icon name="import" size={14} />}
        onClick={() => start.mutate()}
      >
        {text}
      </Button>
    </Because>
  );

  return (
    <div className="import">
      {failed ? <Trouble error={failed} /> : null}
      {progress.state === "none" ? (
        <div className="row row-between">
          <span className="soft">{t("import.none")}</span>
          {startButton(t("import.start"))}
        </div>
      ) : null}
      {progress.state === "listing" || progress.state === "running" || progress.state === "paused" ? (
        <>
          <div className="row row-between">
            <span>
              {progress.state === "listing"
                ? t("import.listing", { done: number(progress.total ?? progress.done) })
                : t("import.done_of", { done: number(progress.done), total: number(total) })}
            </span>
            <Because reason={notAllowed}>
              {progress.state === "paused" ? (
                <Button
                  size="small"
                  disabled={!!notAllowed}
                  loading={resume.isPending}
                  icon={<Icon name="play" size={14} />}
                  onClick={() => resume.mutate()}
                >
                  {t("import.resume")}
                </Button>
              ) : (
                <Button
                  size="small"
                  disabled={!!notAllowed}
                  loading={pause.isPending}
                  icon={<Icon name="pause" size={14} />}
                  onClick={() => pause.mutate()}
                >
                  {t("import.pause")}
                </Button>
              )}
            </Because>
          </div>
          <Progress
            percent={Number(percent.toFixed(1))}
            showInfo={false}
            status={progress.state === "paused" ? "normal" : "active"}
            strokeColor={progress.state === "paused" ? "var(--ink3)" : "var(--primary)"}
            aria-label={t("import.title")}
          />
          <div className="row row-between small soft">
            <span className="num">{`${percent.toFixed(percent < 10 ? 1 : 0)}%`}</span>
            {progress.state === "paused" ? (
              <span>{t("import.paused")}</span>
            ) : (
              <span>
                {progress.rate ? t("import.rate", { rate: number(Math.round(progress.rate)) }) : null}
                {progress.remaining_seconds !== null && progress.remaining_seconds > 0
                  ? ` · ${t("import.left", { time: lengthText(progress.remaining_seconds, language) })}`
                  : null}
              </span>
            )}
          </div>
          {progress.problem ? (
            <Note tone="warning">
              {t(`health.${progress.problem}` as "health.wechat_day", { defaultValue: progress.problem })}
            </Note>
          ) : (
            <p className="small dim">{t("import.goes_on")}</p>
          )}
        </>
      ) : null}
      {progress.state === "done" ? (
        <div className="row row-between">
          <span className="row">
            <span className="done-mark">
              <Icon name="check" size={14} />
            </span>
            <span>
              {t("import.finished", { total: number(progress.done) })}{" "}
              <span className="dim small">
                <When at={progress.finished_at} />
              </span>
            </span>
          </span>
          {startButton(t("import.again"))}
        </div>
      ) : null}
      {progress.state === "failed" ? (
        <Note tone="error" action={startButton(t("import.again"))}>
          {t("import.failed", { done: number(progress.done) })}{" "}
          {wechatText(progress.errcode) ??
            (progress.problem
              ? t(`health.${progress.problem}` as "health.callback_silent", {
                  defaultValue: progress.problem,
                })
              : "")}
        </Note>
      ) : null}
      {query.error ? <p className="small dim">{problemText(query.error)}</p> : null}
    </div>
  );
}
