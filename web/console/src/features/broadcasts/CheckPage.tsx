/** Before anything goes: who, how many, when, what it uses up, what speaks against it; then one button that says what it does. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import { accountsQuery } from "@/api/queries";
import type { Account, Broadcast, BroadcastCheck, BroadcastState } from "@/api/types";
import { useMedia, useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { clockTime, dayOf, shortTime } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Note, Page, Trouble } from "@/ui/kit";
import { broadcastQuery, checkQuery, useStart } from "./api";
import { Calendar, Left, UsedBar } from "./Calendar";
import { forgetDraft } from "./draft";
import { Findings } from "./Findings";
import { PhoneOf } from "./PhoneOf";
import { PreviewDialog } from "./PreviewDialog";
import { letterOf, shanghaiDay } from "./shape";
import { useAudienceWords, useTestWords } from "./words";

/** Of these a person can say that they are to begin. */
const startable: BroadcastState[] = ["draft", "missed"];

export default function CheckPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/signed-in/broadcasts/$id/check" });
  const { at } = useSearch({ from: "/signed-in/broadcasts/$id/check" });
  const startsAt = at && /^\d+$/.test(at) ? Number(at) : undefined;
  const navigate = useNavigate();
  const broadcast = useQuery(broadcastQuery(id));
  const accounts = useQuery(accountsQuery);
  const account = accounts.data?.find((one) => one.id === broadcast.data?.account_id);
  const started = !!broadcast.data && !startable.includes(broadcast.data.state);
  const check = useQuery({ ...checkQuery(id, startsAt), enabled: !!broadcast.data && !started });
  useEffect(() => {
    // It was started meanwhile, here or elsewhere.
    if (started)
      void navigate({
        to: "/broadcasts/$id",
        params: { id },
        search: (s) => ({ account: s.account }),
        replace: true,
      });
  }, [started, id, navigate]);
  const error = broadcast.error ?? accounts.error ?? check.error;
  if (!broadcast.data || !account || !check.data)
    return (
      <Page title={t("broadcasts.check_title", { name: broadcast.data?.name ?? "" })} back={<Back id={id} />}>
        {error ? (
          <Trouble error={error} retry={() => void (check.error ? check : broadcast).refetch()} />
        ) : (
          <Card>
            <Bars rows={8} height={40} />
          </Card>
        )}
      </Page>
    );
  return (
    <Check
      account={account}
      broadcast={broadcast.data}
      check={check.data}
      startsAt={startsAt}
      isChecking={check.isFetching}
      again={() => void check.refetch()}
    />
  );
}

function Back({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/broadcasts/$id" params={{ id }} search={(s) => ({ account: s.account })} className="back">
      <Icon name="left" size={14} />
      {t("broadcasts.back_to_draft")}
    </Link>
  );
}

function Check({
  account,
  broadcast,
  check,
  startsAt,
  isChecking,
  again,
}: {
  account: Account;
  broadcast: Broadcast;
  check: BroadcastCheck;
  startsAt: number | undefined;
  isChecking: boolean;
  again: () => void;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const beside = useMedia("(min-width: 1180px)");
  const now = useNow();
  const navigate = useNavigate();
  const notAllowed = useNotAllowed("messages:write");
  const to = useAudienceWords();
  const says = useTestWords();
  const start = useStart(broadcast.id);
  const [preview, setPreview] = useState(false);
  const [shown, setShown] = useState(0);
  const n = (value: number) => count(value, language);
  const past = startsAt !== undefined && startsAt <= now;
  const error = check.findings.find((one) => one.severity === "error");
  const blocked =
    notAllowed ??
    (past ? t("broadcasts.gaps.past") : null) ??
    (check.can_start ? null : (error?.words[language] ?? t("broadcasts.cannot")));

  const when =
    startsAt === undefined
      ? null
      : shanghaiDay(startsAt) === shanghaiDay(now)
        ? clockTime(startsAt, language, zone)
        : shortTime(startsAt, language, zone, now);
  const values = { n: n(check.reached), count: check.reached, when: when ?? "" };
  const words = check.needs_approval
    ? when
      ? t("broadcasts.ask_at", values)
      : t("broadcasts.ask_now", values)
    : when
      ? t("broadcasts.send_at", values)
      : t("broadcasts.send_now", values);
  const go = () => {
    if (blocked) return;
    start.mutate(
      { ...(startsAt === undefined ? {} : { at: startsAt }), fans: check.fans },
      {
        onSuccess: () => {
          forgetDraft(broadcast.id);
          void navigate({
            to: "/broadcasts/$id",
            params: { id: broadcast.id },
            search: (s) => ({ account: s.account }),
            replace: true,
          });
        },
        onError: (failed) => {
          if (isCode(failed, "audience_changed", "broadcast_not_ready")) again();
        },
      },
    );
  };
  const { test, contents } = broadcast;

  return (
    <Page
      wide
      title={t("broadcasts.check_title", { name: broadcast.name })}
      back={<Back id={broadcast.id} />}
    >
      <div className="bc-editor">
        <div className="bc-left">
          <div className="bc-facts">
            <div className="bc-fact">
              <span className="figure-label">{t("broadcasts.who")}</span>
              <strong>{to(broadcast.audience)}</strong>
              <small className="soft">
                {t(`broadcasts.by_way.${check.way}`, { count: check.calls, n: n(check.calls) })}
              </small>
            </div>
            <div className="bc-fact">
              <span className="figure-label">{t("broadcasts.how_many")}</span>
              <strong className="num">{t("broadcasts.fans", { count: check.fans, n: n(check.fans) })}</strong>
              {check.filtered > 0 ? (
                <small className="soft">
                  {t("broadcasts.filtered_more", { count: check.filtered, n: n(check.filtered) })}
                </small>
              ) : null}
              {check.blocked > 0 ? (
                <small className="soft">
                  {t("broadcasts.blocked_more", { count: check.blocked, n: n(check.blocked) })}
                </small>
              ) : null}
              {check.filtered + check.blocked === 0 ? (
                <small className="soft">{t("broadcasts.all_reached")}</small>
              ) : null}
            </div>
            <div className="bc-fact">
              <span className="figure-label">{t("broadcasts.when")}</span>
              <strong className="num">
                {when ? clockTime(startsAt as number, language, zone) : t("broadcasts.times.now")}
              </strong>
              <small className="soft">
                {dayOf(startsAt ?? now, language, zone)}
                {startsAt !== undefined &&
                clockTime(startsAt, language, zone) !== clockTime(startsAt, language, "Asia/Shanghai")
                  ? ` · ${t("broadcasts.shanghai_time", { time: shortTime(startsAt, language, "Asia/Shanghai", now) })}`
                  : ""}
              </small>
            </div>
          </div>
          {isCode(start.error, "audience_changed") ? (
            <Note tone="warning">
              {t("broadcasts.audience_changed", { count: check.fans, n: n(check.fans) })}
            </Note>
          ) : start.error ? (
            <Trouble error={start.error} />
          ) : null}
          {check.needs_approval ? (
            <Note tone="warning" icon="shield">
              {t("broadcasts.needs_approval", {
                count: check.approval_above ?? 0,
                n: n(check.approval_above ?? 0),
              })}
            </Note>
          ) : null}
          <Card title={t("broadcasts.findings")}>
            <Findings broadcast={broadcast.id} findings={check.findings} />
          </Card>
          {test ? (
            <Card title={t("broadcasts.test")}>
              <p className="soft">{says(broadcast)}</p>
            </Card>
          ) : null}
          <Card title={t("broadcasts.allowance")}>
            <div className="bc-allow-check">
              <div className="stack">
                <Left allowance={check.allowance} />
                {check.allowance.kind === "service" ? (
                  <UsedBar used={check.used} label={t("broadcasts.used_of_these")} />
                ) : null}
              </div>
              <Calendar allowance={check.allowance} marked={shanghaiDay(startsAt ?? now)} />
            </div>
          </Card>
          <div className="bc-go">
            <span className="grow">
              <Because reason={notAllowed}>
                <Button icon={<Icon name="phone" />} disabled={!!notAllowed} onClick={() => setPreview(true)}>
                  {t("broadcasts.preview")}
                </Button>
              </Because>
            </span>
            <Because reason={blocked} placement="topRight">
              <Button
                type="primary"
                size="large"
                icon={
                  <Icon name={check.needs_approval ? "shield" : startsAt === undefined ? "send" : "clock"} />
                }
                disabled={!!blocked || isChecking}
                loading={start.isPending}
                onClick={go}
                data-testid="broadcast-go"
              >
                {words}
              </Button>
            </Because>
          </div>
        </div>
        {beside ? (
          <aside className="bc-phone">
            {contents.length > 1 ? (
              <Segmented
                block
                className="bc-which"
                value={shown}
                aria-label={t("broadcasts.variants")}
                onChange={setShown}
                options={contents.map((_, place) => ({
                  value: place,
                  label: t("broadcasts.variant", { letter: letterOf(place) }),
                }))}
              />
            ) : null}
            <PhoneOf account={account} content={contents[shown]} at={startsAt ?? null} />
          </aside>
        ) : null}
      </div>
      {preview ? (
        <PreviewDialog
          account={account}
          broadcast={broadcast}
          variant={shown}
          onClose={() => setPreview(false)}
        />
      ) : null}
    </Page>
  );
}
