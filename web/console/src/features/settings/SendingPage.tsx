/** When the company says nothing unasked, and how often at most (E15). */
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, InputNumber, Switch } from "antd";
import { useState } from "react";
import { Trans, useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { ReachSettings } from "@/api/types";
import { useNotAllowed } from "@/lib/rights";
import { Bars, Because, Card, Note, Trouble } from "@/ui/kit";
import { reachSettingsQuery, useChangeReachSettings } from "./api";

const night = { from: 22 * 60, until: 8 * 60, service_too: false };
const weekly = { messages: 3, days: 7 };
const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const minutes = (text: string) => {
  const [hours = "", rest = ""] = text.split(":");
  return text === "" ? null : Number(hours) * 60 + Number(rest);
};

export default function SendingPage() {
  const query = useQuery(reachSettingsQuery);
  const { t } = useTranslation();
  if (query.data) return <Fields settings={query.data} />;
  return (
    <Card title={t("settings.sending")}>
      {query.error ? (
        <Trouble error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Bars rows={4} height={44} />
      )}
    </Card>
  );
}

function Fields({ settings }: { settings: ReachSettings }) {
  const { t } = useTranslation();
  const me = useMe();
  const notAllowed = useNotAllowed("accounts:write");
  const change = useChangeReachSettings();
  const [draft, setDraft] = useState(settings);
  const off = !!notAllowed;
  const { quiet_hours: quiet, frequency_cap: cap } = draft;
  const set = (part: Partial<ReachSettings>) => {
    change.reset();
    setDraft((now) => ({ ...now, ...part }));
  };
  const empty = quiet !== null && quiet.from === quiet.until;
  const same = JSON.stringify(draft) === JSON.stringify(settings);
  const why = notAllowed ?? (empty ? t("sending.empty") : null);
  return (
    <div className="stack">
      <Note>{t("sending.answers")}</Note>
      <Card
        title={t("sending.quiet")}
        extra={
          <Because reason={notAllowed}>
            <Switch
              aria-label={t("sending.quiet")}
              disabled={off}
              checked={quiet !== null}
              onChange={(on) => set({ quiet_hours: on ? night : null })}
            />
          </Because>
        }
      >
        <div className="stack">
          <p className="soft small">{t("sending.quiet_more", { zone: me.tenant.time_zone })}</p>
          {quiet ? (
            <>
              <div className="row row-wrap">
                {(["from", "until"] as const).map((side) => (
                  <span key={side} className="row">
                    <label htmlFor={`sending-${side}`}>{t(`sending.${side}`)}</label>
                    <Input
                      id={`sending-${side}`}
                      type="time"
                      className="sending-time"
                      required
                      disabled={off}
                      value={clock(quiet[side])}
                      status={empty ? "error" : undefined}
                      onChange={(event) => {
                        const at = minutes(event.target.value);
                        if (at !== null) set({ quiet_hours: { ...quiet, [side]: at } });
                      }}
                    />
                  </span>
                ))}
                {quiet.from > quiet.until ? (
                  <span className="soft small">{t("sending.next_day")}</span>
                ) : null}
              </div>
              <Checkbox
                disabled={off}
                checked={quiet.service_too}
                onChange={(event) => set({ quiet_hours: { ...quiet, service_too: event.target.checked } })}
              >
                {t("sending.service_too")}
              </Checkbox>
            </>
          ) : null}
        </div>
      </Card>
      <Card
        title={t("sending.cap")}
        extra={
          <Because reason={notAllowed}>
            <Switch
              aria-label={t("sending.cap")}
              disabled={off}
              checked={cap !== null}
              onChange={(on) => set({ frequency_cap: on ? weekly : null })}
            />
          </Because>
        }
      >
        <div className="stack">
          <p className="soft small">{t("sending.cap_more")}</p>
          {cap ? (
            <div className="row row-wrap">
              <Trans
                i18nKey="sending.at_most"
                components={{
                  n: (
                    <InputNumber
                      aria-label={t("sending.messages")}
                      min={1}
                      max={100}
                      precision={0}
                      disabled={off}
                      value={cap.messages}
                      onChange={(n) => n && set({ frequency_cap: { ...cap, messages: n } })}
                    />
                  ),
                  d: (
                    <InputNumber
                      aria-label={t("sending.days")}
                      min={1}
                      max={90}
                      precision={0}
                      disabled={off}
                      value={cap.days}
                      onChange={(n) => n && set({ frequency_cap: { ...cap, days: n } })}
                    />
                  ),
                }}
              />
            </div>
          ) : null}
        </div>
      </Card>
      {change.error ? <Trouble error={change.error} /> : null}
      <div className="row">
        <Because reason={why}>
          <Button
            type="primary"
            disabled={!!why || same}
            loading={change.isPending}
            onClick={() => change.mutate(draft)}
          >
            {t("app.save")}
          </Button>
        </Because>
        {change.isSuccess && same ? <span className="soft small">{t("app.saved")}</span> : null}
      </div>
    </div>
  );
}
