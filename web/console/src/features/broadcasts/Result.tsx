/** A broadcast that has left the desk: what happened to it, what became of everybody, and what can still be done. */
import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Broadcast } from "@/api/types";
import { useMedia, useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { lengthText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Facts, Note, Page, When } from "@/ui/kit";
import { useApprove, useMake, useStart, useStop, useWithdraw } from "./api";
import { Back } from "./BroadcastPage";
import { Counts } from "./Counts";
import { Parts } from "./Parts";
import { PhoneOf } from "./PhoneOf";
import { Story } from "./Story";
import { bodyOf, confirmUntil, isOpen, mayWithdraw, progressOf } from "./shape";
import { Variants } from "./Variants";
import { State, useAudienceWords } from "./words";

const Stats = lazy(() => import("./Stats"));

export default function Result({ account, broadcast }: { account: Account; broadcast: Broadcast }) {
  const { t, i18n } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const now = useNow();
  const beside = useMedia("(min-width: 1180px)");
  const notAllowed = useNotAllowed("messages:write");
  const to = useAudienceWords();
  const approve = useApprove(broadcast.id);
  const stop = useStop(broadcast.id);
  const start = useStart(broadcast.id);
  const withdraw = useWithdraw(broadcast.id);
  const make = useMake();
  const [variant, setVariant] = useState(broadcast.winner ?? 0);
  const { state, counts, parts = [], contents } = broadcast;
  const n = (value: number) => count(value, language);
  const failed = (error: unknown) => void message.error(problemText(error));

  const mayNotApprove = notAllowed ?? (broadcast.may_approve ? null : t("broadcasts.not_yourself"));
  const canStop = ["awaiting_approval", "scheduled", "missed", "running", "testing", "held"].includes(state);
  const waits = state === "awaiting_approval" || state === "scheduled" || state === "missed";
  const withdrawable = parts.filter((part) => mayWithdraw(contents[part.variant ?? 0], part));
  const unknown = parts.filter(isOpen);
  const until = confirmUntil(parts);
  const progress = progressOf(broadcast, now);

  const askStop = () =>
    modal.confirm({
      title: t(waits ? "broadcasts.cancel_ask" : "broadcasts.stop_ask"),
      content: waits
        ? t("broadcasts.cancel_more")
        : t("broadcasts.stop_more", { count: counts.waiting, n: n(counts.waiting) }),
      okText: t(waits ? "broadcasts.cancel_it" : "broadcasts.stop"),
      okButtonProps: { danger: true },
      cancelText: t("broadcasts.let_go"),
      onOk: () => stop.mutateAsync().catch(failed),
    });
  const askWithdraw = () =>
    modal.confirm({
      title: t("broadcasts.withdraw_all", { count: withdrawable.length }),
      content: t("broadcasts.withdraw_more"),
      okText: t("broadcasts.withdraw"),
      okButtonProps: { danger: true },
      cancelText: t("app.cancel"),
      onOk: () => withdraw.mutateAsync(undefined).catch(failed),
    });
  const toCheck = () =>
    void navigate({
      to: "/broadcasts/$id/check",
      params: { id: broadcast.id },
      search: (s) => ({ account: s.account, at: undefined }),
    });
  const askGoOn = () =>
    modal.confirm({
      title: t("broadcasts.go_on_ask", { count: counts.waiting, n: n(counts.waiting) }),
      okText: t("broadcasts.go_on"),
      cancelText: t("app.cancel"),
      onOk: () => start.mutateAsync({ fans: counts.fans }).catch(failed),
    });
  const copy = () =>
    make.mutate(
      { ...bodyOf(broadcast), name: t("broadcasts.copy_name", { name: broadcast.name.slice(0, 50) }) },
      {
        onSuccess: ({ id }) =>
          void navigate({
            to: "/broadcasts/$id",
            params: { id },
            search: (s) => ({ account: s.account }),
          }),
        onError: failed,
      },
    );
  const reasonKey = `broadcasts.reasons.${broadcast.reason}`;
  const reason =
    broadcast.reason && broadcast.reason !== state
      ? i18n.exists(reasonKey)
        ? t(reasonKey as "broadcasts.reasons.content")
        : broadcast.reason
      : null;

  const phone = (
    <PhoneOf
      account={account}
      content={contents[variant] ?? contents[0]}
      at={broadcast.started_at ?? broadcast.starts_at}
    />
  );
  return (
    <Page
      wide
      title={broadcast.name || t("broadcasts.unnamed")}
      back={<Back />}
      note={
        <span className="bc-state" role="status" data-testid="broadcast-state">
          <State state={state} />
          {reason ? <span className="soft small">{reason}</span> : null}
        </span>
      }
      actions={
        <>
          <Because reason={notAllowed}>
            <Button
              icon={<Icon name="duplicate" />}
              disabled={!!notAllowed}
              loading={make.isPending}
              onClick={copy}
            >
              {t("broadcasts.use_again")}
            </Button>
          </Because>
          {withdrawable.length > 0 ? (
            <Because reason={notAllowed}>
              <Button
                danger
                icon={<Icon name="undo" />}
                disabled={!!notAllowed}
                loading={withdraw.isPending}
                onClick={askWithdraw}
              >
                {t("broadcasts.withdraw")}
              </Button>
            </Because>
          ) : null}
          {canStop ? (
            <Because reason={notAllowed}>
              <Button
                danger
                icon={<Icon name="close" />}
                disabled={!!notAllowed}
                loading={stop.isPending}
                onClick={askStop}
              >
                {t(waits ? "broadcasts.cancel_it" : "broadcasts.stop")}
              </Button>
            </Because>
          ) : null}
          {state === "missed" || state === "held" ? (
            <Because reason={notAllowed}>
              <Button
                type="primary"
                icon={<Icon name="send" />}
                disabled={!!notAllowed}
                onClick={state === "missed" ? toCheck : askGoOn}
              >
                {t(state === "missed" ? "broadcasts.after_all" : "broadcasts.go_on")}
              </Button>
            </Because>
          ) : null}
          {state === "awaiting_approval" ? (
            <Because reason={mayNotApprove}>
              <Button
                type="primary"
                icon={<Icon name="shield" />}
                disabled={!!mayNotApprove}
                loading={approve.isPending}
                onClick={() => approve.mutate(undefined, { onError: failed })}
              >
                {t("broadcasts.approve", { count: counts.fans, n: n(counts.fans) })}
              </Button>
            </Because>
          ) : null}
        </>
      }
    >
      <div className="bc-notes">
        {state === "awaiting_approval" ? (
          <Note tone="warning" icon="shield">
            {t("broadcasts.awaits_approval", { name: broadcast.decided_by ?? "" })}
          </Note>
        ) : null}
        {state === "missed" ? <Note tone="error">{t("broadcasts.was_missed")}</Note> : null}
        {state === "held" ? <Note tone="warning">{t("broadcasts.was_held")}</Note> : null}
        {counts.confirming > 0 ? (
          <Note tone="warning" icon="phone">
            {until !== null && until > now
              ? t("broadcasts.confirm_in", { left: lengthText((until - now) / 1000, language) })
              : t("broadcasts.confirm_over")}
          </Note>
        ) : null}
        {unknown.length > 0 ? (
          <Note tone="error">{t("broadcasts.unknown_more", { count: unknown.length })}</Note>
        ) : null}
      </div>
      <div className="bc-editor">
        <div className="bc-left">
          <Card
            title={t("broadcasts.became")}
            extra={
              <strong className="num">
                {t("broadcasts.fans", { count: counts.fans, n: n(counts.fans) })}
              </strong>
            }
          >
            <Counts counts={counts} />
            {state === "running" ? (
              <p className="field-more bc-progress" role="status">
                {t("broadcasts.progress", { done: n(progress.done), total: n(progress.total) })}
                {progress.left === null
                  ? null
                  : ` · ${t("broadcasts.progress_left", { left: lengthText(progress.left, language) })}`}
              </p>
            ) : null}
          </Card>
          {contents.length > 1 ? (
            <Card title={t("broadcasts.test")}>
              <Variants broadcast={broadcast} shown={variant} onShow={setVariant} notAllowed={notAllowed} />
            </Card>
          ) : null}
          {parts.length > 0 ? (
            <section aria-label={t("broadcasts.parts")}>
              <h2 className="bc-h2">{t("broadcasts.parts")}</h2>
              <Parts broadcast={broadcast} notAllowed={notAllowed} />
            </section>
          ) : null}
          {contents.some((content) => content.type === "article") && counts.sent > 0 ? (
            <Suspense fallback={<Bars rows={1} height={260} />}>
              <Stats broadcast={broadcast} notAllowed={notAllowed} />
            </Suspense>
          ) : null}
        </div>
        <aside className="bc-aside">
          <Card title={t("broadcasts.happened")}>
            <Story broadcast={broadcast} />
          </Card>
          <Card>
            <Facts
              items={[
                [t("broadcasts.who"), to(broadcast.audience)],
                [
                  t("broadcasts.when"),
                  <When
                    key="at"
                    at={broadcast.starts_at ?? broadcast.started_at}
                    empty={t("broadcasts.times.now")}
                  />,
                ],
                [t("broadcasts.on_quota"), t(`broadcasts.on_quotas.${broadcast.on_quota}`)],
              ]}
            />
          </Card>
          {beside ? phone : null}
        </aside>
      </div>
    </Page>
  );
}
