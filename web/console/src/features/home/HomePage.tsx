/** Home answers "how did it go and what needs me" without a click. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { refresh } from "@/api/news";
import { accountsQuery, useMe } from "@/api/queries";
import type { Home, HomeAllowance, Need } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { useMayNotBind } from "@/lib/rights";
import { count } from "@/lib/text";
import { dayOf } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Num, Page, Trouble } from "@/ui/kit";
import { homeQuery } from "./api";
import { withAccount } from "./link";
import { Recent } from "./Recent";
import "./home.css";

const Trend = lazy(() => import("./Trend"));

export default function HomePage() {
  const { t } = useTranslation();
  const { account } = useSearch({ from: "/signed-in/" });
  const me = useMe();
  const { language, zone } = usePrefs();
  const queryClient = useQueryClient();
  const query = useQuery({ ...homeQuery(account), placeholderData: keepPreviousData });
  const accounts = useQuery(accountsQuery);
  const home = query.data;

  // Many events may come in a second; the page asks again at most every two.
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => void (due.current && clearTimeout(due.current)), []);
  const again = () => {
    due.current ??= setTimeout(() => {
      due.current = null;
      void refresh(queryClient, { queryKey: ["home"] });
    }, 2_000);
  };
  useLive("event", again);
  useLive("conversations", again);

  return (
    <Page title={t("home.hello", { name: me.person.name })} note={dayOf(Date.now(), language, zone)}>
      {query.error && !home ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {accounts.data?.length === 0 ? (
        <Begin />
      ) : query.error && !home ? null : (
        <div className="home">
          <Counts home={home} />
          <div className="home-cols">
            <div className="stack home-left">
              <Suspense
                fallback={
                  <Card title={t("home.trend")} className="trend-card">
                    <Bars rows={1} height={260} />
                  </Card>
                }
              >
                <Trend days={home?.trend} />
              </Suspense>
              <Recent events={home?.recent} />
            </div>
            <div className="stack needs-card">
              <Needs needs={home?.needs} about={account} />
              <Allowances allowances={home?.allowances} />
            </div>
          </div>
        </div>
      )}
    </Page>
  );
}

function Counts({ home }: { home: Home | undefined }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const c = home?.counts;
  const figure = (value: number | undefined, label: string, note?: ReactNode, tone?: string) => (
    <>
      <span className="figure-label">{label}</span>
      <strong className={`figure-value ${tone ?? ""}`}>
        {value === undefined ? <span className="figure-blank" /> : <Num value={value} />}
      </strong>
      <span className="figure-note">{note ?? "\u00a0"}</span>
    </>
  );
  const yesterday = (value: number | undefined) =>
    value === undefined ? null : t("home.yesterday", { value: count(value, language) });
  return (
    <div className="figures">
      <Link
        to="/customers"
        search={(s) => ({ account: s.account, status: "following" as const })}
        className="figure"
      >
        {figure(
          c?.following,
          t("home.following"),
          c ? t("home.of_customers", { value: count(c.customers, language) }) : null,
        )}
      </Link>
      <div className="figure">{figure(c?.new_today, t("home.new_today"), yesterday(c?.new_yesterday))}</div>
      <div className="figure">
        {figure(c?.lost_today, t("home.lost_today"), yesterday(c?.lost_yesterday))}
      </div>
      <div className="figure">{figure(c?.messages_today, t("home.messages_today"))}</div>
      <Link
        to="/replies"
        search={(s) => ({ account: s.account, view: "unmatched" as const })}
        className="figure"
      >
        {figure(
          c?.unmatched,
          t("home.unmatched"),
          t("home.unmatched_note"),
          c && c.unmatched > 0 ? "needs-person" : "",
        )}
      </Link>
    </div>
  );
}

function Needs({ needs, about }: { needs: Need[] | undefined; about: string | undefined }) {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const accounts = useQuery(accountsQuery).data ?? [];
  const order = { error: 0, warning: 1, info: 2 };
  const sorted = needs?.toSorted((a, b) => order[a.severity] - order[b.severity]);
  return (
    <Card
      title={t("home.needs")}
      extra={needs && needs.length > 0 ? <span className="needs-count">{needs.length}</span> : null}
      flush
    >
      {!sorted ? (
        <div className="needs-wait">
          <Bars rows={3} height={40} />
        </div>
      ) : sorted.length === 0 ? (
        <Empty drawing="done" compact>
          {t("home.nothing_needed")}
        </Empty>
      ) : (
        <ul className="needs">
          {sorted.map((need, index) => {
            const account = accounts.find((one) => one.id === need.account_id);
            const words = i18n.exists(`needs.${need.code}`)
              ? t(`needs.${need.code}` as "needs.unmatched", need.params)
              : t(`health.${need.code}` as "health.unbound", { defaultValue: need.code });
            const body = (
              <>
                <i className={`dot dot-${need.severity}`} aria-hidden="true" />
                <span className="grow">
                  <span className="need-text">{words}</span>
                  {account ? <small>{account.nick_name}</small> : null}
                </span>
                {need.link ? <Icon name="right" size={14} /> : null}
              </>
            );
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same code may stand twice; the list is replaced as a whole
              <li key={`${need.code}-${need.account_id}-${index}`}>
                {need.link ? (
                  <button
                    type="button"
                    className="plain need"
                    onClick={() => router.history.push(withAccount(need.link ?? "/", about))}
                  >
                    {body}
                  </button>
                ) : (
                  <div className="need">{body}</div>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

/** So many accounts are named; the others have as much left or more. */
const shown = 6;

/** What is left to broadcast, the least first. */
function Allowances({ allowances }: { allowances: HomeAllowance[] | undefined }) {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery).data ?? [];
  if (!allowances || allowances.length === 0) return null;
  return (
    <Card title={t("home.allowance")} flush>
      <ul className="needs">
        {allowances.slice(0, shown).map((one) => (
          <li key={one.account_id}>
            <Link to="/broadcasts" search={{ account: one.account_id }} className="need">
              <span className="grow">
                <span className="need-text ellipsis">
                  {accounts.find((account) => account.id === one.account_id)?.nick_name ?? ""}
                </span>
                <small>{t(`home.left_of.${one.per}`)}</small>
              </span>
              <span className={one.left === 0 ? "num needs-person" : "num"}>
                <strong>{one.left}</strong> / {one.limit}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Nothing is bound yet: the one thing to do. */
function Begin() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ownerOnly = useMayNotBind();
  const me = useMe();
  return (
    <div className="card begin">
      <Empty
        drawing="letter"
        action={
          <div className="row">
            <Because reason={ownerOnly}>
              <Button
                type="primary"
                size="large"
                disabled={!!ownerOnly}
                icon={<Icon name="plus" />}
                onClick={() => void navigate({ to: "/accounts/bind" })}
              >
                {t("accounts.bind")}
              </Button>
            </Because>
            {me.sandbox_url ? (
              <Button size="large" href={me.sandbox_url} target="_blank" icon={<Icon name="phone" />}>
                {t("home.try_sandbox")}
              </Button>
            ) : null}
          </div>
        }
      >
        {t("home.begin")}
      </Empty>
    </div>
  );
}
