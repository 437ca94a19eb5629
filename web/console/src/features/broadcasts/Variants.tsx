/** The variants against each other, and who won. */
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Broadcast } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { count } from "@/lib/text";
import { Badge, Because, When } from "@/ui/kit";
import { useWinner } from "./api";
import { Measured } from "./Measured";
import { letterOf } from "./shape";
import { contentWords } from "./words";

export function Variants({
  broadcast,
  shown,
  onShow,
  notAllowed,
}: {
  broadcast: Broadcast;
  shown: number;
  onShow: (variant: number) => void;
  notAllowed: string | null;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { modal, message } = App.useApp();
  const winner = useWinner(broadcast.id);
  const { parts = [], test, variants, decide_at } = broadcast;
  const sent = (variant: number) =>
    parts
      .filter((part) => part.variant === variant && part.resent_as === null)
      .reduce((total, part) => total + (part.sent ?? 0), 0);
  const score = (variant: number) => (test ? (variants?.[variant]?.[test.by] ?? null) : null);
  const open = broadcast.winner === null && broadcast.state === "testing";
  const decide = (variant: number) =>
    modal.confirm({
      title: t("broadcasts.winner_ask", { letter: letterOf(variant) }),
      content: t("broadcasts.winner_more"),
      okText: t("broadcasts.winner_send", { letter: letterOf(variant) }),
      cancelText: t("app.cancel"),
      onOk: () =>
        winner.mutateAsync(variant).catch((error: unknown) => void message.error(problemText(error))),
    });
  return (
    <div className="stack-tight">
      <ul className="bc-versus">
        {broadcast.contents.map((content, n) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place
            key={n}
            className={n === broadcast.winner ? "bc-versus-one won" : "bc-versus-one"}
          >
            <b className={`bc-letter try-${n}`}>{letterOf(n)}</b>
            <button type="button" className="plain grow" aria-pressed={n === shown} onClick={() => onShow(n)}>
              <span className="bc-versus-words">{contentWords(t, content)}</span>
              <small className="soft">
                {t("broadcasts.versus", {
                  fans: count(variants?.[n]?.fans ?? 0, language),
                  sent: count(sent(n), language),
                })}
              </small>
            </button>
            {test && score(n) !== null ? (
              <span className="bc-score">
                <strong className="num">{count(score(n) ?? 0, language)}</strong>
                <small className="soft">{t(`broadcasts.test_bys.${test.by}`)}</small>
              </span>
            ) : null}
            {n === broadcast.winner ? <Badge tone="ok">{t("broadcasts.won")}</Badge> : null}
            {open ? (
              <Because reason={notAllowed}>
                <Button size="small" disabled={!!notAllowed} onClick={() => decide(n)}>
                  {t("broadcasts.winner")}
                </Button>
              </Because>
            ) : null}
          </li>
        ))}
      </ul>
      <Measured broadcast={broadcast} />
      {open && test ? (
        <p className="field-more">
          {t("broadcasts.winner_when", { by: t(`broadcasts.test_bys.${test.by}`) })} <When at={decide_at} />
        </p>
      ) : null}
    </div>
  );
}
