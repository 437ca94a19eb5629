/** The rules of an account by what sets them off; keywords in the order they are tried, moved by hand or by key. */
import { Button, Tooltip } from "antd";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Rule, TriggerKind } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { Icon, type IconName } from "@/ui/icons";
import { Bars, Because } from "@/ui/kit";
import { useOrderRules } from "./api";

const groups: { kind: TriggerKind; icon: IconName }[] = [
  { kind: "follow", icon: "follow" },
  { kind: "keyword", icon: "text" },
  { kind: "default", icon: "ear" },
];

interface Props {
  account: Account;
  rules: Rule[] | undefined;
  chosen: string | undefined;
  onOpen: (id: string | undefined, more?: { view?: "unmatched" }) => void;
  unmatched: { count: number; more: boolean } | null;
}

export function RuleList({ account, rules, chosen, onOpen, unmatched }: Props) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const order = useOrderRules(account.id);
  const notAllowed = useNotAllowed("replies:write");
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const sorted = groups.map((group) => ({
    ...group,
    rules: (rules ?? [])
      .filter((rule) => rule.trigger.kind === group.kind)
      .sort((a, b) => a.position - b.position),
  }));
  const flat = sorted.flatMap((group) => group.rules);
  const at = flat.findIndex((rule) => rule.id === chosen);
  useKeys({
    j: () => onOpen(flat[Math.min(flat.length - 1, at + 1)]?.id),
    k: () => onOpen(flat[Math.max(0, at - 1)]?.id),
  });

  const place = (kind: TriggerKind, id: string, before: string) => {
    const ids = sorted.find((group) => group.kind === kind)?.rules.map((rule) => rule.id) ?? [];
    const from = ids.indexOf(id);
    const to = ids.indexOf(before);
    if (from < 0 || to < 0 || from === to) return;
    ids.splice(from, 1);
    ids.splice(to, 0, id);
    // The hub wants every rule in its place, not only the ones that moved.
    order.mutate(sorted.flatMap((group) => (group.kind === kind ? ids : group.rules.map((rule) => rule.id))));
  };

  return (
    <nav className="rules" aria-label={t("replies.list")}>
      {!rules ? (
        <div className="rules-wait">
          <Bars rows={7} height={38} />
        </div>
      ) : (
        sorted.map((group) => (
          <section key={group.kind}>
            <header>
              <h2>
                <Icon name={group.icon} size={15} /> {t(`replies.kinds.${group.kind}`)}
              </h2>
              <Because reason={notAllowed}>
                <Button
                  type="text"
                  size="small"
                  disabled={!!notAllowed}
                  aria-label={t(`replies.add.${group.kind}`)}
                  icon={<Icon name="plus" size={14} />}
                  onClick={() => onOpen(`new-${group.kind}`)}
                />
              </Because>
            </header>
            {group.rules.length === 0 ? (
              <p className="rules-none">{t(`replies.none.${group.kind}`)}</p>
            ) : null}
            <ul>
              {group.rules.map((rule, index) => {
                const movable = group.kind === "keyword" && group.rules.length > 1 && !notAllowed;
                const drag = movable
                  ? {
                      draggable: true,
                      onDragStart: (event: DragEvent) => {
                        event.dataTransfer.effectAllowed = "move";
                        setDragged(rule.id);
                      },
                      onDragOver: (event: DragEvent) => {
                        if (!dragged) return;
                        event.preventDefault();
                        setOver(rule.id);
                      },
                      onDrop: () => {
                        if (dragged) place(group.kind, dragged, rule.id);
                      },
                      onDragEnd: () => {
                        setDragged(null);
                        setOver(null);
                      },
                    }
                  : {};
                return (
                  <li
                    key={rule.id}
                    className={[
                      "rule",
                      rule.id === chosen ? "on" : "",
                      rule.enabled ? "" : "asleep",
                      rule.id === dragged ? "dragged" : "",
                      rule.id === over && dragged && dragged !== rule.id ? "over" : "",
                    ].join(" ")}
                    {...drag}
                  >
                    <button
                      type="button"
                      className="rule-open"
                      aria-current={rule.id === chosen}
                      onClick={() => onOpen(rule.id)}
                      onKeyDown={(event) => {
                        const other = group.rules[index + (event.key === "ArrowUp" ? -1 : 1)];
                        if (
                          movable &&
                          event.altKey &&
                          (event.key === "ArrowUp" || event.key === "ArrowDown") &&
                          other
                        ) {
                          event.preventDefault();
                          place(group.kind, rule.id, other.id);
                        }
                      }}
                    >
                      <span className="rule-name">
                        <span className="ellipsis">{rule.name || t("replies.unnamed")}</span>
                        {rule.enabled ? null : <small className="badge">{t("replies.off_badge")}</small>}
                      </span>
                      <span className="rule-more">
                        <span className="ellipsis">
                          {group.kind === "keyword"
                            ? rule.trigger.words.join(t("app.comma"))
                            : group.kind === "follow"
                              ? t(`replies.follow.${rule.trigger.follow ?? "any"}`)
                              : rule.trigger.message_kinds.length === 0
                                ? t("replies.all_kinds")
                                : rule.trigger.message_kinds
                                    .map((kind) => t(`messages.${kind}`))
                                    .join(t("app.comma"))}
                        </span>
                        <Tooltip title={t("replies.hits")}>
                          <span className="num">{rule.hits > 0 ? count(rule.hits, language) : ""}</span>
                        </Tooltip>
                      </span>
                    </button>
                    {movable ? (
                      <span className="rule-move">
                        <button
                          type="button"
                          aria-label={t("replies.up")}
                          disabled={index === 0}
                          onClick={() => place(group.kind, rule.id, group.rules[index - 1]?.id ?? "")}
                        >
                          <Icon name="up" size={13} />
                        </button>
                        <button
                          type="button"
                          aria-label={t("replies.down")}
                          disabled={index === group.rules.length - 1}
                          onClick={() => place(group.kind, rule.id, group.rules[index + 1]?.id ?? "")}
                        >
                          <Icon name="down" size={13} />
                        </button>
                      </span>
                    ) : null}
                  </li>
                );
              })}
            </ul>
          </section>
        ))
      )}
      <button
        type="button"
        className={chosen === "unmatched" ? "rules-unmatched on" : "rules-unmatched"}
        onClick={() => onOpen(undefined, { view: "unmatched" })}
      >
        <Icon name="ear" size={16} />
        <span className="grow">{t("replies.unmatched")}</span>
        {unmatched && unmatched.count > 0 ? (
          <span className="needs-count">
            {count(unmatched.count, language)}
            {unmatched.more ? "+" : ""}
          </span>
        ) : null}
      </button>
    </nav>
  );
}
