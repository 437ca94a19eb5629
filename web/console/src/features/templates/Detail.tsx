/** What came of a campaign: numbers that add up, why some were refused, and every line. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, Progress, Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, CampaignDetail, ListedSend, Template } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { CardOnPhone } from "@/template/FormCard";
import { Icon } from "@/ui/icons";
import { Because, Card, Empty, Facts, Num, Page, ShortId, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { linesQuery, useCampaignActions } from "./api";
import { State, Whom } from "./parts";
import { Standing } from "./Standing";
import { Outcome, Refused, Tests } from "./Tests";

export function Detail({
  account,
  templates,
  detail,
}: {
  account: Account;
  templates: Template[];
  detail: CampaignDetail;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const { campaign } = detail;
  const notAllowed = useNotAllowed("messages:write");
  const { start, stop } = useCampaignActions(campaign.id);
  const template = templates.find(
    (one) => one.wechat_id === campaign.message.template_id && one.kind === campaign.service,
  );
  const open = campaign.state === "running" || campaign.state === "scheduled";
  const wrong = (error: unknown) => void message.error(problemText(error));
  return (
    <Page
      title={campaign.name}
      note={<State state={campaign.state} />}
      back={
        <Link to="/templates" search={{ account: account.id }} className="back">
          <Icon name="left" size={14} /> {t("nav.templates")}
        </Link>
      }
      actions={
        <>
          <Because reason={notAllowed}>
            <Button
              icon={<Icon name="duplicate" />}
              disabled={!!notAllowed}
              onClick={() =>
                void navigate({ to: "/templates/new", search: { account: account.id, like: campaign.id } })
              }
            >
              {t("campaigns.again")}
            </Button>
          </Because>
          {campaign.state === "scheduled" ? (
            <Because reason={notAllowed}>
              <Button
                disabled={!!notAllowed}
                loading={start.isPending}
                onClick={() => start.mutate(null, { onError: wrong })}
              >
                {t("campaigns.start_now")}
              </Button>
            </Because>
          ) : null}
          {open ? (
            <Because reason={notAllowed}>
              <Button
                danger
                type="primary"
                icon={<Icon name="pause" />}
                disabled={!!notAllowed}
                loading={stop.isPending}
                onClick={() =>
                  campaign.state === "running"
                    ? stop.mutate(undefined, { onError: wrong })
                    : modal.confirm({
                        title: t("campaigns.stop_ask", { name: campaign.name }),
                        content: t("campaigns.stop_more"),
                        okText: t("campaigns.stop"),
                        okButtonProps: { danger: true },
                        cancelText: t("app.cancel"),
                        onOk: () => stop.mutateAsync(undefined).catch(wrong),
                      })
                }
              >
                {t("campaigns.stop")}
              </Button>
            </Because>
          ) : null}
        </>
      }
    >
      <Standing campaign={campaign} />
      <div className="campaign-check">
        <div className="stack">
          <Counts detail={detail} />
          <Lines account={account} detail={detail} />
        </div>
        <div className="stack">
          <CardOnPhone
            account={account}
            title={campaign.message.title ?? template?.title ?? ""}
            fields={
              template?.fields ??
              Object.keys(campaign.message.data).map((key) => ({
                key,
                name: key,
                type: null,
                longest: null,
                example: null,
                shown: true,
              }))
            }
            data={campaign.message.data}
            leads={!!campaign.message.url || !!campaign.message.mini_program}
            customer={undefined}
            at={campaign.started_at ?? undefined}
          />
          <Card>
            <Facts
              items={[
                [t("campaigns.to"), <Whom key="w" audience={campaign.audience} />],
                [
                  t("campaigns.created"),
                  <span key="c">
                    {campaign.created_by} · <When at={campaign.created_at} />
                  </span>,
                ],
                [t("campaigns.started"), <When key="s" at={campaign.started_at ?? campaign.starts_at} />],
                [t("campaigns.ended"), <When key="e" at={campaign.ended_at} />],
              ]}
            />
          </Card>
          <Tests account={account} tests={detail.tests} />
        </div>
      </div>
    </Page>
  );
}

/** The parts that add up to all lines, in the order of the bar. */
function partsOf({ campaign, reports }: CampaignDetail) {
  const { counts } = campaign;
  return [
    ["delivered", reports.delivered],
    ["open", reports.open],
    ["blocked", reports.blocked],
    ["failed", reports.failed],
    ["refused", counts.refused],
    ["unknown", counts.unknown],
    ["cancelled", counts.cancelled],
    ["held", counts.held],
    ["sending", counts.sending],
    ["waiting", counts.waiting],
  ] as const;
}

function Counts({ detail }: { detail: CampaignDetail }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { campaign, refusals } = detail;
  const { counts } = campaign;
  const parts = partsOf(detail);
  const n = (value: number) => count(value, language);
  const over = counts.total - counts.waiting - counts.sending - counts.held;
  return (
    <Card title={t("campaigns.result")}>
      {counts.total === 0 ? (
        <p className="soft">{t(campaign.state === "running" ? "campaigns.filling" : "campaigns.no_lines")}</p>
      ) : (
        <>
          {campaign.state === "running" ? (
            <div className="campaign-progress" role="status">
              <Progress
                percent={Math.floor((over / counts.total) * 100)}
                showInfo={false}
                aria-label={t("campaigns.progress", { done: n(over), total: n(counts.total) })}
              />
              <span className="small soft">
                {t("campaigns.progress", { done: n(over), total: n(counts.total) })}
                {campaign.filled ? "" : ` · ${t("campaigns.filling")}`}
              </span>
            </div>
          ) : null}
          <svg
            className="campaign-bar"
            viewBox="0 0 1000 10"
            preserveAspectRatio="none"
            role="img"
            aria-label={t("campaigns.result")}
          >
            {
              parts.reduce<{ at: number; drawn: React.ReactNode[] }>(
                ({ at, drawn }, [name, value]) => {
                  const width = (value / counts.total) * 1000;
                  if (value > 0)
                    drawn.push(
                      <rect key={name} className={`part-${name}`} x={at} y={0} width={width} height={10} />,
                    );
                  return { at: at + width, drawn };
                },
                { at: 0, drawn: [] },
              ).drawn
            }
          </svg>
          <dl className="campaign-parts">
            <div className="part-total">
              <dt>{t("campaigns.counts.total")}</dt>
              <dd className="num">{n(counts.total)}</dd>
            </div>
            {parts
              .filter(([name, value]) => value > 0 || name === "delivered")
              .map(([name, value]) => (
                <div key={name}>
                  <dt>
                    <i className={`part-dot part-${name}`} aria-hidden="true" />{" "}
                    {t(`campaigns.counts.${name}`)}
                  </dt>
                  <dd className="num">{n(value)}</dd>
                </div>
              ))}
          </dl>
          {refusals.length > 0 ? (
            <div className="campaign-refusals">
              <h3 className="small soft">{t("campaigns.why_refused")}</h3>
              <ul>
                {refusals.map((one) => (
                  <li key={`${one.reason}-${one.errcode}`}>
                    <Num value={one.count} /> <Refused reason={one.reason} errcode={one.errcode} />
                  </li>
                ))}
              </ul>
            </div>
          ) : null}
          {counts.unknown > 0 ? <p className="small soft">{t("campaigns.unknown_more")}</p> : null}
        </>
      )}
    </Card>
  );
}

const lineStates: ListedSend["state"][] = [
  "sent",
  "refused",
  "unknown",
  "cancelled",
  "held",
  "sending",
  "retrying",
  "queued",
];

/** Every line of it, newest first. */
function Lines({ account, detail }: { account: Account; detail: CampaignDetail }) {
  const { t } = useTranslation();
  const [state, setState] = useState<ListedSend["state"]>();
  const { campaign } = detail;
  const query = useInfiniteQuery(linesQuery(campaign.id, state));
  const rows = query.data?.pages.flatMap((page) => page.items);
  // The lines are asked for again whenever their numbers are others.
  const numbers = JSON.stringify([campaign.counts, detail.reports]);
  const seen = useRef(numbers);
  const { refetch } = query;
  useEffect(() => {
    if (seen.current === numbers) return;
    seen.current = numbers;
    void refetch();
  }, [numbers, refetch]);
  if (campaign.counts.total === 0) return null;
  const columns: Column<ListedSend>[] = [
    {
      key: "who",
      title: t("campaigns.fan"),
      render: (line) => (
        <span className="row">
          <Link
            to="/customers/$id"
            params={{ id: line.customer_id }}
            search={{ account: account.id, channel: undefined, kind: undefined }}
          >
            {t("campaigns.see_customer")}
          </Link>
          <ShortId value={line.openid} />
        </span>
      ),
    },
    { key: "state", title: t("campaigns.state"), render: (line) => <Outcome line={line} /> },
    {
      key: "at",
      title: t("campaigns.when"),
      align: "right",
      width: 150,
      render: (line) => <When at={line.settled_at ?? line.due_at} />,
    },
  ];
  return (
    <Card
      title={t("campaigns.lines")}
      extra={
        <Select
          allowClear
          size="small"
          popupMatchSelectWidth={false}
          aria-label={t("campaigns.any_state")}
          placeholder={t("campaigns.all_lines")}
          value={state}
          onChange={(chosen: ListedSend["state"] | undefined) => setState(chosen)}
          options={lineStates.map((one) => ({ value: one, label: t(`campaigns.line.${one}`) }))}
        />
      }
      flush
    >
      <List
        label={t("campaigns.lines")}
        rows={rows}
        columns={columns}
        rowKey={(line) => line.id}
        keys={false}
        error={query.error}
        retry={() => void query.refetch()}
        more={{
          has: query.hasNextPage,
          loading: query.isFetchingNextPage,
          load: () => void query.fetchNextPage(),
        }}
        empty={
          <Empty drawing="search" compact>
            {t("campaigns.no_such_lines")}
          </Empty>
        }
      />
    </Card>
  );
}
