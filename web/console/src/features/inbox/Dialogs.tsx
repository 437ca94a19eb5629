/** Handing a conversation over, and putting it off: short dialogs, by keyboard too. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Conversation, Id } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { shortTime } from "@/lib/time";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Bars, Face, Kbd, Trouble } from "@/ui/kit";
import { peopleQuery, useAssign, useSetState } from "./api";
import { instantOf, laters, localOf } from "./snooze";

export function AssignDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const query = useQuery(peopleQuery);
  const assign = useAssign();
  const [find, setFind] = useState("");
  const [note, setNote] = useState("");
  const [at, setAt] = useState(0);
  const people = (query.data ?? []).filter((one) => one.disabled_at === null && one.role !== "viewer");
  const others = people.filter((one) => one.id !== me.person.id);
  const word = find.trim().toLowerCase();
  const rows: { id: Id | null; name: string; hint?: string }[] = [
    { id: me.person.id, name: me.person.name, hint: t("inbox.assign.me") },
    ...others.map((one) => ({ id: one.id, name: one.name, hint: one.email })),
    ...(conversation.assignee ? [{ id: null, name: t("inbox.assign.nobody") }] : []),
  ].filter((row) => row.name.toLowerCase().includes(word) || (row.hint ?? "").toLowerCase().includes(word));
  const pick = (person: Id | null) =>
    assign.mutate({ id: conversation.id, person, note }, { onSuccess: onClose });
  const keys = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || rows.length === 0) return;
    if (event.key === "ArrowDown") setAt((at + 1) % rows.length);
    else if (event.key === "ArrowUp") setAt((at + rows.length - 1) % rows.length);
    else if (event.key === "Enter") pick(rows[Math.min(at, rows.length - 1)]?.id ?? null);
    else return;
    event.preventDefault();
  };
  return (
    <Modal open title={t("inbox.assign.title")} onCancel={onClose} footer={null} width={420} destroyOnHidden>
      <div className="stack-tight">
        <Input
          autoFocus
          value={find}
          placeholder={t("inbox.assign.find")}
          aria-label={t("inbox.assign.find")}
          onChange={(event) => {
            setFind(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
        {query.error ? <Trouble error={query.error} /> : null}
        {!query.data && !query.error ? <Bars rows={3} height={36} /> : null}
        <ul className="pick">
          {rows.map((row, index) => (
            <li key={row.id ?? "nobody"}>
              <button
                type="button"
                className={index === at ? "on" : ""}
                disabled={assign.isPending}
                onClick={() => pick(row.id)}
              >
                {row.id ? <Face id={row.id} name={row.name} size={26} /> : <Icon name="close" size={18} />}
                <span className="grow ellipsis">
                  {row.name}
                  {row.hint ? <small>{row.hint}</small> : null}
                </span>
                {row.id && row.id === conversation.assignee?.id ? <Icon name="check" size={16} /> : null}
              </button>
            </li>
          ))}
        </ul>
        <AutoText
          rows={2}
          maxLength={2000}
          value={note}
          placeholder={t("inbox.assign.note")}
          aria-label={t("inbox.assign.note")}
          onChange={(event) => setNote(event.target.value)}
        />
        {assign.error ? <Trouble error={assign.error} /> : null}
      </div>
    </Modal>
  );
}

export function SnoozeDialog({
  conversation,
  onClose,
  onSnoozed,
}: {
  conversation: Conversation;
  onClose: () => void;
  onSnoozed: () => void;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const set = useSetState();
  const [now] = useState(() => Date.now());
  const [custom, setCustom] = useState(() => localOf(now + 3 * 3_600_000, zone));
  const chosen = custom ? instantOf(custom, zone) : 0;
  const put = (until: number) =>
    set.mutate({ id: conversation.id, state: "snoozed", until }, { onSuccess: onSnoozed });
  const choices = laters(now, zone);
  return (
    <Modal open title={t("inbox.snooze.title")} onCancel={onClose} footer={null} width={380} destroyOnHidden>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the numbers are shortcuts for the buttons inside */}
      <div
        className="stack-tight"
        onKeyDown={(event) => {
          const one = choices[Number(event.key) - 1];
          if (one && !(event.target instanceof HTMLInputElement)) put(one.at);
        }}
      >
        <ul className="pick">
          {choices.map((later, index) => (
            <li key={later.name}>
              <button
                type="button"
                // biome-ignore lint/a11y/noAutofocus: the dialog is opened by a key and answered by one
                autoFocus={index === 0}
                disabled={set.isPending}
                onClick={() => put(later.at)}
              >
                <Kbd>{index + 1}</Kbd>
                <span className="grow">{t(`inbox.snooze.${later.name}`)}</span>
                <span className="dim small">{shortTime(later.at, language, zone, now)}</span>
              </button>
            </li>
          ))}
        </ul>
        <div className="row">
          <Input
            type="datetime-local"
            value={custom}
            min={localOf(now, zone)}
            aria-label={t("inbox.snooze.custom")}
            onChange={(event) => setCustom(event.target.value)}
          />
          <Button disabled={chosen <= now} loading={set.isPending} onClick={() => put(chosen)}>
            {t("inbox.snooze.put")}
          </Button>
        </div>
        <p className="dim small">{t("inbox.snooze.about")}</p>
        {set.error ? <Trouble error={set.error} /> : null}
      </div>
    </Modal>
  );
}
