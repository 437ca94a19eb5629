/** An account's page: what it is, follow and unfollow. Coming from a scanned code, the follow carries the code. */
import { fanPath, get, post } from "../api/client";
import { useEvents, useLive } from "../api/live";
import type { Fan, List, PublishedArticle } from "../api/types";
import { useAct, useLoad } from "../api/use-load";
import { AccountMark } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Button, Empty, ErrorBox, Skeleton, Switch } from "../ui/kit";
import { day } from "../ui/time";
import { useWords } from "../words";
import { TitleBar } from "./bars";
import type { ScreenProps } from "./device";
import { ownArticle } from "./near";
import { Notices } from "./notices";
import { Photo } from "./photo";

export function ProfileScreen({ places, mine, appid, onOpen }: ScreenProps & { appid: string }) {
  const { t, locale } = useWords();
  const { state } = useLive();
  const account = state.value?.accounts.find((a) => a.appid === appid);
  const chat = mine.value?.chats.find((c) => c.appid === appid);
  const openid = chat?.openid;
  const { busy, error, act, clear } = useAct();
  const fan = useLoad(openid ? `fan/${appid}/${openid}` : null, (signal) =>
    get<Fan>(fanPath(appid, openid ?? ""), signal),
  );
  // Published articles are told to nobody: this list is where a person meets them.
  const articles = useLoad(`articles/${appid}`, (signal) =>
    get<List<PublishedArticle>>(`/accounts/${encodeURIComponent(appid)}/articles?limit=10`, signal),
  );
  useEvents((event) => {
    if (event.type === "open" || event.type === "account") articles.reload();
  });
  const shown = articles.value?.items.filter((article) => !article.deleted) ?? [];
  const { ticket } = places.place;
  const following = chat?.following ?? false;
  const loading = (!account && state.loading) || (!mine.value && mine.loading);

  const follow = () =>
    act(async () => {
      await post(`${fanPath(appid, openid ?? "")}/follow`, ticket ? { ticket } : {});
      mine.reload();
      places.to({ appid }, { replace: true });
    });
  const unfollow = () =>
    act(async () => {
      await post(`${fanPath(appid, openid ?? "")}/unfollow`);
      mine.reload();
    });

  const mute = (on: boolean) =>
    act(async () => {
      await post(`${fanPath(appid, openid ?? "")}/mute`, { on });
      fan.reload();
    });

  const failing = (on: boolean) =>
    act(async () => {
      await post(`${fanPath(appid, openid ?? "")}/failing`, { on });
      fan.reload();
    });

  return (
    <>
      <TitleBar title={t("profile.title")} onBack={places.back} />
      <div className="scroll profile">
        <ErrorBox
          error={error ?? state.error ?? mine.error}
          onClose={error ? clear : undefined}
          onRetry={error ? undefined : state.reload}
        />
        {loading && <Skeleton rows={2} height={120} />}
        {!loading && state.value && !account && (
          <Empty icon="search" text={t("profile.unknown", { appid })} />
        )}
        {!loading && account && (
          <>
            <div className="profile-card">
              <AccountMark name={account.nick_name} appid={appid} size={72} />
              <h3>{account.nick_name}</h3>
              <p>
                {t(`kind.${account.kind}`)}
                <span className="dot" />
                {[0, 3, 4, 5].includes(account.verify_type) ? (
                  <span className="verified">
                    <Icon name="check" size={14} /> {t("profile.verified")}
                  </span>
                ) : (
                  t("profile.unverified")
                )}
              </p>
            </div>
            <ul className="lines">
              <li className="line">
                <span>{t("profile.principal")}</span>
                <span className="line-value">{account.principal || t("none")}</span>
              </li>
              <li className="line">
                <span>{t("profile.original")}</span>
                <span className="line-value mono">{account.original_id}</span>
              </li>
            </ul>
            {following && fan.value && (
              <div className="lines">
                <div className="line">
                  <Switch
                    on={!fan.value.muted}
                    onTurn={(on) => void mute(!on)}
                    label={t("profile.receive")}
                    hint={t("profile.receiveHint")}
                  />
                </div>
                <div className="line">
                  <Switch
                    on={fan.value.failing}
                    onTurn={(on) => void failing(on)}
                    label={t("profile.failing")}
                    hint={t("profile.failingHint")}
                  />
                </div>
              </div>
            )}
            {openid && account.kind === "service" && (
              <Notices appid={appid} openid={openid} account={account.nick_name} />
            )}
            {ticket && !following && <p className="profile-note">{t("profile.byCode")}</p>}
            <div className="profile-acts">
              {following ? (
                <>
                  <Button look="primary" icon="chats" onClick={() => places.to({ appid }, { replace: true })}>
                    {t("profile.message")}
                  </Button>
                  <Button look="danger" busy={busy} data-testid="phone-unfollow" onClick={unfollow}>
                    {t("profile.unfollow")}
                  </Button>
                </>
              ) : (
                <>
                  <Button
                    look="primary"
                    icon="plus"
                    busy={busy}
                    why={openid ? null : t("profile.noOpenid")}
                    data-testid="phone-follow"
                    onClick={follow}
                  >
                    {t("profile.follow")}
                  </Button>
                  {chat?.last && (
                    <Button onClick={() => places.to({ appid }, { replace: true })}>
                      {t("profile.history")}
                    </Button>
                  )}
                </>
              )}
            </div>
            {shown.length > 0 && (
              <section className="lines profile-articles" aria-label={t("profile.articles")}>
                <h4>{t("profile.articles")}</h4>
                {shown.map((article) => (
                  <div key={article.url} className="article-line" data-testid="phone-article">
                    <span className="profile-article">
                      <button
                        type="button"
                        className="article-open"
                        onClick={() => onOpen({ url: ownArticle(article.url, locale, 4) })}
                      >
                        {article.title}
                      </button>
                      <small>
                        {[
                          day(article.out_ms, locale),
                          t("profile.articleReads", { n: article.reads }),
                          article.comments.length > 0 &&
                            t("profile.articleComments", { n: article.comments.length }),
                        ]
                          .filter(Boolean)
                          .join(" · ")}
                      </small>
                    </span>
                    {article.cover_url && (
                      <Photo src={article.cover_url} alt="" className="article-thumb" still />
                    )}
                  </div>
                ))}
              </section>
            )}
          </>
        )}
      </div>
    </>
  );
}
