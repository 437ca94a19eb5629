import { useNow } from "../api/live";
import type { Account, Fan } from "../api/types";
import type { Loaded } from "../api/use-load";
import { Chip, Copy, ErrorBox, Skeleton } from "../ui/kit";
import { exact, span } from "../ui/time";
import { useWords } from "../words";

/** How this fan stands with this account: following, the custom-message window, tags, and where pushes go. */
export function FanCard({ fan, account }: { fan: Loaded<Fan>; account: Account | null }) {
  const { t, locale } = useWords();
  const now = useNow();
  const f = fan.value;
  if (!f) {
    return (
      <section className="panel">
        {fan.error ? <ErrorBox error={fan.error} onRetry={fan.reload} /> : <Skeleton rows={1} height={84} />}
      </section>
    );
  }
  const open = f.window && now !== undefined && f.window.deadline_ms > now ? f.window : null;
  const left = open && now !== undefined ? span(open.deadline_ms - now) : [];
  return (
    <section className="panel facts" aria-label={t("fan.title")}>
      <dl>
        <div>
          <dt>openid</dt>
          <dd>
            <Copy text={f.openid} />
          </dd>
        </div>
        <div>
          <dt>{t("fan.state")}</dt>
          <dd>
            <Chip
              tone={f.following ? "good" : "plain"}
              title={f.subscribe_time_ms ? exact(f.subscribe_time_ms, locale) : undefined}
            >
              {f.following ? t("fan.following") : t("chats.notFollowing")}
            </Chip>
            {f.blacklisted && <Chip tone="bad">{t("fan.blacklisted")}</Chip>}
            {f.muted && <Chip tone="warn">{t("fan.muted")}</Chip>}
            {f.failing && <Chip tone="warn">{t("fan.failing")}</Chip>}
          </dd>
        </div>
        <div>
          <dt>{t("fan.window")}</dt>
          <dd title={open ? exact(open.deadline_ms, locale) : undefined}>
            {open ? (
              <>
                <b>
                  {open.remaining === null ? t("fan.unlimited") : t("fan.remaining", { n: open.remaining })}
                </b>{" "}
                <small>{left.map((p) => `${p.n} ${t(`unit.${p.unit}`)}`).join(" ")}</small>
              </>
            ) : (
              <Chip>{t("fan.closed")}</Chip>
            )}
          </dd>
        </div>
        <div>
          <dt>{t("fan.broadcasts")}</dt>
          <dd>
            {account?.kind === "service"
              ? t("fan.ofFour", { n: f.broadcasts })
              : t("fan.times", { n: f.broadcasts })}
          </dd>
        </div>
        <div>
          <dt>{t("fan.tags")}</dt>
          <dd>{f.tags.length ? f.tags.join(", ") : t("none")}</dd>
        </div>
        <div className="facts-wide">
          <dt>{t("fan.pushes")}</dt>
          <dd>
            {account?.authorizations.length ? (
              t("fan.byPlatform", { names: account.authorizations.map((a) => a.name).join(", ") })
            ) : account?.callback_url ? (
              <code>{account.callback_url}</code>
            ) : (
              <span className="bad-text">{t("fan.nowhere")}</span>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}
