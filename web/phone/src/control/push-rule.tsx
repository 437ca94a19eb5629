import { useState } from "react";
import { patch } from "../api/client";
import type { PushSettings } from "../api/types";
import { useAct } from "../api/use-load";
import { Button, ErrorBox, Field, TextInput } from "../ui/kit";
import { useWords } from "../words";

const within = (text: string, least: number, most: number) =>
  /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;

/** How long WeChat waits for an answer and how often it tries again. */
export function PushRule({ push, reload }: { push: PushSettings; reload: () => void }) {
  const { t } = useWords();
  const [draft, setDraft] = useState({
    timeout_ms: String(push.timeout_ms),
    attempts: String(push.attempts),
    pause_ms: String(push.pause_ms),
  });
  const [saved, setSaved] = useState(false);
  const { act, busy, error, clear } = useAct();
  const change = (part: Partial<typeof draft>) => {
    clear();
    setSaved(false);
    setDraft({ ...draft, ...part });
  };
  const right =
    within(draft.timeout_ms, 100, 60_000) &&
    within(draft.attempts, 1, 10) &&
    within(draft.pause_ms, 0, 60_000);
  const body: PushSettings = {
    timeout_ms: Number(draft.timeout_ms),
    attempts: Number(draft.attempts),
    pause_ms: Number(draft.pause_ms),
  };
  const same =
    body.timeout_ms === push.timeout_ms && body.attempts === push.attempts && body.pause_ms === push.pause_ms;
  return (
    <form
      className="panel form push-rule"
      onSubmit={(event) => {
        event.preventDefault();
        if (!right || same) return;
        void act(async () => {
          await patch("/push", body);
          setSaved(true);
          reload();
        });
      }}
    >
      <h2>{t("push.title")}</h2>
      <p className="field-hint">{t("push.text")}</p>
      <div className="form-three">
        <Field label={t("push.timeout")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.timeout_ms}
              onChange={(e) => change({ timeout_ms: e.target.value })}
            />
          )}
        </Field>
        <Field label={t("push.attempts")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.attempts}
              onChange={(e) => change({ attempts: e.target.value })}
            />
          )}
        </Field>
        <Field label={t("push.pause")}>
          {(id) => (
            <TextInput
              id={id}
              inputMode="numeric"
              value={draft.pause_ms}
              onChange={(e) => change({ pause_ms: e.target.value })}
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
        <Button
          look="primary"
          type="submit"
          busy={busy}
          why={!right ? t("push.wrong") : same ? t("save.nothing") : null}
        >
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
