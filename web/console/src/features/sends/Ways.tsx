/** What keeps messages back: the pause after a restored backup (P10), and ways that are closed for an account (P7). */
import { useSearch } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts, useMe } from "@/api/queries";
import type { Gate, Sending } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { exactTime } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { AccountName, Bars, Because, Card, Empty, Facts, Note, Trouble, When } from "@/ui/kit";
import { TypedName } from "@/ui/TypedName";
import { useOpenGate, useResume } from "./api";
import { useSendWords } from "./words";

export function Ways({ sending }: { sending: Sending | undefined }) {
  const { t } = useTranslation();
  const { account } = useSearch({ from: "/signed-in/sends" });
  if (!sending) {
    return (
      <Card>
        <Bars rows={3} height={60} />
      </Card>
    );
  }
  const gates = sending.gates.filter((gate) => !account || gate.account_id === account);
  return (
    <div className="stack">
      {sending.pause ? <Pause pause={sending.pause} /> : null}
      {gates.map((gate) => (
        <One key={`${gate.account_id}-${gate.service}`} gate={gate} />
      ))}
      {gates.length === 0 && !sending.pause ? (
        <div className="card">
          <Empty drawing="done">{t("sends.all_open")}</Empty>
        </div>
      ) : null}
      {sending.counts_checked ? <Compared checked={sending.counts_checked} /> : null}
    </div>
  );
}

/** That the counts were compared with what was accepted, and what came of it (P3). */
function Compared({ checked }: { checked: NonNullable<Sending["counts_checked"]> }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  return (
    <p className="soft small">
      {t("sends.counts_checked", {
        campaigns: count(checked.campaigns, language),
        broadcasts: count(checked.broadcasts, language),
      })}{" "}
      {checked.faults === 0
        ? t("sends.counts_right")
        : t("sends.counts_off", { faults: count(checked.faults, language) })}
      {" · "}
      <When at={checked.checked_at} />
    </p>
  );
}

function Pause({ pause }: { pause: NonNullable<Sending["pause"]> }) {
  const { t } = useTranslation();
  const notAllowed = useNotAllowed("accounts:write");
  const [asking, setAsking] = useState(false);
  return (
    <Card title={t("paused.lead")}>
      <div className="stack">
        <Note tone="error">{t("sends.paused_more")}</Note>
        <Facts
          items={[
            [t("sends.since"), <When key="s" at={pause.paused_at} />],
            ...(pause.evidence ? ([[t("sends.evidence"), pause.evidence]] as [string, string][]) : []),
          ]}
        />
        <div className="row">
          <Because reason={notAllowed}>
            <Button type="primary" disabled={!!notAllowed} onClick={() => setAsking(true)}>
              {t("sends.go_on")}
            </Button>
          </Because>
        </div>
      </div>
      {asking ? <GoOn onClose={() => setAsking(false)} /> : null}
    </Card>
  );
}

function GoOn({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const resume = useResume();
  const [typed, setTyped] = useState("");
  return (
    <Modal
      open
      title={t("sends.go_on")}
      onCancel={onClose}
      okText={t("sends.go_on")}
      cancelText={t("app.cancel")}
      okButtonProps={{ disabled: typed.trim() !== me.tenant.name, loading: resume.isPending }}
      onOk={() => resume.mutate(undefined, { onSuccess: onClose })}
    >
      <div className="stack">
        <p>{t("sends.go_on_more")}</p>
        <TypedName name={me.tenant.name} value={typed} onChange={setTyped} />
        {resume.error ? <Trouble error={resume.error} /> : null}
      </div>
    </Modal>
  );
}

function One({ gate }: { gate: Gate }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const accounts = useAccounts();
  const notAllowed = useNotAllowed("accounts:write");
  const { closed, code } = useSendWords();
  const open = useOpenGate();
  const account = accounts.find((one) => one.id === gate.account_id);
  return (
    <section
      className="card gate"
      aria-label={`${account?.nick_name ?? ""} ${t(`services.${gate.service}`)}`}
    >
      <div className="row row-between row-wrap">
        <span className="row">
          <Icon name="lock" size={16} />
          <strong>{t(`services.${gate.service}`)}</strong>
          <AccountName account={account} />
        </span>
        <Because reason={notAllowed}>
          <Button disabled={!!notAllowed} loading={open.isPending} onClick={() => open.mutate(gate)}>
            {t("sends.open_now")}
          </Button>
        </Because>
      </div>
      <p>{closed(gate)}</p>
      <Facts
        items={[
          [t("sends.since"), <When key="c" at={gate.closed_at} />],
          [
            t("sends.until"),
            gate.opens_at === null ? t("sends.until_person") : exactTime(gate.opens_at, language, zone),
          ],
          ...(gate.errcode !== null
            ? ([[t("sends.errcode"), code(gate.errcode)]] as [string, string][])
            : []),
          ...(gate.evidence ? ([[t("sends.evidence"), gate.evidence]] as [string, string][]) : []),
        ]}
      />
      <p className="soft small">{gate.opens_at === null ? t("sends.open_person") : t("sends.open_more")}</p>
      {open.error ? <Trouble error={open.error} /> : null}
    </section>
  );
}
