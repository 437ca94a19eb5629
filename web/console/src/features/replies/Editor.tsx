/** One rule beside the phone. What is typed is kept on this machine; "save and go live" hands it to the hub. */
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Dropdown, Input, Switch } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import type { Account, Rule, TriggerKind } from "@/api/types";
import { useMedia, useNow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";
import { fieldText, problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { whenText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Badge, Because, Trouble, When } from "@/ui/kit";
import { useUndoableDelete } from "@/ui/undo";
import { Answers } from "./Answers";
import { deleteRule, dismissUnmatched, rulesQuery, unmatchedQuery, useSaveRule, useSwitchRule } from "./api";
import { Bench } from "./Bench";
import { bodyOf, emptyRule, problemOf, useDraft } from "./draft";
import { HoursFields } from "./HoursFields";
import { TriggerFields } from "./TriggerFields";

interface Props {
  account: Account;
  rule: Rule | null;
  kind: TriggerKind;
  word: string | undefined;
  onOpen: (id: string | undefined) => void;
}

export function Editor({ account, rule, kind, word, onOpen }: Props) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const { message } = App.useApp();
  const now = useNow();
  const queryClient = useQueryClient();
  const beside = useMedia("(min-width: 1240px)");
  const [phone, setPhone] = useState(false);
  const notAllowed = useNotAllowed("replies:write");
  const base = useMemo(() => (rule ? bodyOf(rule) : emptyRule(kind, word)), [rule, kind, word]);
  const draft = useDraft(`hy.draft.reply.${account.id}.${rule?.id ?? `new-${kind}-${word ?? ""}`}`, base);
  const save = useSaveRule(account.id);
  const turn = useSwitchRule(account.id);
  const removeLater = useUndoableDelete();
  const { body, change, dirty } = draft;

  const problem = problemOf(body);
  const blocked =
    notAllowed ?? (problem ? t(`draft.${problem}`) : rule && !dirty ? t("draft.nothing") : null);
  const named = (name: string) =>
    name.trim() || body.trigger.words.slice(0, 3).join(t("app.comma")) || t(`replies.kinds.${kind}`);
  const publish = () => {
    if (blocked || save.isPending) return;
    save.mutate(
      {
        id: rule?.id ?? null,
        body: { ...body, name: named(body.name), enabled: rule?.enabled ?? body.enabled },
      },
      {
        onSuccess: (saved) => {
          draft.clear();
          if (word) settle(word);
          if (!rule) onOpen(saved.id);
        },
      },
    );
  };
  /** A text that got its rule needs nobody any more. */
  const settle = (text: string) => {
    const key = unmatchedQuery(account.id).queryKey;
    const groups = queryClient.getQueryData(key)?.pages.flatMap((page) => page.items);
    const group = groups?.find((one) => one.text === text);
    if (!group) return;
    void dismissUnmatched(account.id, group.id)
      .catch(() => {})
      .then(() => queryClient.invalidateQueries({ queryKey: key }));
  };
  useKeys({ "mod+s": publish });

  const duplicate = () =>
    save.mutate(
      { id: null, body: { ...body, name: t("replies.copy_of", { name: named(body.name) }), enabled: false } },
      { onSuccess: (saved) => onOpen(saved.id) },
    );
  const remove = () => {
    if (!rule) return;
    const key = rulesQuery(account.id).queryKey;
    removeLater({
      path: `/api/v1/accounts/${account.id}/replies/${rule.id}`,
      text: t("replies.deleted", { name: rule.name }),
      remove: () => deleteRule(account.id, rule.id),
      hide: () => {
        queryClient.setQueryData(key, (rules: Rule[] | undefined) =>
          rules?.filter((one) => one.id !== rule.id),
        );
        onOpen(undefined);
      },
      restore: () => {
        queryClient.setQueryData(key, (rules: Rule[] | undefined) =>
          rules && !rules.some((one) => one.id === rule.id) ? [...rules, rule] : rules,
        );
        onOpen(rule.id);
      },
      failed: (error) => void message.error(problemText(error)),
    });
  };

  const state = !rule ? (
    <Badge tone="warning">{t("draft.new")}</Badge>
  ) : !rule.enabled ? (
    <Badge>{t("replies.off_badge")}</Badge>
  ) : dirty ? (
    <Badge tone="warning">{t("draft.changed")}</Badge>
  ) : (
    <Badge tone="ok">{t("draft.live")}</Badge>
  );

  const bench = <Bench account={account} rule={rule} body={body} />;

  return (
    <>
      <section className="editor" aria-label={t("replies.editor")}>
        <header className="editor-head">
          <Input
            variant="borderless"
            className="editor-name"
            value={body.name}
            disabled={!!notAllowed}
            maxLength={60}
            placeholder={named("")}
            aria-label={t("replies.name")}
            onChange={(event) => change((now) => ({ ...now, name: event.target.value }))}
          />
          {state}
          {rule ? (
            <Because reason={notAllowed}>
              <Switch
                size="small"
                checked={rule.enabled}
                disabled={!!notAllowed}
                loading={turn.isPending}
                aria-label={t("replies.enabled")}
                onChange={(enabled) => turn.mutate({ id: rule.id, enabled })}
              />
            </Because>
          ) : null}
          {rule ? (
            <Dropdown
              trigger={["click"]}
              menu={{
                onClick: ({ key }) => (key === "duplicate" ? duplicate() : remove()),
                items: [
                  {
                    key: "duplicate",
                    label: t("replies.duplicate"),
                    icon: <Icon name="duplicate" />,
                    disabled: !!notAllowed || !!problem,
                  },
                  {
                    key: "delete",
                    label: t("replies.delete"),
                    icon: <Icon name="trash" />,
                    danger: true,
                    disabled: !!notAllowed,
                  },
                ],
              }}
            >
              <Button type="text" aria-label={t("app.more")} icon={<Icon name="more" />} />
            </Dropdown>
          ) : null}
        </header>

        <div className="editor-body">
          {turn.error ? <Trouble error={turn.error} /> : null}
          <TriggerFields account={account} rule={rule} body={body} change={change} disabled={!!notAllowed} />
          <Answers account={account} body={body} change={change} disabled={!!notAllowed} autoFocus={!rule} />
          <HoursFields body={body} change={change} disabled={!!notAllowed} />
        </div>

        <footer className="editor-foot">
          {save.error ? (
            <Trouble error={save.error}>
              {save.error instanceof ApiError
                ? save.error.fields.map((one) => <div key={one.field}>{fieldText(one)}</div>)
                : null}
            </Trouble>
          ) : null}
          <div className="row row-wrap">
            <Because reason={blocked}>
              <Button type="primary" disabled={!!blocked} loading={save.isPending} onClick={publish}>
                {rule && !rule.enabled ? t("draft.save") : t("draft.publish")}
              </Button>
            </Because>
            {dirty && rule ? (
              <Button type="text" onClick={draft.clear}>
                {t("draft.discard")}
              </Button>
            ) : null}
            {beside ? null : (
              <Button icon={<Icon name="phone" />} onClick={() => setPhone(true)}>
                {t("bench.open")}
              </Button>
            )}
            <span className="editor-saved" aria-live="polite">
              {dirty && draft.savedAt ? (
                t("draft.kept", {
                  when: whenText(draft.savedAt, language, zone, Math.max(now, draft.savedAt)),
                })
              ) : rule ? (
                <>
                  {t("draft.updated")} <When at={rule.updated_at} />
                </>
              ) : null}
            </span>
          </div>
        </footer>
      </section>
      {beside ? (
        <aside className="beside">{bench}</aside>
      ) : (
        <Drawer open={phone} onClose={() => setPhone(false)} size={400} title={t("bench.title")}>
          {bench}
        </Drawer>
      )}
    </>
  );
}
