/** Everything about one account: where its pushes go, what it is, its fans, and who may act for it. */
import { useState } from "react";
import { patch, post } from "../api/client";
import type { Account } from "../api/types";
import { useAct } from "../api/use-load";
import { Button, Chip, Copy, Dialog, ErrorBox, Field, Segmented, Select, Switch, TextInput } from "../ui/kit";
import { count, exact } from "../ui/time";
import { useWords } from "../words";
import { ArticleSettings } from "./article-settings";
import { changes, splitList, VerifySelect } from "./fields";
import { MassSettings } from "./mass-settings";

export function AccountDialog({
  account,
  reload,
  onClose,
}: {
  account: Account;
  reload: () => void;
  onClose: () => void;
}) {
  const { t } = useWords();
  return (
    <Dialog title={account.nick_name} wide onClose={onClose}>
      <div className="account-dialog">
        <Keys account={account} />
        <Settings account={account} reload={reload} />
        <MassSettings account={account} reload={reload} />
        <Fans account={account} reload={reload} />
        <Platforms account={account} reload={reload} />
      </div>
      <div className="form-foot">
        <Button onClick={onClose}>{t("close")}</Button>
      </div>
    </Dialog>
  );
}

function Keys({ account: a }: { account: Account }) {
  const { t } = useWords();
  return (
    <dl className="keys-list">
      <div>
        <dt>AppID</dt>
        <dd>
          <Copy text={a.appid} head={18} />
        </dd>
      </div>
      <div>
        <dt>AppSecret</dt>
        <dd>
          <Copy text={a.appsecret} head={8} secret />
        </dd>
      </div>
      <div>
        <dt>{t("profile.original")}</dt>
        <dd>
          <Copy text={a.original_id} head={18} />
        </dd>
      </div>
    </dl>
  );
}

function Settings({ account: a, reload }: { account: Account; reload: () => void }) {
  const { t } = useWords();
  const [draft, setDraft] = useState({
    nick_name: a.nick_name,
    verify_type: a.verify_type,
    callback_url: a.callback_url ?? "",
    token: a.token,
    encoding_aes_key: a.encoding_aes_key,
    mode: a.mode,
    format: a.format,
    status: String(a.status),
    voice_recognition: a.voice_recognition ?? false,
    legacy_profile: a.legacy_profile,
    publishing: a.publishing,
    no_comments: a.no_comments,
    open_platform: a.open_platform,
    ip_whitelist: a.ip_whitelist.join("; "),
    allowance: a.allowance,
  });
  const [verify, setVerify] = useState(true);
  const [saved, setSaved] = useState(false);
  const { act, busy, error, clear } = useAct();
  const change = (part: Partial<typeof draft>) => {
    clear();
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const next = {
    ...draft,
    status: Number(draft.status),
    ip_whitelist: splitList(draft.ip_whitelist),
  } as Partial<Account>;
  const body = changes(
    { ...a, callback_url: a.callback_url ?? "", voice_recognition: a.voice_recognition ?? false },
    next,
  );
  const dirty = Object.keys(body).length > 0;
  const keyWrong = draft.encoding_aes_key !== "" && !/^[A-Za-z0-9]{43}$/.test(draft.encoding_aes_key);
  const tokenWrong = draft.token !== "" && !/^[A-Za-z0-9]{3,32}$/.test(draft.token);
  const why = !dirty
    ? t("save.nothing")
    : keyWrong
      ? t("account.keyRule")
      : tokenWrong
        ? t("account.tokenRule")
        : null;

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (why) return;
        const check = body.callback_url && !verify ? "?verify=false" : "";
        void act(async () => {
          await patch(`/accounts/${encodeURIComponent(a.appid)}${check}`, body);
          setSaved(true);
          reload();
        });
      }}
    >
      <h3>{t("account.server")}</h3>
      {a.authorizations.length > 0 && <p className="note">{t("account.serverByPlatform")}</p>}
      <Field label={t("account.url")} hint={t("account.urlHint")}>
        {(id) => (
          <TextInput
            id={id}
            inputMode="url"
            placeholder="http://127.0.0.1:8080/…"
            data-testid="control-callback"
            value={draft.callback_url}
            onChange={(e) => change({ callback_url: e.target.value.trim() })}
          />
        )}
      </Field>
      <div className="form-two">
        <Field label="Token" error={tokenWrong ? t("account.tokenRule") : undefined}>
          {(id) => (
            <TextInput
              id={id}
              className="mono"
              value={draft.token}
              onChange={(e) => change({ token: e.target.value.trim() })}
            />
          )}
        </Field>
        <Field label="EncodingAESKey" error={keyWrong ? t("account.keyRule") : undefined}>
          {(id) => (
            <TextInput
              id={id}
              className="mono"
              value={draft.encoding_aes_key}
              onChange={(e) => change({ encoding_aes_key: e.target.value.trim() })}
            />
          )}
        </Field>
      </div>
      <div className="form-two">
        <div>
          <span className="label">{t("account.mode")}</span>
          <Segmented
            label={t("account.mode")}
            value={draft.mode}
            onPick={(mode) => change({ mode })}
            options={(["plain", "compatible", "safe"] as const).map((value) => ({
              value,
              label: t(`mode.${value}`),
            }))}
          />
        </div>
        <div>
          <span className="label">{t("account.format")}</span>
          <Segmented
            label={t("account.format")}
            value={draft.format}
            onPick={(format) => change({ format })}
            options={[
              { value: "xml", label: "XML" },
              { value: "json", label: "JSON" },
            ]}
          />
        </div>
      </div>
      <Switch
        on={verify}
        onTurn={setVerify}
        label={t("account.verifyUrl")}
        hint={t("account.verifyUrlHint")}
      />

      <h3>{t("account.about")}</h3>
      <div className="form-two">
        <Field label={t("account.name")}>
          {(id) => (
            <TextInput
              id={id}
              value={draft.nick_name}
              maxLength={30}
              onChange={(e) => change({ nick_name: e.target.value })}
            />
          )}
        </Field>
        <Field label={t("account.verify")}>
          {(id) => (
            <VerifySelect
              id={id}
              value={draft.verify_type}
              onPick={(verify_type) => change({ verify_type })}
            />
          )}
        </Field>
      </div>
      <Field label={t("account.status")} hint={t("account.statusHint")}>
        {(id) => (
          <Select
            id={id}
            value={draft.status}
            onPick={(status) => change({ status })}
            options={(["1", "18", "19", "16", "14"] as const).map((value) => ({
              value: value as string,
              label: `${value} · ${t(`status.${value}`)}`,
            }))}
          />
        )}
      </Field>
      <Field label={t("account.ips")} hint={t("account.ipsHint")}>
        {(id) => (
          <TextInput
            id={id}
            className="mono"
            value={draft.ip_whitelist}
            onChange={(e) => change({ ip_whitelist: e.target.value })}
          />
        )}
      </Field>
      <div>
        <span className="label">{t("account.allowance")}</span>
        <Segmented
          label={t("account.allowance")}
          value={draft.allowance}
          onPick={(allowance) => change({ allowance })}
          options={[
            { value: "2023-06", label: t("account.allowanceNew") },
            { value: "classic", label: t("account.allowanceOld") },
          ]}
        />
      </div>
      <Switch
        on={draft.voice_recognition}
        onTurn={(voice_recognition) => change({ voice_recognition })}
        label={t("account.voice")}
        hint={t("account.voiceHint")}
      />
      <ArticleSettings publishing={draft.publishing} noComments={draft.no_comments} onChange={change} />
      <Switch
        on={draft.legacy_profile}
        onTurn={(legacy_profile) => change({ legacy_profile })}
        label={t("account.legacy")}
        hint={t("account.legacyHint")}
      />
      <Switch
        on={draft.open_platform}
        onTurn={(open_platform) => change({ open_platform })}
        label={t("account.openPlatform")}
        hint={t("account.openPlatformHint")}
      />

      <ErrorBox error={error} onClose={clear} />
      <div className="form-foot">
        {saved && (
          <span className="good-text" role="status">
            {t("save.done")}
          </span>
        )}
        <Button look="primary" type="submit" busy={busy} why={why} data-testid="control-save">
          {t("save")}
        </Button>
      </div>
    </form>
  );
}

function Fans({ account: a, reload }: { account: Account; reload: () => void }) {
  const { t, locale } = useWords();
  const [n, setN] = useState("1000");
  const { act, busy, error, clear } = useAct();
  const number = Number(n);
  const wrong = !Number.isInteger(number) || number < 1 || number > 10_000_000;
  return (
    <section>
      <h3>{t("account.fans")}</h3>
      <p className="quiet">{t("account.fansNow", { n: count(a.fans, locale) })}</p>
      <form
        className="inline"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong) return;
          void act(() =>
            post(`/accounts/${encodeURIComponent(a.appid)}/fans`, { count: number }).then(reload),
          );
        }}
      >
        <TextInput
          aria-label={t("account.addFansLabel")}
          inputMode="numeric"
          data-testid="control-fans"
          value={n}
          onChange={(e) => setN(e.target.value)}
        />
        <Button
          type="submit"
          icon="people"
          busy={busy}
          why={wrong ? t("account.fansRange") : null}
          data-testid="control-add-fans"
        >
          {t("account.addFans")}
        </Button>
      </form>
      <p className="field-hint">{t("account.fansHint")}</p>
      <ErrorBox error={error} onClose={clear} />
    </section>
  );
}

function Platforms({ account: a, reload }: { account: Account; reload: () => void }) {
  const { t, locale } = useWords();
  const [sure, setSure] = useState<string | null>(null);
  const { act, busy, error, clear } = useAct();
  return (
    <section>
      <h3>{t("account.platforms")}</h3>
      {a.authorizations.length === 0 && <p className="quiet">{t("account.noPlatforms")}</p>}
      <ul className="plain-list">
        {a.authorizations.map((x) => (
          <li key={x.component_appid}>
            <div>
              <b>{x.name}</b> <Copy text={x.component_appid} />
              <br />
              <small className="quiet">{t("account.since", { time: exact(x.auth_time_ms, locale) })}</small>
              <div className="chips">
                {x.sets.map((id) => (
                  <Chip key={id}>{id}</Chip>
                ))}
              </div>
            </div>
            {sure === x.component_appid ? (
              <span className="inline">
                <span className="quiet">{t("account.cancelSure")}</span>
                <Button small onClick={() => setSure(null)}>
                  {t("cancel")}
                </Button>
                <Button
                  small
                  look="danger"
                  busy={busy}
                  data-testid="control-unauthorize-sure"
                  onClick={() =>
                    act(async () => {
                      await post(`/accounts/${encodeURIComponent(a.appid)}/unauthorize`, {
                        component_appid: x.component_appid,
                      });
                      setSure(null);
                      reload();
                    })
                  }
                >
                  {t("account.cancelDo")}
                </Button>
              </span>
            ) : (
              <Button
                small
                look="danger"
                data-testid="control-unauthorize"
                onClick={() => setSure(x.component_appid)}
              >
                {t("account.cancelAuth")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ErrorBox error={error} onClose={clear} />
    </section>
  );
}
