/** An account's page: what it is, follow and unfollow. Coming from a scanned code, the follow carries the code. */
import { fanPath, get, post } from "../api/client";
import { useLive } from "../api/live";
import type { Fan } from "../api/types";
import { useAct, useLoad } from "../api/use-load";
import { AccountMark } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Button, Empty, ErrorBox, Skeleton, Switch } from "../ui/kit";
import { useWords } from "../words";
import { TitleBar } from "./bars";
import type { ScreenProps } from "./device";
import { Notices } from "./notices";

export function ProfileScreen({ places, mine, appid }: ScreenProps & { appid: string }) {
  const { t } = useWords();
  const { state } = useLive();
  const account = state.value?.accounts.find((a) => a.appid === appid);
  const chat = mine.value?.chats.find((c) => c.appid === appid);
  const openid = chat?.openid;
  const { busy, error, act, clear } = useAct();
  const fan = useLoad(openid ? `fan/${appid}/${openid}` : null, (signal) =>
    get<Fan>(fanPath(appid, openid ?? ""), signal),
  );
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
          </>
        )}
      </div>
    </>
  );
}
