/**
 * The phone beside the form. It shows the draft as a fan would see it, and answers what is typed into it
 * by asking the hub which rule would speak, with the draft counted as if it were live (D9).
 */
import { Button, Dropdown, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Rule, RuleBody, TestBody, TestResult } from "@/api/types";
import { problemText } from "@/lib/problems";
import { Icon, type IconName } from "@/ui/icons";
import { Face } from "@/ui/kit";
import { AnswerBubble, Bubble, Phone, ScreenLine } from "@/ui/Phone";
import { useTry } from "./api";
import { problemOf } from "./draft";

interface Trial {
  key: number;
  said: { kind: TestBody["kind"]; text?: string; returning?: boolean };
  result: TestResult | null;
  error: unknown;
}

const kinds: { kind: TestBody["kind"]; icon: IconName }[] = [
  { kind: "follow", icon: "follow" },
  { kind: "image", icon: "image" },
  { kind: "voice", icon: "voice" },
  { kind: "video", icon: "video" },
  { kind: "location", icon: "location" },
  { kind: "link", icon: "link" },
];

export function Bench({ account, rule, body }: { account: Account; rule: Rule | null; body: RuleBody }) {
  const { t } = useTranslation();
  const [trials, setTrials] = useState<Trial[]>([]);
  const [text, setText] = useState("");
  const next = useRef(0);
  const end = useRef<HTMLDivElement>(null);
  const ask = useTry(account.id);
  const face = <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={30} square />;
  useEffect(() => {
    const screen = end.current?.closest(".phone-screen");
    if (trials.length > 0 && screen) screen.scrollTop = screen.scrollHeight;
  }, [trials]);

  const say = (said: Trial["said"]) => {
    const key = next.current++;
    setTrials((list) => [...list.slice(-11), { key, said, result: null, error: null }]);
    const answer = (part: Partial<Trial>) =>
      setTrials((list) => list.map((trial) => (trial.key === key ? { ...trial, ...part } : trial)));
    ask.mutate(
      {
        ...said,
        ...(problemOf(body) === null
          ? { draft: { ...body, enabled: rule?.enabled ?? true }, draft_of: rule?.id }
          : {}),
      },
      { onSuccess: (result) => answer({ result }), onError: (error) => answer({ error }) },
    );
  };

  return (
    <div className="bench">
      <Phone
        title={account.nick_name}
        foot={
          <form
            className="bench-foot"
            onSubmit={(event) => {
              event.preventDefault();
              if (text.trim() === "") return;
              say({ kind: "text", text: text.trim() });
              setText("");
            }}
          >
            <Dropdown
              trigger={["click"]}
              placement="topLeft"
              menu={{
                onClick: ({ key }) =>
                  say(
                    key === "returning"
                      ? { kind: "follow", returning: true }
                      : { kind: key as TestBody["kind"], returning: key === "follow" ? false : undefined },
                  ),
                items: [
                  ...kinds.map(({ kind, icon }) => ({
                    key: kind,
                    icon: <Icon name={icon} />,
                    label:
                      kind === "follow"
                        ? t("bench.follow")
                        : t("bench.send", { what: t(`messages.${kind}`) }),
                  })),
                  { key: "returning", icon: <Icon name="follow" />, label: t("bench.follow_again") },
                ],
              }}
            >
              <Button type="text" aria-label={t("bench.other")} icon={<Icon name="plus" />} />
            </Dropdown>
            <Input
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={t("bench.hint")}
              aria-label={t("bench.hint")}
              maxLength={600}
            />
            <Button type="text" htmlType="submit" aria-label={t("bench.try")} icon={<Icon name="send" />} />
          </form>
        }
      >
        <ScreenLine>{t("bench.preview")}</ScreenLine>
        <Preview body={body} face={face} />
        {trials.length > 0 ? (
          <div className="bench-rule">
            <span>{t(problemOf(body) === null ? "bench.tried" : "bench.tried_live")}</span>
            <button type="button" className="plain text-link" onClick={() => setTrials([])}>
              {t("bench.clear")}
            </button>
          </div>
        ) : null}
        {trials.map((trial) => (
          <TrialLines key={trial.key} trial={trial} face={face} />
        ))}
        <div ref={end} />
      </Phone>
    </div>
  );
}

function Preview({ body, face }: { body: RuleBody; face: React.ReactNode }) {
  const { t } = useTranslation();
  const { trigger } = body;
  const opening =
    trigger.kind === "follow" ? (
      <ScreenLine>{t(trigger.follow === "returning" ? "bench.followed_again" : "bench.followed")}</ScreenLine>
    ) : trigger.kind === "keyword" ? (
      <Bubble mine>{trigger.words[0] ?? <span className="dim">{t("bench.some_word")}</span>}</Bubble>
    ) : (
      <Bubble mine>
        {trigger.message_kinds[0] && trigger.message_kinds[0] !== "text"
          ? `[${t(`messages.${trigger.message_kinds[0]}`)}]`
          : t("bench.anything")}
      </Bubble>
    );
  return (
    <>
      {opening}
      {body.answers.map((answer, index) => (
        <AnswerBubble
          // biome-ignore lint/suspicious/noArrayIndexKey: a picture of the list, nothing lives in it
          key={index}
          answer={answer}
          face={face}
          note={
            body.send === "random" && body.answers.length > 1
              ? t("bench.one_of", { n: index + 1, total: body.answers.length })
              : null
          }
        />
      ))}
    </>
  );
}

function TrialLines({ trial, face }: { trial: Trial; face: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const { said, result, error } = trial;
  const why = (code: string) => (i18n.exists(`why.${code}`) ? t(`why.${code}` as "why.disabled") : code);
  return (
    <>
      {said.kind === "follow" ? (
        <ScreenLine>{t(said.returning ? "bench.followed_again" : "bench.followed")}</ScreenLine>
      ) : (
        <Bubble mine>{said.kind === "text" ? said.text : `[${t(`messages.${said.kind}`)}]`}</Bubble>
      )}
      {error ? <ScreenLine>{problemText(error)}</ScreenLine> : null}
      {!result && !error ? <ScreenLine>…</ScreenLine> : null}
      {result ? (
        <>
          {result.passive ? <AnswerBubble answer={result.passive} face={face} /> : null}
          {result.later.map((answer, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed answer of the hub
            <AnswerBubble key={index} answer={answer} face={face} note={t("bench.later")} />
          ))}
          <div className="verdict">
            <button type="button" className="plain" onClick={() => setOpen(!open)} aria-expanded={open}>
              <Icon name={result.rule ? "check" : "silence"} size={13} />
              <span>{result.rule ? t("bench.hit", { name: result.rule.name }) : t("bench.miss")}</span>
              <Icon name={open ? "up" : "down"} size={12} />
            </button>
            {result.note ? (
              <div>
                {i18n.exists(`notes.${result.note}`)
                  ? t(`notes.${result.note}` as "notes.no_reply")
                  : result.note}
              </div>
            ) : null}
            {open ? (
              <ol>
                {result.considered.map((one, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a fixed answer of the hub
                  <li key={index} className={one.matched ? "matched" : ""}>
                    <strong>{one.rule_id === null ? t("bench.this") : one.name}</strong> {why(one.why)}
                    {one.word ? ` “${one.word}”` : ""}
                  </li>
                ))}
                {result.considered.length === 0 ? <li>{t("bench.no_rules")}</li> : null}
              </ol>
            ) : null}
          </div>
        </>
      ) : null}
    </>
  );
}
