import { useState } from "react";
import { post } from "../api/client";
import type { Account } from "../api/types";
import { useAct } from "../api/use-load";
import { Button, Dialog, ErrorBox, Field, Segmented, Switch, TextInput } from "../ui/kit";
import { useWords } from "../words";
import { VerifySelect } from "./fields";

export function NewAccountDialog({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (appid: string) => void;
}) {
  const { t } = useWords();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Account["kind"]>("service");
  const [verify, setVerify] = useState(0);
  const [fans, setFans] = useState("100");
  const [open, setOpen] = useState(false);
  const { act, busy, error } = useAct();
  const n = Number(fans);
  const wrong = !name.trim()
    ? t("account.needName")
    : !Number.isInteger(n) || n < 0 || n > 10_000_000
      ? t("account.fansRange")
      : null;
  return (
    <Dialog title={t("account.new")} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong) return;
          void act(async () => {
            const made = await post<Account>("/accounts", {
              kind,
              verify_type: verify,
              nick_name: name.trim(),
              open_platform: open,
            });
            if (n > 0) await post(`/accounts/${encodeURIComponent(made.appid)}/fans`, { count: n });
            onMade(made.appid);
          });
        }}
      >
        <Field label={t("account.name")}>
          {(id) => (
            <TextInput
              id={id}
              data-first
              maxLength={30}
              data-testid="control-new-name"
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Field>
        <Segmented<Account["kind"]>
          label={t("account.kind")}
          value={kind}
          onPick={setKind}
          options={[
            { value: "service", label: t("kind.service") },
            { value: "subscription", label: t("kind.subscription") },
          ]}
        />
        <p className="field-hint">
          {kind === "service" ? t("kind.serviceText") : t("kind.subscriptionText")}
        </p>
        <Field label={t("account.verify")}>
          {(id) => <VerifySelect id={id} value={verify} onPick={setVerify} />}
        </Field>
        <Field label={t("account.firstFans")} hint={t("account.fansHint")}>
          {(id) => (
            <TextInput id={id} inputMode="numeric" value={fans} onChange={(e) => setFans(e.target.value)} />
          )}
        </Field>
        <Switch
          on={open}
          onTurn={setOpen}
          label={t("account.openPlatform")}
          hint={t("account.openPlatformHint")}
        />
        <ErrorBox error={error} />
        <div className="form-foot">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" type="submit" busy={busy} why={wrong} data-testid="control-new-save">
            {t("account.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
