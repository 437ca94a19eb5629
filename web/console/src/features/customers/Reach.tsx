/** Whether one can be reached: by account and way, why not, how long and how often still (R3, R4), and what they do not want. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Switch, Tooltip } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { useAccounts } from "@/api/queries";
import type { Account, AccountReach, Customer, OptOutWay, Way } from "@/api/types";
import { useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { exactTime, lengthText } from "@/lib/time";
import { reachQuery } from "@/person/api";
import { TemplateToOne } from "@/template/ToOne";
import { Icon } from "@/ui/icons";
import { AccountName, Badge, Bars, Because, Card, Trouble, When } from "@/ui/kit";
import { chatsQuery, optOutsQuery, useBlock, useOptOut } from "./api";

const wishes = ["custom_message", "template", "notice", "broadcast"] as const satisfies readonly OptOutWay[];

export function Reach({
  customer,
  onWrite,
}: {
  customer: Customer;
  /** Goes to where one writes to them, as this fan. */
  onWrite: (openid: string) => void;
}) {
  const { t } = useTranslation();
  const accounts = useAccounts();
  const query = useQuery({ ...reachQuery(customer.id), enabled: customer.fans.length > 0 });
  useLive("event", ({ customer_id }) => {
    if (customer_id === customer.id) void query.refetch();
  });
  return (
    <Card title={t("reach.title")}>
      {query.error && !query.data ? (
        <Trouble error={query.error} retry={() => void query.refetch()} />
      ) : customer.fans.length > 0 && !query.data ? (
        <Bars rows={3} height={32} />
      ) : (
        <div className="stack">
          {query.data?.accounts.map((reach) => (
            <OfAccount
              key={reach.openid}
              customer={customer}
              reach={reach}
              account={accounts.find((one) => one.id === reach.account_id)}
              onWrite={() => onWrite(reach.openid)}
            />
          ))}
          <Wishes customer={customer} />
        </div>
      )}
    </Card>
  );
}

function OfAccount({
  customer,
  reach,
  account,
  onWrite,
}: {
  customer: Customer;
  reach: AccountReach;
  account: Account | undefined;
  onWrite: () => void;
}) {
  const { t } = useTranslation();
  const { whyFunction } = useReasons();
  const notAllowed = useNotAllowed("messages:write");
  const block = useBlock(customer.id);
  const why = notAllowed ?? (account ? whyFunction(account, "tags") : null);
  const [writing, setWriting] = useState(false);
  const chat = useQuery(chatsQuery(customer.id)).data?.find(
    (one) => one.account_id === reach.account_id && one.openid === reach.openid,
  );
  const act = (name: string, words: string, go: () => void) => (
    <Because reason={notAllowed}>
      <Button
        size="small"
        data-act={name}
        aria-label={`${words} · ${account?.nick_name ?? ""}`}
        disabled={!!notAllowed}
        onClick={go}
      >
        {words}
      </Button>
    </Because>
  );
  // Notices and broadcasts go to many: from here there is no way to send one.
  const acts: Record<string, ReactNode> = {
    custom_message: act("custom_message", t("reach.act.write"), onWrite),
    template: act("template", t("reach.act.template"), () => setWriting(true)),
  };
  return (
    <section className="fan reach-of" aria-label={account?.nick_name}>
      <div className="row row-between">
        <AccountName account={account} />
        {chat ? (
          <Link to="/inbox/$id" params={{ id: chat.id }} className="small">
            {t("reach.act.chat")}
          </Link>
        ) : null}
      </div>
      <ul className="reach-ways">
        {reach.ways.map((way) => (
          <OneWay key={way.function} way={way} act={acts[way.function]} />
        ))}
      </ul>
      {writing && account ? (
        <TemplateToOne account={account} customer={customer.id} onClose={() => setWriting(false)} />
      ) : null}
      <div className="row row-between">
        <span className="small">{t("reach.blacklist")}</span>
        <Because reason={why}>
          <Switch
            size="small"
            aria-label={t("reach.blacklist")}
            checked={reach.blocked}
            disabled={!!why}
            loading={block.isPending}
            onChange={(on) => block.mutate({ account: reach.account_id, openid: reach.openid, on })}
          />
        </Because>
      </div>
      {reach.blocked ? <p className="small soft">{t("reach.blacklist_more")}</p> : null}
      {block.error ? <Trouble error={block.error} /> : null}
    </section>
  );
}

function OneWay({ way, act }: { way: Way; act: ReactNode }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const now = useNow();
  const name = t(`functions.${way.function as "custom_message"}`);
  const over = !!way.window && way.window.until <= now;
  const may = way.may && !over;
  const code = way.why?.code ?? "window_closed";
  const rule = way.why?.rule ?? (over ? "R3" : null);
  const window = may ? way.window : null;
  return (
    <li className={may ? "" : "off"} data-way={way.function}>
      <Icon name={may ? (way.waits ? "clock" : "check") : "close"} size={15} />
      <div>
        <span>{name}</span>
        {may ? null : (
          <small>
            {t(`reach.why.${code}`)} {rule ? <Badge>{rule}</Badge> : null}
          </small>
        )}
        {!may && way.again_at ? (
          <small>
            {t("reach.again")} <When at={way.again_at} />
          </small>
        ) : null}
        {may && way.waits ? (
          <small>
            {t(`reach.why.${way.waits.code}`)} ·{" "}
            {way.waits.until ? (
              <Tooltip title={exactTime(way.waits.until, language, zone)}>
                <span>
                  {t("reach.goes_in", { rest: lengthText((way.waits.until - now) / 1000, language) })}
                </span>
              </Tooltip>
            ) : (
              t("reach.goes_later")
            )}
          </small>
        ) : null}
        {window ? (
          <Tooltip title={exactTime(window.until, language, zone)}>
            <small className="num">
              {window.left === null
                ? t("reach.open", { rest: lengthText((window.until - now) / 1000, language) })
                : t("reach.left", {
                    count: window.left,
                    rest: lengthText((window.until - now) / 1000, language),
                  })}
            </small>
          </Tooltip>
        ) : null}
        {may && typeof way.left === "number" ? (
          <small className="num">{t(`reach.still.${way.function as "notice"}`, { count: way.left })}</small>
        ) : null}
        {may && way.opted_out ? <small>{t("reach.answers")}</small> : null}
      </div>
      {may && act ? <span className="reach-act">{act}</span> : null}
    </li>
  );
}

/** What they do not want to be told, whichever account says it. */
function Wishes({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const notAllowed = useNotAllowed("messages:write");
  const query = useQuery(optOutsQuery(customer.id));
  const change = useOptOut(customer.id);
  if (query.error) return <Trouble error={query.error} retry={() => void query.refetch()} />;
  const holding = (way: OptOutWay) => query.data?.items.find((one) => one.way === way && !one.withdrawn_at);
  return (
    <section className="fan" aria-label={t("reach.wishes")}>
      <strong className="small">{t("reach.wishes")}</strong>
      <p className="small soft">{t("reach.wishes_more")}</p>
      {wishes.map((way) => {
        const out = holding(way);
        return (
          <div key={way} className="reach-wish">
            <div className="row row-between">
              <span className="small">{t(`functions.${way}`)}</span>
              <Because reason={notAllowed}>
                <Switch
                  size="small"
                  aria-label={t("reach.refuse", { what: t(`functions.${way}`) })}
                  checked={!!out}
                  disabled={!!notAllowed || !query.data}
                  loading={change.isPending && change.variables.way === way}
                  onChange={(on) => change.mutate({ way, out: on })}
                />
              </Because>
            </div>
            {out ? (
              <small className="soft">
                {out.by} · <When at={out.created_at} />
                {out.note ? ` · ${out.note}` : null}
              </small>
            ) : null}
          </div>
        );
      })}
      {change.error ? <Trouble error={change.error} /> : null}
    </section>
  );
}
