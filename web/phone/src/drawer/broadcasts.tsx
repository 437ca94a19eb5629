/** The broadcasts of an account: how each stands, whom it reached, and the administrator's buttons for one that waits. */
import type { ReactNode } from "react";
import { get, post } from "../api/client";
import { useEvents, useNow } from "../api/live";
import type { Broadcast, List } from "../api/types";
import { useAct, useLater, useLoad } from "../api/use-load";
import { Button, Chip, ErrorBox } from "../ui/kit";
import { clockSeconds, count, exact, span } from "../ui/time";
import { isWord, useWords } from "../words";

const shown = 4;
const tones = { waiting: "warn", sending: "blue", success: "good", failed: "bad", deleted: "plain" } as const;

export function Broadcasts({ appid }: { appid: string }) {
  const { t } = useWords();
  const path = `/accounts/${encodeURIComponent(appid)}/broadcasts`;
  const broadcasts = useLoad(path, (signal) => get<List<Broadcast>>(`${path}?limit=${shown}`, signal));
  const refresh = useLater(broadcasts.reload, 150);
  useEvents((event) => {
    if (event.type === "open" || (event.type === "mass" && event.appid === appid)) refresh();
    if (event.type === "call" && event.appid === appid && event.path.endsWith("/mass/delete")) refresh();
  });
  const { act, busy, error, clear } = useAct();
  const items = broadcasts.value?.items ?? [];
  const total = broadcasts.value?.total ?? 0;
  if (!items.length)
    return broadcasts.error ? <ErrorBox error={broadcasts.error} onRetry={broadcasts.reload} /> : null;

  const answer = (broadcast: Broadcast, word: "confirm" | "refuse") =>
    act(async () => {
      await post(`${path}/${broadcast.msg_id}/${word}`);
      broadcasts.reload();
    });
  return (
    <section className="panel broadcasts" aria-label={t("mass.title")}>
      <h2>{t("mass.title")}</h2>
      <ErrorBox error={error} onClose={clear} />
      <ol>
        {items.map((broadcast) => (
          <Row key={broadcast.msg_id} broadcast={broadcast}>
            {broadcast.state === "waiting" && (
              <span className="broadcast-acts">
                <Button small busy={busy} onClick={() => void answer(broadcast, "refuse")}>
                  {t("mass.refuse")}
                </Button>
                <Button
                  small
                  look="primary"
                  busy={busy}
                  data-testid="confirm-broadcast"
                  onClick={() => void answer(broadcast, "confirm")}
                >
                  {t("mass.confirm")}
                </Button>
              </span>
            )}
          </Row>
        ))}
      </ol>
      {total > items.length && (
        <p className="broadcast-more">{t("mass.more", { n: total, shown: items.length })}</p>
      )}
    </section>
  );
}

function Row({ broadcast: b, children }: { broadcast: Broadcast; children: ReactNode }) {
  const { t, locale } = useWords();
  const now = useNow();
  const word = `item.${b.msgtype}`;
  const left = now === undefined ? [] : span(b.due_ms - now);
  const time = left.map((p) => `${p.n} ${t(`unit.${p.unit}`)}`).join(" ");
  const ends = !time ? t("mass.soon") : t(b.state === "waiting" ? "mass.waits" : "mass.ends", { span: time });
  const n = (value: number) => count(value, locale);
  return (
    <li className="broadcast" data-testid="broadcast">
      <time dateTime={new Date(b.at_ms).toISOString()} title={exact(b.at_ms, locale)}>
        {clockSeconds(b.at_ms, locale)}
      </time>
      <span className="broadcast-what">
        <b>{b.summary || (isWord(word) ? t(word) : b.msgtype)}</b>
        <small>
          {t(`mass.to.${b.audience}`, { id: b.tag_id ?? "" })}
          {" · "}
          {b.ended_ms === null
            ? ends
            : b.state === "failed"
              ? b.status
              : t("mass.counts", {
                  total: n(b.counts.total),
                  filter: n(b.counts.filter),
                  sent: n(b.counts.sent),
                  error: n(b.counts.error),
                })}
        </small>
      </span>
      <Chip tone={tones[b.state]}>{t(`mass.state.${b.state}`)}</Chip>
      {children}
    </li>
  );
}
