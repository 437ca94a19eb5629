import { useState } from "react";
import { get, query, remove } from "../api/client";
import { useEvents } from "../api/live";
import type { Account, Journal } from "../api/types";
import { useAct, useLater, useLoad } from "../api/use-load";
import { callFailed, faultText } from "../drawer/entries";
import { Button, Chip, Empty, ErrorBox, Select, Skeleton, TextInput } from "../ui/kit";
import { clockSeconds, count, exact, shorten } from "../ui/time";
import { useWords } from "../words";

const limit = 500;

/** Every call the hub made, with totals: a call that came twice but was executed once shows at a glance. */
export function JournalTab({ accounts }: { accounts: Account[] }) {
  const { t, locale } = useWords();
  const [appid, setAppid] = useState("");
  const [key, setKey] = useState("");
  const journal = useLoad(`journal/${appid}`, (signal) =>
    get<Journal>(`/journal${query({ limit, appid })}`, signal),
  );
  const wanted = key.trim().toLowerCase();
  const fits = (...words: (string | null | undefined)[]) =>
    !wanted || words.some((word) => word?.toLowerCase().includes(wanted));
  const { act, busy, error, clear } = useAct();
  const refresh = useLater(journal.reload, 500);
  useEvents((event) => {
    if (event.type === "open" || event.type === "call") refresh();
  });
  const items = (journal.value?.items ?? [])
    .filter((c) => fits(c.path, c.key, c.errmsg, String(c.errcode ?? "")))
    .sort((a, b) => b.at_ms - a.at_ms || Number(b.id) - Number(a.id));
  const totals = Object.entries(journal.value?.totals ?? {})
    .filter(([name]) => fits(name))
    .sort((a, b) => b[1].calls - a[1].calls);
  const nameOf = (id: string | null | undefined) =>
    id ? (accounts.find((a) => a.appid === id)?.nick_name ?? shorten(id)) : "";
  return (
    <>
      <div className="page-head">
        <h1>{t("control.journal")}</h1>
        <Button
          look="danger"
          icon="trash"
          busy={busy}
          why={journal.value?.items.length ? null : t("journal.none")}
          onClick={() => act(() => remove("/journal").then(journal.reload))}
        >
          {t("journal.clear")}
        </Button>
      </div>
      <p className="lead">{t("journal.text")}</p>
      <div className="filters">
        <Select
          aria-label={t("fault.account")}
          value={appid}
          onPick={setAppid}
          options={[
            { value: "", label: t("fault.anyAccount") },
            ...accounts.map((a) => ({ value: a.appid, label: a.nick_name })),
          ]}
        />
        <TextInput
          aria-label={t("journal.filter")}
          placeholder={t("journal.filter")}
          value={key}
          onChange={(e) => setKey(e.target.value)}
        />
      </div>
      <ErrorBox
        error={error ?? journal.error}
        onRetry={error ? undefined : journal.reload}
        onClose={error ? clear : undefined}
      />
      {!journal.value && journal.loading && <Skeleton rows={6} height={40} />}
      {journal.value && items.length === 0 && (
        <Empty icon="eye" text={wanted ? t("traffic.noMatch") : t("journal.none")} />
      )}
      {items.length > 0 && (
        <div className="split split-wide">
          <section>
            <h2>{t("journal.totals")}</h2>
            <table className="table table-small table-keys">
              <thead>
                <tr>
                  <th>{t("journal.what")}</th>
                  <th className="num">{t("journal.calls")}</th>
                  <th className="num">{t("journal.executed")}</th>
                </tr>
              </thead>
              <tbody>
                {totals.slice(0, 100).map(([name, n]) => (
                  <tr key={name}>
                    <td className="mono" title={name}>
                      {name.startsWith("/") ? name : shorten(name, 20, 12)}
                    </td>
                    <td className="num">{count(n.calls, locale)}</td>
                    <td className="num">
                      {n.executions < n.calls ? (
                        <span className="bad-text">{count(n.executions, locale)}</span>
                      ) : (
                        count(n.executions, locale)
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <section>
            <h2>{t("journal.latest", { n: items.length })}</h2>
            <table className="table table-small table-cards">
              <thead>
                <tr>
                  <th>{t("journal.time")}</th>
                  <th>{t("journal.path")}</th>
                  <th>{t("journal.account")}</th>
                  <th>{t("journal.key")}</th>
                  <th>errcode</th>
                </tr>
              </thead>
              <tbody>
                {items.map((c) => {
                  const fault = faultText(c.fault);
                  return (
                    <tr
                      key={String(c.id)}
                      className={callFailed(c) ? "row-bad" : undefined}
                      data-testid="journal-call"
                    >
                      <td className="num" data-label={t("journal.time")} title={exact(c.at_ms, locale)}>
                        {clockSeconds(c.at_ms, locale)}
                      </td>
                      <td className="mono" data-label={t("journal.path")}>
                        {c.path} {fault && <Chip tone="warn">{t("traffic.fault", { fault })}</Chip>}
                      </td>
                      <td data-label={t("journal.account")} title={c.appid ?? undefined}>
                        {nameOf(c.appid)}
                      </td>
                      <td className="mono cell-key" data-label={t("journal.key")} title={c.key ?? undefined}>
                        {c.key ? shorten(c.key, 14, 8) : ""}
                      </td>
                      <td data-label="errcode">
                        <Chip tone={callFailed(c) ? "bad" : "good"}>
                          {c.errcode ? String(c.errcode) : callFailed(c) ? t("traffic.notExecuted") : "ok"}
                        </Chip>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </>
  );
}
