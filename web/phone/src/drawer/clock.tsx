import { post } from "../api/client";
import { useLive, useNow } from "../api/live";
import { useAct } from "../api/use-load";
import { Button, ErrorBox } from "../ui/kit";
import { clockSeconds, day, span } from "../ui/time";
import { useWords } from "../words";

const steps = [
  { seconds: 60, word: "clock.minute" },
  { seconds: 3600, word: "clock.hour" },
  { seconds: 86_400, word: "clock.day" },
  { seconds: 172_800, word: "clock.twoDays" },
] as const;

/** The sandbox's clock: it runs with the real one and can be moved on, never back. */
export function ClockPanel() {
  const { t, locale } = useWords();
  const now = useNow();
  const { offset, state } = useLive();
  const { act, busy, error, clear } = useAct();
  const ahead = offset !== undefined && offset > 90_000 ? span(offset) : null;
  return (
    <section className="panel clock" aria-label={t("clock.title")}>
      <div className="clock-now">
        <h2>{t("clock.title")}</h2>
        {now === undefined ? (
          <b className="clock-big">--:--:--</b>
        ) : (
          <b className="clock-big">
            {clockSeconds(now, locale)} <small>{day(now, locale)}</small>
          </b>
        )}
        {now !== undefined && (
          <small className={ahead ? "clock-ahead" : undefined}>
            {ahead
              ? t("clock.ahead", { span: ahead.map((p) => `${p.n} ${t(`unit.${p.unit}`)}`).join(" ") })
              : t("clock.real")}
          </small>
        )}
      </div>
      <div className="clock-steps">
        {steps.map((s) => (
          <Button
            key={s.seconds}
            small
            why={busy ? t("clock.moving") : null}
            data-testid={`clock-advance-${s.seconds}`}
            onClick={() => act(() => post("/clock", { advance_seconds: s.seconds }).then(state.reload))}
          >
            {t(s.word)}
          </Button>
        ))}
      </div>
      <ErrorBox error={error} onClose={clear} />
    </section>
  );
}
