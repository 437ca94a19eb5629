/** Before anything goes out: who, how many, what is missing, what WeChat would say, and one button that says what it does. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, DatePicker, Segmented } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, CampaignCheck, CampaignDetail, Template } from "@/api/types";
import { useNow } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { shortTime } from "@/lib/time";
import { customerQuery } from "@/person/api";
import { FanSelect } from "@/person/FanSelect";
import { CardOnPhone } from "@/template/FormCard";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Page, Trouble } from "@/ui/kit";
import { checkQuery, useCampaignActions } from "./api";
import { Findings } from "./Findings";
import { State, Whom } from "./parts";
import { Standing } from "./Standing";
import { Tests } from "./Tests";

export function Check({
  account,
  templates,
  detail,
}: {
  account: Account;
  templates: Template[];
  detail: CampaignDetail;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const navigate = useNavigate();
  const personName = usePersonName();
  const { message, modal } = App.useApp();
  const { campaign } = detail;
  const notAllowed = useNotAllowed("messages:write");
  const now = useNow();
  const [later, setLater] = useState(false);
  const [at, setAt] = useState<Dayjs | null>(dayjs().add(1, "hour").minute(0).second(0).millisecond(0));
  const [as, setAs] = useState<string | null>(null);
  const when = later ? (at?.valueOf() ?? null) : null;
  const query = useQuery({ ...checkQuery(campaign, when), placeholderData: keepPreviousData });
  const { start, stop, test, forget } = useCampaignActions(campaign.id);
  const customer = useQuery({ ...customerQuery(as ?? ""), enabled: !!as }).data;
  const template = templates.find(
    (one) => one.wechat_id === campaign.message.template_id && one.kind === campaign.service,
  );
  const found = query.data;
  const past = later && (when === null || when <= now);
  const errors = found?.findings.filter((one) => one.level === "error").length ?? 0;
  const blocked =
    notAllowed ??
    (!found || query.isPlaceholderData ? t("campaigns.checking") : null) ??
    (errors > 0 ? t("campaigns.errors_first", { count: errors }) : null) ??
    (past ? t("campaigns.past") : null);
  const n = count(found?.reachable ?? 0, language);
  const says = later
    ? t("campaigns.send_at", {
        n,
        when: when ? shortTime(when, language, zone, now) : "—",
        count: found?.reachable ?? 0,
      })
    : t("campaigns.send_now", { n, count: found?.reachable ?? 0 });
  const noTest = notAllowed ?? (as ? null : t("campaigns.choose_first"));
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
        campaign.state === "draft" ? (
          <>
            <Because reason={notAllowed}>
              <Button
                disabled={!!notAllowed}
                onClick={() =>
                  modal.confirm({
                    title: t("campaigns.delete_ask", { name: campaign.name }),
                    okText: t("campaigns.delete"),
                    okButtonProps: { danger: true },
                    cancelText: t("app.cancel"),
                    onOk: () =>
                      forget.mutateAsync(undefined, {
                        onSuccess: () => void navigate({ to: "/templates", search: { account: account.id } }),
                        onError: (error) => void message.error(problemText(error)),
                      }),
                  })
                }
              >
                {t("campaigns.delete")}
              </Button>
            </Because>
            <Because reason={notAllowed}>
              <Button
                icon={<Icon name="edit" />}
                disabled={!!notAllowed}
                onClick={() =>
                  void navigate({
                    to: "/templates/$id",
                    params: { id: campaign.id },
                    search: { account: account.id, edit: "1" },
                  })
                }
              >
                {t("campaigns.edit")}
              </Button>
            </Because>
          </>
        ) : (
          <Because reason={notAllowed}>
            <Button
              disabled={!!notAllowed}
              loading={stop.isPending}
              onClick={() =>
                stop.mutate(undefined, { onError: (error) => void message.error(problemText(error)) })
              }
            >
              {t("campaigns.give_up")}
            </Button>
          </Because>
        )
      }
    >
      <Standing campaign={campaign} />
      <div className="campaign-check">
        <div className="stack">
          <Card title={t("campaigns.who")}>
            {query.error && !found ? (
              <Trouble error={query.error} retry={() => void query.refetch()} />
            ) : found ? (
              <Numbers found={found} whom={<Whom audience={campaign.audience} />} />
            ) : (
              <Bars rows={2} height={40} />
            )}
          </Card>
          {found ? (
            <Findings found={found} fields={template?.fields ?? []} />
          ) : (
            <Card>
              <Bars rows={3} height={28} />
            </Card>
          )}
          <Card title={t("campaigns.go")}>
            <div className="stack">
              <div className="row row-wrap">
                <Segmented
                  value={later ? "later" : "now"}
                  onChange={(value) => setLater(value === "later")}
                  options={[
                    { value: "now", label: t("campaigns.now") },
                    { value: "later", label: t("campaigns.later") },
                  ]}
                />
                {later ? (
                  <DatePicker
                    aria-label={t("campaigns.later")}
                    showTime={{ format: "HH:mm" }}
                    format="YYYY-MM-DD HH:mm"
                    value={at}
                    onChange={setAt}
                    minDate={dayjs()}
                    maxDate={dayjs().add(89, "day")}
                  />
                ) : null}
              </div>
              {start.error ? <Trouble error={start.error} /> : null}
              <div>
                <Because reason={blocked}>
                  <Button
                    type="primary"
                    size="large"
                    icon={<Icon name={later ? "clock" : "send"} />}
                    disabled={!!blocked}
                    loading={start.isPending}
                    onClick={() => start.mutate(when)}
                  >
                    {says}
                  </Button>
                </Because>
              </div>
            </div>
          </Card>
        </div>
        <div className="stack-tight">
          <FanSelect
            allowClear
            account={account.id}
            value={as}
            onChange={setAs}
            label={t("campaigns.look_as")}
          />
          <CardOnPhone
            account={account}
            title={campaign.message.title ?? template?.title ?? ""}
            fields={template?.fields ?? []}
            data={campaign.message.data}
            leads={!!campaign.message.url || !!campaign.message.mini_program}
            customer={customer}
          />
          <Because reason={noTest}>
            <Button
              block
              icon={<Icon name="send" />}
              disabled={!!noTest}
              loading={test.isPending}
              onClick={() => as && test.mutate(as)}
            >
              {customer
                ? t("campaigns.test_to", { name: personName(customer.display_name) })
                : t("campaigns.test")}
            </Button>
          </Because>
          {test.error ? <Trouble error={test.error} /> : null}
          <Tests account={account} tests={detail.tests} />
        </div>
      </div>
    </Page>
  );
}

function Numbers({ found, whom }: { found: CampaignCheck; whom: React.ReactNode }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const n = (value: number) => count(value, language);
  return (
    <>
      <dl className="campaign-figures">
        <div>
          <dt>{t("campaigns.reachable")}</dt>
          <dd className="figure-main">{n(found.reachable)}</dd>
        </div>
        <div>
          <dt>{t("campaigns.meant")}</dt>
          <dd>{n(found.meant)}</dd>
        </div>
        {found.unreachable.map((one) => (
          <div key={one.reason}>
            <dt>
              {t(`campaigns.unreachable.${one.reason}`)} <span className="dim">{one.rule}</span>
            </dt>
            <dd>{n(one.count)}</dd>
          </div>
        ))}
        <div>
          <dt>{t("campaigns.quota")}</dt>
          <dd>
            {found.quota ? n(found.quota.left) : "—"}
            {found.quota ? (
              <small>{t("campaigns.of", { n: n(found.quota.limit) })}</small>
            ) : (
              <small>{t("campaigns.quota_unknown")}</small>
            )}
          </dd>
        </div>
      </dl>
      <div className="row row-wrap small soft">
        {t("campaigns.to")}: {whom}
      </div>
    </>
  );
}
