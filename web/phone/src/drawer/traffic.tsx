/** Pushes to the hub and its calls in one list by time. Failures stand out; filters live in the address of nothing, they are a glance. */
import { Fragment, useEffect, useMemo, useRef, useState } from "react";
import { get, query } from "../api/client";
import { useEvents } from "../api/live";
import type { Call, List, Push } from "../api/types";
import { useLater, useLoad } from "../api/use-load";
import { Icon } from "../ui/icons";
import { Chip, Empty, ErrorBox, Segmented, Select, Skeleton, TextInput } from "../ui/kit";
import { clockSeconds, count, day, daysAgo, elapsed, exact } from "../ui/time";
import { isWord, useWords } from "../words";
import { callFailed, type Entry, faultText, fold, merge, pushFailed, upsert } from "./entries";

type Show = "all" | "push" | "call" | "bad";
type Whose = "fan" | "account" | "all";
const limit = 200;

export function Traffic({ appid, openid }: { appid: string | null; openid: string | null }) {
  const { t, locale } = useWords();
  const [show, setShow] = useState<Show>("all");
  const [chosen, setWhose] = useState<Whose>("account");
  const whose: Whose = !appid ? "all" : chosen === "fan" && !openid ? "account" : chosen;
  const [text, setText] = useState("");
  const of = whose === "all" ? undefined : (appid ?? undefined);
  const key = of ?? "";

  const pushes = useLoad(`pushes/${key}`, (signal) =>
    get<List<Push>>(`/pushes${query({ limit, appid: of })}`, signal),
  );
  const calls = useLoad(`calls/${key}`, (signal) =>
    get<List<Call>>(`/journal${query({ limit, appid: of })}`, signal),
  );
  // A hub that imports a million fans calls a thousand times a second: rows are gathered and shown together.
  const waiting = useRef<{ pushes: Push[]; calls: Call[] }>({ pushes: [], calls: [] });
  const reveal = useLater(() => {
    const { pushes: p, calls: c } = waiting.current;
    waiting.current = { pushes: [], calls: [] };
    if (p.length) pushes.set((old) => old && { ...old, items: upsert(old.items, p) });
    if (c.length) calls.set((old) => old && { ...old, items: upsert(old.items, c) });
  }, 100);
  useEvents((event) => {
    if (event.type === "open") {
      pushes.reload();
      calls.reload();
    }
    if (event.type === "push" && (!of || event.appid === of)) waiting.current.pushes.push(event);
    else if (event.type === "call" && (!of || event.appid === of)) waiting.current.calls.push(event);
    else return;
    reveal();
  });
  // Rows gathered for one account are of no use to the list of another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what the rows belong to
  useEffect(() => {
    waiting.current = { pushes: [], calls: [] };
  }, [key]);

  const entries = useMemo(
    () => merge(pushes.value?.items ?? [], calls.value?.items ?? []),
    [pushes.value, calls.value],
  );
  const wanted = text.trim().toLowerCase();
  const fits = (e: Entry) => {
    if (whose === "fan" && e.kind === "push" && e.push.openid && e.push.openid !== openid) return false;
    if (!wanted) return true;
    const words =
      e.kind === "push"
        ? [e.push.what, e.push.openid, e.push.url, e.push.outcome, e.push.reason]
        : [e.call.path, e.call.key, e.call.errmsg, String(e.call.errcode ?? "")];
    return words.some((w) => w?.toLowerCase().includes(wanted));
  };
  const inScope = entries.filter(fits);
  const bad = inScope.filter((e) => e.bad).length;
  const shown = inScope.filter((e) => show === "all" || (show === "bad" ? e.bad : e.kind === show));
  const error = pushes.error ?? calls.error;
  const loading = (!pushes.value && pushes.loading) || (!calls.value && calls.loading);

  return (
    <section className="panel traffic" aria-label={t("traffic.title")}>
      <div className="traffic-head">
        <h2>{t("traffic.title")}</h2>
        <div className="traffic-filters">
          <Segmented<Show>
            label={t("traffic.show")}
            value={show}
            onPick={setShow}
            options={[
              { value: "all", label: t("traffic.all") },
              { value: "push", label: t("traffic.pushes") },
              { value: "call", label: t("traffic.calls") },
              { value: "bad", label: t("traffic.failures"), badge: bad },
            ]}
          />
          <Select<Whose>
            aria-label={t("traffic.whose")}
            value={whose}
            onPick={setWhose}
            disabled={!appid}
            title={appid ? undefined : t("traffic.openChat")}
            options={[
              ...(openid ? [{ value: "fan" as const, label: t("traffic.fan") }] : []),
              ...(appid ? [{ value: "account" as const, label: t("traffic.account") }] : []),
              { value: "all" as const, label: t("traffic.everyone") },
            ]}
          />
          <div className="search">
            <Icon name="search" size={16} />
            <TextInput
              aria-label={t("traffic.filter")}
              placeholder={t("traffic.filter")}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        </div>
      </div>
      <ErrorBox
        error={error}
        onRetry={() => {
          pushes.reload();
          calls.reload();
        }}
      />
      {loading && !error && <Skeleton rows={6} height={44} />}
      {!loading && shown.length === 0 && !error && (
        <Empty
          icon={show === "bad" ? "check" : "eye"}
          text={
            show === "bad" && !wanted
              ? t("traffic.noFailures")
              : wanted
                ? t("traffic.noMatch")
                : t("traffic.none")
          }
        />
      )}
      {shown.length > 0 && (
        <ol className="entries">
          {fold(shown).map(({ entry: e, more, since }, i, rows) => {
            const above = rows[i - 1];
            return (
              <Fragment key={e.kind === "push" ? `p${e.push.id}` : `c${e.call.id}`}>
                {above && daysAgo(e.at, above.entry.at) > 0 && (
                  <li className="entry-day">{day(e.at, locale)}</li>
                )}
                {e.kind === "push" ? (
                  <PushRow push={e.push} />
                ) : (
                  <CallRow call={e.call} more={more} since={since} />
                )}
              </Fragment>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function When({ ms }: { ms: number }) {
  const { locale } = useWords();
  return (
    <time dateTime={new Date(ms).toISOString()} title={exact(ms, locale)}>
      {clockSeconds(ms, locale)}
    </time>
  );
}

function PushRow({ push }: { push: Push }) {
  const { t } = useWords();
  const word = `outcome.${push.outcome}`;
  const outcome = isWord(word) ? t(word) : push.outcome;
  const bad = pushFailed(push);
  return (
    <li className={bad ? "entry entry-bad" : "entry"} data-testid="traffic-push">
      <details>
        <summary>
          <span className="entry-way entry-way-push" title={t("traffic.push")}>
            <Icon name="up" size={15} />
          </span>
          <When ms={push.at_ms} />
          <span className="entry-what">
            <b>{push.what}</b>
            {push.attempt > 1 && <Chip tone="warn">{t("traffic.attempt", { n: push.attempt })}</Chip>}
          </span>
          <span className="entry-figures">
            {push.status !== null && push.status !== undefined && <span className="num">{push.status}</span>}
            {push.elapsed_ms !== null && push.elapsed_ms !== undefined && (
              <span className="num">{elapsed(push.elapsed_ms)}</span>
            )}
          </span>
          <Chip tone={bad ? "bad" : "good"}>{outcome}</Chip>
        </summary>
        <dl className="entry-more">
          <dt>URL</dt>
          <dd className="mono">{push.url}</dd>
          {push.openid && (
            <>
              <dt>openid</dt>
              <dd className="mono">{push.openid}</dd>
            </>
          )}
          {push.reason && (
            <>
              <dt>{t("traffic.reason")}</dt>
              <dd>{push.reason}</dd>
            </>
          )}
        </dl>
      </details>
      {bad && push.reason && <p className="entry-reason">{push.reason}</p>}
    </li>
  );
}

function CallRow({ call, more, since }: { call: Call; more: number; since: number }) {
  const { t, locale } = useWords();
  const bad = callFailed(call);
  const fault = faultText(call.fault);
  return (
    <li className={bad ? "entry entry-bad" : "entry"} data-testid="traffic-call">
      <details>
        <summary>
          <span className="entry-way entry-way-call" title={t("traffic.call")}>
            <Icon name="down" size={15} />
          </span>
          <When ms={call.at_ms} />
          <span className="entry-what">
            <b className="mono">{call.path}</b>
            {more > 0 && (
              <Chip
                title={t("traffic.run", { n: count(more + 1, locale), since: clockSeconds(since, locale) })}
              >
                × {count(more + 1, locale)}
              </Chip>
            )}
            {fault && <Chip tone="warn">{t("traffic.fault", { fault })}</Chip>}
          </span>
          <span className="entry-figures">
            {call.elapsed_ms !== null && call.elapsed_ms !== undefined && (
              <span className="num">{elapsed(call.elapsed_ms)}</span>
            )}
          </span>
          <Chip tone={bad ? "bad" : "good"}>
            {call.errcode ? String(call.errcode) : bad ? t("traffic.notExecuted") : "ok"}
          </Chip>
        </summary>
        <dl className="entry-more">
          <dt>{t("traffic.key")}</dt>
          <dd className="mono">{call.key || t("none")}</dd>
          {call.appid && (
            <>
              <dt>AppID</dt>
              <dd className="mono">{call.appid}</dd>
            </>
          )}
          {call.errmsg && (
            <>
              <dt>errmsg</dt>
              <dd className="mono">{call.errmsg}</dd>
            </>
          )}
          {call.executed !== undefined && (
            <>
              <dt>{t("journal.executed")}</dt>
              <dd>{call.executed ? t("yes") : t("no")}</dd>
            </>
          )}
        </dl>
      </details>
      {bad && call.errmsg && <p className="entry-reason">{call.errmsg.replace(/ rid: .*$/, "")}</p>}
    </li>
  );
}
