/** How an account's broadcasts go: the administrator's word, the originality check, and what happens to the next one. */
import { useState } from "react";
import { patch } from "../api/client";
import type { Account, MassSettings as Settings } from "../api/types";
import { useAct } from "../api/use-load";
import { Button, ErrorBox, Field, Segmented, Select, Switch } from "../ui/kit";
import { useWords } from "../words";
import { changes } from "./fields";

const originalities = ["original", "reprint", "forbidden", "error"] as const;
const endings = {
  "": "mass.next.ok",
  "send fail": "mass.next.fail",
  "err(10001)": "mass.next.10001",
  "err(20013)": "mass.next.20013",
  "err(21000)": "mass.next.21000",
} as const;
const answers = {
  "0": "mass.answer.ok",
  "45065": "mass.answer.45065",
  "45066": "mass.answer.45066",
} as const;

const draftOf = (mass: Settings) => ({
  protection: mass.protection,
  protocol_agreed: mass.protocol_agreed,
  clientmsgid_bytes: mass.clientmsgid_bytes,
  originality: mass.originality,
  next_status: mass.next_status ?? "",
  next_answer: mass.next_answer ?? 0,
});

export function MassSettings({ account, reload }: { account: Account; reload: () => void }) {
  const { t } = useWords();
  const [draft, setDraft] = useState(draftOf(account.mass));
  const [saved, setSaved] = useState(false);
  const { act, busy, error, clear } = useAct();
  const change = (part: Partial<typeof draft>) => {
    clear();
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const body = changes(draftOf(account.mass), draft);
  const why = Object.keys(body).length > 0 ? null : t("save.nothing");
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (why) return;
        void act(async () => {
          await patch(`/accounts/${encodeURIComponent(account.appid)}`, { mass: body });
          setSaved(true);
          reload();
        });
      }}
    >
      <h3>{t("mass.title")}</h3>
      <Switch
        on={draft.protection}
        onTurn={(protection) => change({ protection })}
        label={t("mass.protection")}
        hint={t("mass.protectionHint")}
      />
      <Switch
        on={draft.protocol_agreed}
        onTurn={(protocol_agreed) => change({ protocol_agreed })}
        label={t("mass.protocol")}
        hint={t("mass.protocolHint")}
      />
      <div className="form-two">
        <Field label={t("mass.originality")}>
          {(id) => (
            <Select
              id={id}
              value={draft.originality}
              onPick={(originality) => change({ originality })}
              options={originalities.map((value) => ({ value, label: t(`mass.originality.${value}`) }))}
            />
          )}
        </Field>
        <div>
          <span className="label">{t("mass.idBytes")}</span>
          <Segmented
            label={t("mass.idBytes")}
            value={String(draft.clientmsgid_bytes)}
            onPick={(bytes) => change({ clientmsgid_bytes: Number(bytes) })}
            options={["64", "32"].map((value) => ({ value, label: t("mass.bytes", { n: value }) }))}
          />
        </div>
      </div>
      <div className="form-two">
        <Field label={t("mass.next")}>
          {(id) => (
            <Select
              id={id}
              value={draft.next_status}
              onPick={(next_status) => change({ next_status })}
              options={[
                ...Object.entries(endings).map(([value, word]) => ({ value, label: t(word) })),
                ...(draft.next_status in endings
                  ? []
                  : [{ value: draft.next_status, label: draft.next_status }]),
              ]}
            />
          )}
        </Field>
        <Field label={t("mass.answer")}>
          {(id) => (
            <Select
              id={id}
              value={String(draft.next_answer)}
              onPick={(code) => change({ next_answer: Number(code) })}
              options={Object.entries(answers).map(([value, word]) => ({ value, label: t(word) }))}
            />
          )}
        </Field>
      </div>
      <ErrorBox error={error} onClose={clear} />
      <div className="form-foot">
        {saved && (
          <span className="good-text" role="status">
            {t("save.done")}
          </span>
        )}
        <Button look="primary" type="submit" busy={busy} why={why} data-testid="control-save-mass">
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
