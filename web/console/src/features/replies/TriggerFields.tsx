/** When a rule speaks: on follow, on words (with conflicts while typing), or when nothing else did. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Checkbox, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import type { Account, Conflict, MessageKind, Rule, RuleBody, Trigger } from "@/api/types";
import { useDebounced } from "@/lib/hooks";
import { fieldText } from "@/lib/problems";
import { splitWords } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { conflictsQuery } from "./api";

interface Props {
  account: Account;
  rule: Rule | null;
  body: RuleBody;
  change: (next: (body: RuleBody) => RuleBody) => void;
  disabled: boolean;
}

const kinds: MessageKind[] = ["text", "image", "voice", "video", "location", "link"];
const waits = [0, 600, 3600, 21_600, 86_400];

export function TriggerFields({ account, rule, body, change, disabled }: Props) {
  const { t } = useTranslation();
  const { trigger } = body;
  const set = (part: Partial<Trigger>) => change((now) => ({ ...now, trigger: { ...now.trigger, ...part } }));

  if (trigger.kind === "follow") {
    return (
      <div className="field">
        <span className="field-label">{t("trigger.who")}</span>
        <Segmented
          disabled={disabled}
          value={trigger.follow ?? "any"}
          onChange={(follow) => set({ follow })}
          options={(["any", "first", "returning"] as const).map((value) => ({
            value,
            label: t(`replies.follow.${value}`),
          }))}
        />
      </div>
    );
  }
  if (trigger.kind === "default") {
    return (
      <>
        <div className="field">
          <span className="field-label">{t("trigger.for_kinds")}</span>
          <Checkbox.Group
            disabled={disabled}
            value={trigger.message_kinds.length === 0 ? kinds : trigger.message_kinds}
            onChange={(chosen) =>
              set({ message_kinds: chosen.length === kinds.length ? [] : (chosen as MessageKind[]) })
            }
            options={kinds.map((kind) => ({ value: kind, label: t(`messages.${kind}`) }))}
          />
        </div>
        <div className="field">
          <label className="field-label" htmlFor="once">
            {t("trigger.at_most")}
          </label>
          <Select
            id="once"
            className="field-narrow"
            disabled={disabled}
            value={body.once_per_seconds ?? 0}
            onChange={(value) => change((now) => ({ ...now, once_per_seconds: value === 0 ? null : value }))}
            options={[...new Set([...waits, body.once_per_seconds ?? 0])].map((value) => ({
              value,
              label: waits.includes(value)
                ? t(`trigger.once.s${value as 600}`)
                : t("trigger.once_seconds", { count: value }),
            }))}
          />
        </div>
      </>
    );
  }
  return <Words account={account} rule={rule} trigger={trigger} set={set} disabled={disabled} />;
}

function Words({
  account,
  rule,
  trigger,
  set,
  disabled,
}: {
  account: Account;
  rule: Rule | null;
  trigger: Trigger;
  set: (part: Partial<Trigger>) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [typing, setTyping] = useState("");
  const regex = trigger.match === "regex";
  // What is being typed counts too, so that a clash shows before Enter.
  const pending = regex ? typing.trim() : (splitWords(typing)[0] ?? "");
  const asked = useDebounced(
    pending && !trigger.words.includes(pending)
      ? { ...trigger, words: [...trigger.words, pending] }
      : trigger,
    350,
  );
  const conflicts = useQuery({
    ...conflictsQuery(account.id, rule?.id, asked),
    enabled: asked.words.length > 0 && !disabled,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const take = (text: string) => {
    const words = regex ? [text.trim()].filter(Boolean) : splitWords(text);
    if (words.length > 0) set({ words: [...new Set([...trigger.words, ...words])] });
    setTyping("");
  };

  return (
    <div className="field">
      <div className="row row-between row-wrap">
        <label className="field-label" htmlFor="words">
          {regex ? t("trigger.patterns") : t("trigger.words")}
        </label>
        <Segmented
          size="small"
          disabled={disabled}
          value={trigger.match ?? "contains"}
          onChange={(match) => set({ match })}
          options={(["contains", "exact", "all", "regex"] as const).map((value) => ({
            value,
            label: t(`trigger.match.${value}`),
          }))}
        />
      </div>
      <Select
        id="words"
        mode="tags"
        className="full"
        open={false}
        suffixIcon={null}
        disabled={disabled}
        autoFocus={!rule && trigger.words.length === 0}
        value={trigger.words}
        placeholder={t(regex ? "trigger.patterns_hint" : "trigger.words_hint")}
        tokenSeparators={regex ? [] : [",", "，", "、", ";", "；", "\n"]}
        showSearch={{ searchValue: typing, onSearch: setTyping }}
        onChange={(words: string[]) => {
          set({
            words: regex ? words.map((word) => word.trim()).filter(Boolean) : splitWords(words.join("\n")),
          });
          setTyping("");
        }}
        onBlur={() => take(typing)}
      />
      <p className="field-more">{t(`trigger.match_more.${trigger.match ?? "contains"}`)}</p>
      {conflicts.error instanceof ApiError && conflicts.error.fields.length > 0 ? (
        <ul className="conflicts" aria-live="polite">
          {conflicts.error.fields.map((problem) => (
            <li key={problem.field} className="clash">
              <Icon name="alert" size={14} />
              <span>
                {asked.words[Number(/\[(\d+)\]/.exec(problem.field)?.[1] ?? -1)] ?? ""} {fieldText(problem)}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {!conflicts.error && asked.words.length > 0 && conflicts.data && conflicts.data.length > 0 ? (
        <ul className="conflicts" aria-live="polite">
          {conflicts.data.map((conflict) => (
            <ConflictLine
              key={`${conflict.kind}-${conflict.rule_id}-${conflict.word}-${conflict.other_word}`}
              conflict={conflict}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function ConflictLine({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation();
  return (
    <li className={conflict.kind === "same" ? "clash" : ""}>
      <Icon name="alert" size={14} />
      <span>
        {t(`conflicts.${conflict.kind}`, {
          word: conflict.word,
          other: conflict.other_word ?? conflict.word,
          name: conflict.name,
        })}
      </span>
    </li>
  );
}
