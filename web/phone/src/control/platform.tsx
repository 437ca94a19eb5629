import { useState } from "react";
import { patch, post } from "../api/client";
import type { Component } from "../api/types";
import { useAct } from "../api/use-load";
import { Button, Copy, ErrorBox, Field, Switch, TextInput } from "../ui/kit";
import { useWords } from "../words";
import { changes, splitList } from "./fields";

/** The third-party platform registered at this WeChat: what its console would let one edit. */
export function PlatformTab({ component: c, reload }: { component: Component; reload: () => void }) {
  const { t } = useWords();
  const [draft, setDraft] = useState({
    event_url: c.event_url ?? "",
    message_url_template: c.message_url_template ?? "",
    launch_host: c.launch_host ?? "",
    token: c.token,
    encoding_aes_key: c.encoding_aes_key,
    ip_whitelist: c.ip_whitelist.join("; "),
    released: c.released,
    name: c.name,
    test_list: c.test_list.join("; "),
    sets: c.sets.join(" "),
  });
  const [saved, setSaved] = useState(false);
  const [pushed, setPushed] = useState(false);
  const save = useAct();
  const ticket = useAct();
  const change = (part: Partial<typeof draft>) => {
    save.clear();
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const old = {
    ...c,
    event_url: c.event_url ?? "",
    message_url_template: c.message_url_template ?? "",
    launch_host: c.launch_host ?? "",
  };
  const body = changes(old, {
    ...draft,
    ip_whitelist: splitList(draft.ip_whitelist),
    test_list: splitList(draft.test_list),
    sets: splitList(draft.sets).map(Number),
  } as Partial<typeof old>);
  const keyWrong = !/^[A-Za-z0-9]{43}$/.test(draft.encoding_aes_key);
  const placeWrong = draft.message_url_template !== "" && !draft.message_url_template.includes("/$APPID$");
  const setsWrong = splitList(draft.sets).some((id) => !/^\d{1,3}$/.test(id));
  const why =
    Object.keys(body).length === 0
      ? t("save.nothing")
      : keyWrong
        ? t("account.keyRule")
        : setsWrong
          ? t("platform.setsWrong")
          : placeWrong
            ? t("platform.needAppid")
            : null;
  return (
    <>
      <div className="page-head">
        <h1>{t("control.platform")}</h1>
        <Button
          icon="up"
          busy={ticket.busy}
          why={c.event_url ? null : t("platform.needEventUrl")}
          data-testid="control-push-ticket"
          onClick={async () => setPushed(await ticket.act(() => post("/component/push_ticket")))}
        >
          {t("platform.pushTicket")}
        </Button>
      </div>
      <p className="lead">{t("platform.text")}</p>
      <ErrorBox error={ticket.error} onClose={ticket.clear} />
      {pushed && (
        <p className="good-text" role="status">
          {t("platform.pushed")}
        </p>
      )}
      <section className="panel">
        <dl className="keys-list">
          <div>
            <dt>component_appid</dt>
            <dd>
              <Copy text={c.appid} head={18} />
            </dd>
          </div>
          <div>
            <dt>component_appsecret</dt>
            <dd>
              <Copy text={c.appsecret} head={8} secret />
            </dd>
          </div>
        </dl>
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (why) return;
            void save.act(async () => {
              await patch("/component", body);
              setSaved(true);
              reload();
            });
          }}
        >
          <Field label={t("platform.name")}>
            {(id) => (
              <TextInput id={id} value={draft.name} onChange={(e) => change({ name: e.target.value })} />
            )}
          </Field>
          <Field label={t("platform.eventUrl")} hint={t("platform.eventUrlHint")}>
            {(id) => (
              <TextInput
                id={id}
                inputMode="url"
                value={draft.event_url}
                onChange={(e) => change({ event_url: e.target.value.trim() })}
              />
            )}
          </Field>
          <Field
            label={t("platform.messageUrl")}
            hint={t("platform.messageUrlHint", { mark: "/$APPID$" })}
            error={placeWrong ? t("platform.needAppid") : undefined}
          >
            {(id) => (
              <TextInput
                id={id}
                inputMode="url"
                value={draft.message_url_template}
                onChange={(e) => change({ message_url_template: e.target.value.trim() })}
              />
            )}
          </Field>
          <div className="form-two">
            <Field label={t("platform.launchHost")} hint={t("platform.launchHostHint")}>
              {(id) => (
                <TextInput
                  id={id}
                  value={draft.launch_host}
                  onChange={(e) => change({ launch_host: e.target.value.trim() })}
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
          </div>
          <div className="form-two">
            <Field label="Token">
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
          <Field
            label={t("platform.sets")}
            hint={t("platform.setsHint")}
            error={setsWrong ? t("platform.setsWrong") : undefined}
          >
            {(id) => (
              <TextInput
                id={id}
                className="mono"
                value={draft.sets}
                onChange={(e) => change({ sets: e.target.value })}
              />
            )}
          </Field>
          <Switch
            on={draft.released}
            onTurn={(released) => change({ released })}
            label={t("platform.released")}
            hint={t("platform.releasedHint")}
          />
          {!draft.released && (
            <Field label={t("platform.testList")} hint={t("platform.testListHint")}>
              {(id) => (
                <TextInput
                  id={id}
                  className="mono"
                  placeholder="gh_…"
                  value={draft.test_list}
                  onChange={(e) => change({ test_list: e.target.value })}
                />
              )}
            </Field>
          )}
          <ErrorBox error={save.error} onClose={save.clear} />
          <div className="form-foot">
            {saved && (
              <span className="good-text" role="status">
                {t("save.done")}
              </span>
            )}
            <Button look="primary" type="submit" busy={save.busy} why={why}>
              {t("save")}
            </Button>
          </div>
        </form>
      </section>
    </>
  );
}
