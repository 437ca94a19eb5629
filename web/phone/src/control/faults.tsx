import { useState } from "react";
import { get, post, remove } from "../api/client";
import { useEvents } from "../api/live";
import type { Account, Fault, FaultKind, List, PushSettings } from "../api/types";
import { useAct, useLoad } from "../api/use-load";
import { Button, Empty, ErrorBox, Field, IconButton, Select, Skeleton, TextInput } from "../ui/kit";
import { isWord, useWords } from "../words";
import { type FaultDraft, faultBody, faultKinds, isPushFault, needs } from "./fault-draft";
import { PushRule } from "./push-rule";

export function FaultsTab({
  accounts,
  push,
  reload,
}: {
  accounts: Account[];
  push: PushSettings;
  reload: () => void;
}) {
  const { t } = useWords();
  const faults = useLoad("faults", (signal) => get<List<Fault>>("/faults", signal));
  useEvents((event) => {
    if (event.type === "open") faults.reload();
  });
  const { act, busy, error, clear } = useAct();
  const items = faults.value?.items ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{t("control.faults")}</h1>
        <Button
          look="danger"
          icon="trash"
          busy={busy}
          why={items.length ? null : t("fault.none")}
          onClick={() => act(() => remove("/faults").then(faults.reload))}
        >
          {t("fault.removeAll")}
        </Button>
      </div>
      <p className="lead">{t("fault.text")}</p>
      <div className="split">
        <NewFault accounts={accounts} onMade={faults.reload} />
        <section>
          <ErrorBox
            error={error ?? faults.error}
            onRetry={error ? undefined : faults.reload}
            onClose={error ? clear : undefined}
          />
          {!faults.value && faults.loading && <Skeleton rows={3} height={64} />}
          {faults.value && items.length === 0 && <Empty icon="check" text={t("fault.none")} />}
          <ul className="plain-list">
            {items.map((f) => (
              <li key={String(f.id)} className="panel fault" data-testid="control-fault">
                <div>
                  <b>{describe(f, t)}</b>
                  <br />
                  <small className="mono quiet">
                    {f.where?.path || (isPushFault(f.what.kind) ? t("fault.everyPush") : t("fault.anyPath"))}
                  </small>
                  <br />
                  <small className="quiet">
                    {[
                      f.where?.appid
                        ? (accounts.find((a) => a.appid === f.where?.appid)?.nick_name ?? f.where.appid)
                        : t("fault.anyAccount"),
                      f.times ? t("fault.timesLeft", { n: f.left ?? f.times }) : t("fault.always"),
                      f.probability !== null && f.probability !== undefined && f.probability < 1
                        ? t("fault.chance", { n: Math.round(f.probability * 100) })
                        : null,
                      f.hits ? t("fault.hits", { n: f.hits }) : null,
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </small>
                </div>
                <IconButton
                  icon="trash"
                  label={t("fault.remove")}
                  onClick={() =>
                    act(() => remove(`/faults/${encodeURIComponent(String(f.id))}`).then(faults.reload))
                  }
                />
              </li>
            ))}
          </ul>
          <PushRule push={push} reload={reload} />
        </section>
      </div>
    </>
  );
}

function describe(f: Fault, t: ReturnType<typeof useWords>["t"]): string {
  const word = `fault.kind.${f.what.kind}`;
  const name = isWord(word) ? t(word) : f.what.kind;
  const figures = [
    f.what.ms ? `${f.what.ms} ms` : null,
    f.what.errcode ? String(f.what.errcode) : null,
    f.what.status ? String(f.what.status) : null,
  ].filter(Boolean);
  return figures.length ? `${name} · ${figures.join(" · ")}` : name;
}

const usualPaths = [
  "/cgi-bin/message/custom/send",
  "/cgi-bin/token",
  "/cgi-bin/stable_token",
  "/cgi-bin/component/api_component_token",
  "/cgi-bin/component/api_authorizer_token",
  "/cgi-bin/user/get",
  "/cgi-bin/user/info/batchget",
  "/cgi-bin/message/mass/sendall",
  "/cgi-bin/message/mass/send",
  "/cgi-bin/message/template/send",
  "/cgi-bin/menu/create",
  "/cgi-bin/qrcode/create",
  "/cgi-bin/media/upload",
  "/cgi-bin/tags/members/batchtagging",
];

const usualPushes = [
  "text",
  "image",
  "voice",
  "location",
  "subscribe",
  "unsubscribe",
  "SCAN",
  "CLICK",
  "VIEW",
  "component_verify_ticket",
  "authorized",
  "unauthorized",
];

function NewFault({ accounts, onMade }: { accounts: Account[]; onMade: () => void }) {
  const { t } = useWords();
  const [draft, setDraft] = useState<FaultDraft>({
    kind: "errcode",
    path: "",
    appid: "",
    errcode: "-1",
    ms: "6000",
    status: "503",
    times: "1",
    percent: "100",
  });
  const { act, busy, error, clear } = useAct();
  const change = (part: Partial<FaultDraft>) => {
    clear();
    setDraft({ ...draft, ...part });
  };
  const push = isPushFault(draft.kind);
  const body = faultBody(draft);
  return (
    <form
      className="panel form"
      onSubmit={(event) => {
        event.preventDefault();
        if (body) void act(() => post("/faults", body).then(onMade));
      }}
    >
      <h2>{t("fault.new")}</h2>
      <Field label={t("fault.kind")}>
        {(id) => (
          <Select<FaultKind>
            id={id}
            data-testid="control-fault-kind"
            value={draft.kind}
            onPick={(kind) => change(isPushFault(kind) === push ? { kind } : { kind, path: "" })}
            options={faultKinds.map((value) => ({ value, label: t(`fault.kind.${value}`) }))}
          />
        )}
      </Field>
      {needs(draft.kind, "errcode") && (
        <Field label="errcode" hint={t("fault.errcodeHint")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.errcode}
              onChange={(e) => change({ errcode: e.target.value })}
            />
          )}
        </Field>
      )}
      {needs(draft.kind, "ms") && (
        <Field label={t("fault.ms")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.ms}
              onChange={(e) => change({ ms: e.target.value })}
            />
          )}
        </Field>
      )}
      {needs(draft.kind, "status") && (
        <Field label={t("fault.status")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.status}
              onChange={(e) => change({ status: e.target.value })}
            />
          )}
        </Field>
      )}
      <Field
        label={push ? t("fault.what") : t("fault.path")}
        hint={push ? t("fault.whatHint") : t("fault.pathHint")}
      >
        {(id) => (
          <>
            <TextInput
              id={id}
              className="mono"
              list="paths"
              data-testid="control-fault-path"
              placeholder={push ? t("fault.everyPush") : t("fault.anyPath")}
              value={draft.path}
              onChange={(e) => change({ path: e.target.value })}
            />
            <datalist id="paths">
              {(push ? usualPushes : usualPaths).map((p) => (
                <option key={p} value={p} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={t("fault.account")}>
        {(id) => (
          <Select
            id={id}
            value={draft.appid}
            onPick={(appid) => change({ appid })}
            options={[
              { value: "", label: t("fault.anyAccount") },
              ...accounts.map((a) => ({ value: a.appid, label: a.nick_name })),
            ]}
          />
        )}
      </Field>
      <div className="form-two">
        <Field label={t("fault.times")} hint={t("fault.timesHint")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.times}
              onChange={(e) => change({ times: e.target.value })}
            />
          )}
        </Field>
        <Field label={t("fault.percent")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.percent}
              onChange={(e) => change({ percent: e.target.value })}
            />
          )}
        </Field>
      </div>
      <ErrorBox error={error} onClose={clear} />
      <div className="form-foot">
        <Button
          look="primary"
          type="submit"
          busy={busy}
          why={body ? null : t("fault.wrong")}
          data-testid="control-fault-save"
        >
          {t("fault.make")}
        </Button>
      </div>
    </form>
  );
}
