/** What a rule says: one or several answers, in order or one at random. */
import { Button, Input, Segmented } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Answer, AnswerType, RuleBody } from "@/api/types";
import { useReasons } from "@/lib/rights";
import { byteLength, textLimit } from "@/lib/text";
import { AutoText } from "@/ui/AutoText";
import { Icon, type IconName } from "@/ui/icons";
import { Note } from "@/ui/kit";
import { emptyAnswer } from "./draft";
import { MediaField } from "./MediaField";

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
  const add = (type: AnswerType) => {
    // "No reply" stands alone; and it gives way when something is to be said after all.
    if (type === "none") return put([emptyAnswer("none")]);
    const kept = answers.filter(
      (answer) => answer.type !== "none" && !(answer.type === "text" && answer.text === ""),
    );
    put([...kept, emptyAnswer(type)]);
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
          <p className="field-more">{t("answers.later")}</p>
        )
      ) : null}
    </div>
  );
}

function AnswerFields({
  answer,
  onChange,
  disabled,
  autoFocus,
}: {
  answer: Answer;
  onChange: (answer: Answer) => void;
  disabled: boolean;
  autoFocus: boolean;
}) {
  const { t } = useTranslation();
  switch (answer.type) {
    case "text": {
      const bytes = byteLength(answer.text);
      return (
        <>
          <AutoText
            value={answer.text}
            disabled={disabled}
            autoFocus={autoFocus}
            rows={3}
            placeholder={t("answers.text_hint")}
            aria-label={t("answers.types.text")}
            onChange={(event) => onChange({ ...answer, text: event.target.value })}
          />
          {bytes > textLimit * 0.8 ? (
            <p className={bytes > textLimit ? "field-more over" : "field-more"}>
              {t("answers.bytes", { used: bytes, limit: textLimit })}
            </p>
          ) : null}
        </>
      );
    }
    case "image":
      return (
        <MediaField
          kind="image"
          value={answer.media_id}
          disabled={disabled}
          onChange={(media_id) => onChange({ ...answer, media_id })}
        />
      );
    case "voice":
      return (
        <MediaField
          kind="voice"
          value={answer.media_id}
          disabled={disabled}
          onChange={(media_id) => onChange({ ...answer, media_id })}
        />
      );
    case "video":
      return (
        <div className="stack-tight">
          <MediaField
            kind="video"
            value={answer.media_id}
            disabled={disabled}
            onChange={(media_id) => onChange({ ...answer, media_id })}
          />
          <Input
            value={answer.title}
            disabled={disabled}
            placeholder={t("answers.title_optional")}
            onChange={(event) => onChange({ ...answer, title: event.target.value || undefined })}
          />
          <Input
            value={answer.description}
            disabled={disabled}
            placeholder={t("answers.description")}
            onChange={(event) => onChange({ ...answer, description: event.target.value || undefined })}
          />
        </div>
      );
    case "music":
      return (
        <div className="stack-tight">
          <Input
            value={answer.url}
            disabled={disabled}
            placeholder={t("answers.music_url")}
            onChange={(event) => onChange({ ...answer, url: event.target.value })}
          />
          <Input
            value={answer.hq_url}
            disabled={disabled}
            placeholder={t("answers.music_hq")}
            onChange={(event) => onChange({ ...answer, hq_url: event.target.value || undefined })}
          />
          <Input
            value={answer.title}
            disabled={disabled}
            placeholder={t("answers.title_optional")}
            onChange={(event) => onChange({ ...answer, title: event.target.value || undefined })}
          />
          <Input
            value={answer.description}
            disabled={disabled}
            placeholder={t("answers.description")}
            onChange={(event) => onChange({ ...answer, description: event.target.value || undefined })}
          />
          <MediaField
            kind="thumb"
            value={answer.thumb_media_id}
            disabled={disabled}
            onChange={(thumb_media_id) => onChange({ ...answer, thumb_media_id })}
          />
        </div>
      );
    case "article":
      return (
        <div className="stack-tight">
          <Input
            value={answer.title}
            disabled={disabled}
            autoFocus={autoFocus}
            placeholder={t("answers.article_title")}
            onChange={(event) => onChange({ ...answer, title: event.target.value })}
          />
          <AutoText
            value={answer.description}
            disabled={disabled}
            rows={2}
            placeholder={t("answers.description")}
            onChange={(event) => onChange({ ...answer, description: event.target.value || undefined })}
          />
          <Input
            value={answer.url}
            disabled={disabled}
            placeholder={t("answers.article_url")}
            onChange={(event) => onChange({ ...answer, url: event.target.value })}
          />
          <Input
            value={answer.picture_url}
            disabled={disabled}
            placeholder={t("answers.picture_url")}
            onChange={(event) => onChange({ ...answer, picture_url: event.target.value || undefined })}
          />
        </div>
      );
    case "none":
      return <p className="field-more">{t("answers.none_more")}</p>;
  }
}
