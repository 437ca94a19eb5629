/**
 * The page an administrator sees after scanning a platform's authorisation code: who scanned, which permission sets the
 * platform asks for, and one button. Here nobody holds a real phone, so the page first asks who scans. An operator who
 * is no administrator sees an empty list, as at WeChat.
 */
import { useEffect, useState } from "react";
import { ApiError, get, post } from "../api/client";
import type { AuthorizationRequest, PermissionSet, Scanner } from "../api/types";
import { useAct, useLoad } from "../api/use-load";
import { useRoute } from "../route";
import { AccountMark } from "../ui/avatar";
import { LangSwitch, ThemeSwitch } from "../ui/header";
import { Icon, type IconName, Seal } from "../ui/icons";
import { Button, Chip, Empty, ErrorBox, Skeleton } from "../ui/kit";
import { span } from "../ui/time";
import { isWord, useWords } from "../words";
import { accountsOf, expiry, grouped } from "./choose";

export function AuthorizePage() {
  const { t } = useWords();
  return (
    <div className="auth">
      <header className="top auth-top">
        <span className="brand">
          <Seal size={26} />
          <span className="brand-name">{t("auth.brand")}</span>
          <span className="brand-tag">{t("sandbox")}</span>
        </span>
        <span className="top-space" />
        <LangSwitch />
        <ThemeSwitch />
      </header>
      <main className="auth-main">
        <Request />
      </main>
    </div>
  );
}

function Request() {
  const { t } = useWords();
  const { query } = useRoute();
  const code = query.get("pre_auth_code") ?? "";
  const component = query.get("component_appid") ?? "";
  const redirect = query.get("redirect_uri") ?? "";
  const asked = useLoad(code ? `auth/${code}` : null, async (signal) => {
    const value = await get<AuthorizationRequest>(`/authorizations/${encodeURIComponent(code)}`, signal);
    const state = await get<{ now_ms: number }>("/state", signal);
    return { ...value, offset: state.now_ms - Date.now() };
  });

  // The sandbox refused to open the page (wrong launch domain, code of no use) and says why in the page itself.
  const refusal = document.querySelector<HTMLMetaElement>('meta[name="authorize-error"]')?.content;
  if (refusal) return <Refused error={new ApiError(refusal, 409)} />;
  if (!code || !component || !redirect) {
    const missing = [!component && "component_appid", !code && "pre_auth_code", !redirect && "redirect_uri"]
      .filter(Boolean)
      .join(", ");
    return <Stop icon="link" title={t("auth.badLink")} text={t("auth.missing", { names: missing })} />;
  }
  if (asked.error && !asked.value) {
    return <Refused error={asked.error} onRetry={asked.reload} />;
  }
  if (!asked.value) {
    return (
      <section className="auth-card">
        <Skeleton rows={1} height={72} />
        <Skeleton rows={2} height={64} />
      </section>
    );
  }
  if (asked.value.component_appid && asked.value.component_appid !== component) {
    return <Stop icon="link" title={t("auth.badLink")} text={t("auth.otherPlatform", { component })} />;
  }
  return (
    <Choose
      asked={asked.value}
      offset={asked.value.offset}
      code={code}
      component={component}
      redirect={redirect}
      authType={query.get("auth_type")}
      bizAppid={query.get("biz_appid")}
    />
  );
}

function Refused({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const { t } = useWords();
  const kind = expiry(error.status, error.message);
  if (kind === "used") return <Stop icon="check" title={t("auth.used")} text={t("auth.usedText")} />;
  if (kind === "expired") return <Stop icon="clock" title={t("auth.expired")} text={t("auth.expiredText")} />;
  if (kind === "unknown")
    return <Stop icon="search" title={t("auth.unknown")} text={t("auth.unknownText")} />;
  return (
    <section className="auth-card">
      <h1>{t("auth.failed")}</h1>
      <ErrorBox error={error} onRetry={onRetry} />
    </section>
  );
}

function Stop({ icon, title, text }: { icon: IconName; title: string; text: string }) {
  return (
    <section className="auth-card auth-stop" role="alert">
      <Icon name={icon} size={40} />
      <h1>{title}</h1>
      <p id="error">{text}</p>
    </section>
  );
}

interface ChooseProps {
  asked: AuthorizationRequest;
  offset: number;
  code: string;
  component: string;
  redirect: string;
  authType: string | null;
  bizAppid: string | null;
}

function Choose({ asked, offset, code, component, redirect, authType, bizAppid }: ChooseProps) {
  const { t } = useWords();
  const [role, setRole] = useState<Scanner["role"] | null>(null);
  const [appid, setAppid] = useState<string | null>(null);
  const [sets, setSets] = useState<ReadonlySet<number>>(() => new Set(asked.asked_sets.map((s) => s.id)));
  const { act, busy, error, clear } = useAct();
  const [left, setLeft] = useState(() => asked.expires_ms - (Date.now() + offset));
  useEffect(() => {
    const timer = setInterval(() => setLeft(asked.expires_ms - (Date.now() + offset)), 1000);
    return () => clearInterval(timer);
  }, [asked.expires_ms, offset]);

  if (asked.used) return <Stop icon="check" title={t("auth.used")} text={t("auth.usedText")} />;
  if (left <= 0) return <Stop icon="clock" title={t("auth.expired")} text={t("auth.expiredText")} />;
  const refused = error && expiry(error.status, error.message);
  if (error && refused === "used")
    return <Stop icon="check" title={t("auth.used")} text={t("auth.usedText")} />;
  if (error && refused === "expired")
    return <Stop icon="clock" title={t("auth.expired")} text={t("auth.expiredText")} />;

  const accounts = role ? accountsOf(asked.scanners, role, bizAppid) : [];
  const chosen = accounts.find((a) => a.appid === appid);
  const confirm = () =>
    act(async () => {
      const answer = await post<{ redirect: string }>(`/authorizations/${encodeURIComponent(code)}/confirm`, {
        appid,
        role,
        sets: [...sets],
        redirect_uri: redirect,
      });
      location.assign(answer.redirect);
    });

  return (
    <>
      <section className="auth-card">
        <div className="auth-asks">
          <AccountMark name={asked.name} appid={asked.component_appid || component} size={52} />
          <div>
            <h1>{t("auth.title", { name: asked.name })}</h1>
            <p>
              {t(
                authType === "2" ? "auth.typeMini" : authType === "1" ? "auth.typeOfficial" : "auth.typeBoth",
              )}
              <span className="dot" />
              <span className="num">
                {t("auth.left", {
                  span: span(left)
                    .map((p) => `${p.n} ${t(`unit.${p.unit}`)}`)
                    .join(" "),
                })}
              </span>
            </p>
          </div>
        </div>
      </section>

      <section className="auth-card" aria-labelledby="auth-who">
        <h2 id="auth-who">
          <i>1</i>
          {t("auth.who")}
        </h2>
        <p className="auth-note">{t("auth.whoNote")}</p>
        <div className="auth-roles">
          {(["administrator", "operator"] as const).map((r) => (
            <button
              key={r}
              type="button"
              className="auth-role"
              data-testid={`authorize-scanner-${r}`}
              aria-pressed={role === r}
              onClick={() => {
                clear();
                setRole(r);
                const only = accountsOf(asked.scanners, r, bizAppid);
                setAppid(r === "administrator" && only.length === 1 ? (only[0]?.appid ?? null) : null);
              }}
            >
              <Icon name={r === "administrator" ? "me" : "people"} size={24} />
              <b>{t(`role.${r}`)}</b>
              <span>{t(`role.${r}.text`)}</span>
            </button>
          ))}
        </div>
      </section>

      {role === "operator" && (
        <section className="auth-card" aria-live="polite">
          <h2>
            <i>2</i>
            {t("auth.account")}
          </h2>
          <div data-testid="authorize-empty">
            <Empty icon="people" text={t("auth.empty")}>
              <p className="auth-note">{t("auth.emptyWhy")}</p>
            </Empty>
          </div>
        </section>
      )}

      {role === "administrator" && (
        <section className="auth-card" aria-labelledby="auth-account">
          <h2 id="auth-account">
            <i>2</i>
            {t("auth.account")}
          </h2>
          {accounts.length === 0 ? (
            <Empty
              icon="people"
              text={bizAppid ? t("auth.bizMissing", { appid: bizAppid }) : t("auth.noAccounts")}
            />
          ) : (
            <div className="auth-accounts" role="radiogroup" aria-labelledby="auth-account">
              {accounts.map((a) => (
                <label key={a.appid} className="auth-account" data-testid={`authorize-account-${a.appid}`}>
                  <input
                    type="radio"
                    name="account"
                    checked={appid === a.appid}
                    onChange={() => setAppid(a.appid)}
                  />
                  <AccountMark name={a.account} appid={a.appid} size={36} />
                  <span>
                    <b>{a.account}</b>
                    <small>{a.who ? t("auth.administeredBy", { name: a.who }) : a.appid}</small>
                  </span>
                  <Icon name="check" />
                </label>
              ))}
            </div>
          )}
        </section>
      )}

      {role === "administrator" && chosen && (
        <section className="auth-card" aria-labelledby="auth-sets">
          <h2 id="auth-sets">
            <i>3</i>
            {t("auth.sets")}
          </h2>
          <p className="auth-note">
            {t("auth.setsNote", { name: asked.name })}{" "}
            <button
              type="button"
              className="rich-link"
              onClick={() =>
                setSets(
                  sets.size === asked.asked_sets.length
                    ? new Set()
                    : new Set(asked.asked_sets.map((s) => s.id)),
                )
              }
            >
              {sets.size === asked.asked_sets.length ? t("auth.noneOfThem") : t("auth.allOfThem")}
            </button>
          </p>
          <SetList
            sets={asked.asked_sets}
            on={sets}
            onTurn={(id, on) => {
              const next = new Set(sets);
              if (on) next.add(id);
              else next.delete(id);
              setSets(next);
            }}
          />
          <ErrorBox error={error} onClose={clear} />
          <div className="auth-foot">
            <Button
              look="primary"
              busy={busy}
              why={sets.size === 0 ? t("auth.noSets") : null}
              data-testid="authorize-confirm"
              onClick={confirm}
            >
              {t("auth.confirm", { account: chosen.account, n: sets.size })}
            </Button>
            <small>{t("auth.confirmNote", { host: hostOf(redirect) })}</small>
          </div>
        </section>
      )}
    </>
  );
}

function SetList({
  sets,
  on,
  onTurn,
}: {
  sets: PermissionSet[];
  on: ReadonlySet<number>;
  onTurn: (id: number, on: boolean) => void;
}) {
  const { t, lang } = useWords();
  return (
    <ul className="auth-sets">
      {grouped(sets).map((set) => {
        const word = `set.${set.id}`;
        return (
          <li key={set.id}>
            <label data-testid={`authorize-set-${set.id}`}>
              <input
                type="checkbox"
                checked={on.has(set.id)}
                onChange={(event) => onTurn(set.id, event.target.checked)}
              />
              <span className="tick">
                <Icon name="check" size={14} />
              </span>
              <span className="auth-set-text">
                <b>
                  {lang === "zh" ? set.name_zh : set.name_en}
                  {set.exclusive && (
                    <Chip tone="warn" title={t("auth.exclusiveText")}>
                      {t("auth.exclusive")}
                    </Chip>
                  )}
                </b>
                {isWord(word) && <small>{t(word)}</small>}
                {set.exclusive && <small className="warn-text">{t("auth.exclusiveText")}</small>}
              </span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
