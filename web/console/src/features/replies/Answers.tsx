/** What a rule says: one or several answers, in order or one at random. */
import { Button, Segmented } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AnswerFields } from "@/answers/AnswerFields";
import { emptyAnswer } from "@/answers/empty";
import type { Account, Answer, AnswerType, RuleBody } from "@/api/types";
import { useReasons } from "@/lib/rights";
import { Icon, type IconName } from "@/ui/icons";
import { Note } from "@/ui/kit";

interface Props {
  account: Account;
  body: RuleBody;
  change: (next: (body: RuleBody) => RuleBody) => void;
  disabled: boolean;
  autoFocus: boolean;
}

const types: { type: AnswerType; icon: IconName }[] = [
  { type: "text", icon: "text" },
  { type: "image", icon: "image" },
  { type: "voice", icon: "voice" },
  { type: "video", icon: "video" },
  { type: "article", icon: "article" },
  { type: "music", icon: "music" },
  { type: "none", icon: "silence" },
];
/** One in the answer itself and five within WeChat's allowance (R3). */
const most = 6;

export function Answers({ account, body, change, disabled, autoFocus }: Props) {
  const { t } = useTranslation();
  const { whyFunction } = useReasons();
  const { answers } = body;
  const silent = answers.some((answer) => answer.type === "none");
  const noLater = whyFunction(account, "custom_message");
  const put = (next: Answer[]) => change((now) => ({ ...now, answers: next }));
  /** The one that was just added: whoever adds a picture wants to choose it. */
  const [added, setAdded] = useState<Answer | null>(null);
  const add = (type: AnswerType) => {
    // "No reply" stands alone; and it gives way when something is to be said after all.
    if (type === "none") return put([emptyAnswer("none")]);
    const kept = answers.filter(
      (answer) => answer.type !== "none" && !(answer.type === "text" && answer.text === ""),
    );
    const answer = emptyAnswer(type);
    setAdded(answer);
    put([...kept, answer]);
  };

  // A key per answer that follows it when the order changes, so that typing never jumps.
  const keys = useRef(new WeakMap<Answer, number>());
  const next = useRef(0);
  const keyOf = (answer: Answer) => {
    let key = keys.current.get(answer);
    if (key === undefined) {
      key = next.current++;
      keys.current.set(answer, key);
    }
    return key;
  };
  const replace = (index: number, answer: Answer) => {
    const old = answers[index];
    if (old) keys.current.set(answer, keyOf(old));
    put(answers.map((one, place) => (place === index ? answer : one)));
  };
  const move = (index: number, by: number) => {
    const list = [...answers];
    const [taken] = list.splice(index, 1);
    if (taken) list.splice(index + by, 0, taken);
    put(list);
  };

  return (
    <div className="field">
      <div className="row row-between row-wrap">
        <span className="field-label">{t("answers.title")}</span>
        {answers.length > 1 ? (
          <Segmented
            size="small"
            disabled={disabled}
            value={body.send}
            onChange={(send: RuleBody["send"]) => change((now) => ({ ...now, send }))}
            options={[
              { value: "all", label: t("answers.all") },
              { value: "random", label: t("answers.random") },
            ]}
          />
        ) : null}
      </div>
      <ol className="answers">
        {answers.map((answer, index) => (
          <li key={keyOf(answer)} className="answer">
            <div className="answer-head">
              <Icon name={types.find((one) => one.type === answer.type)?.icon ?? "text"} size={15} />
              <span className="grow">{t(`answers.types.${answer.type}`)}</span>
              {answers.length > 1 ? (
                <>
                  <Button
                    type="text"
                    size="small"
                    disabled={disabled || index === 0}
                    aria-label={t("replies.up")}
                    icon={<Icon name="up" size={14} />}
                    onClick={() => move(index, -1)}
                  />
                  <Button
                    type="text"
                    size="small"
                    disabled={disabled || index === answers.length - 1}
                    aria-label={t("replies.down")}
                    icon={<Icon name="down" size={14} />}
                    onClick={() => move(index, 1)}
                  />
                </>
              ) : null}
              {answers.length > 1 || answer.type !== "text" ? (
                <Button
                  type="text"
                  size="small"
                  disabled={disabled}
                  aria-label={t("answers.remove")}
                  icon={<Icon name="close" size={14} />}
                  onClick={() =>
                    put(
                      answers.length > 1
                        ? answers.filter((_, place) => place !== index)
                        : [emptyAnswer("text")],
                    )
                  }
                />
              ) : null}
            </div>
            <AnswerFields
              answer={answer}
              disabled={disabled}
              autoFocus={
                autoFocus &&
                index === answers.length - 1 &&
                (body.trigger.kind !== "keyword" || body.trigger.words.length > 0)
              }
              chooseNow={answer === added}
              onChange={(next) => replace(index, next)}
            />
          </li>
        ))}
      </ol>
      {answers.length < most ? (
        <div className="answer-add">
          {types.map(({ type, icon }) => (
            <Button
              key={type}
              size="small"
              disabled={disabled || (type === "none" && silent)}
              icon={<Icon name={icon} size={14} />}
              onClick={() => add(type)}
            >
              {t(`answers.types.${type}`)}
            </Button>
          ))}
        </div>
      ) : (
        <p className="field-more">{t("answers.most", { count: most })}</p>
      )}
      {answers.length > 1 && body.send === "all" ? (
        noLater ? (
          <Note tone="warning">
            {t("answers.later_off")} {noLater}
          </Note>
        ) : (
          <p className="field-more">
            {t(body.trigger.kind === "follow" ? "answers.later_follow" : "answers.later_message")}
          </p>
        )
      ) : null}
    </div>
  );
}
