/** Answers kept for use again: chosen by a slash while writing, and kept in order here. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedAnswer, CannedBody } from "@/api/types";
import { problemText, showFieldProblems } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Because, Empty, Kbd, Trouble } from "@/ui/kit";
import { isPendingDelete, useUndoableDelete } from "@/ui/undo";
import { cannedQuery, removeCanned, useKeepCanned } from "./api";
import { filled, type Names } from "./template";

/** Those whose shortcut begins so come first, then those that hold the word. */
export function matching(all: CannedAnswer[], typed: string): CannedAnswer[] {
  const word = typed.toLowerCase();
  const begins = all.filter((one) => one.shortcut.toLowerCase().startsWith(word));
  const holds = all.filter((one) => !begins.includes(one) && one.text.toLowerCase().includes(word));
  return [...begins, ...holds].slice(0, 8);
}

export function CannedList({
  offers,
  at,
  none,
  names,
  onPick,
  onManage,
}: {
  offers: CannedAnswer[];
  /** What it would say here. */
  names: Names;
  at: number;
  none: boolean;
  onPick: (answer: CannedAnswer) => void;
  onManage: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="canned" role="listbox" aria-label={t("inbox.canned.title")}>
      {offers.map((one, index) => (
        <button
          key={one.id}
          type="button"
          role="option"
          aria-selected={index === Math.min(at, offers.length - 1)}
          className={index === Math.min(at, offers.length - 1) ? "canned-one on" : "canned-one"}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(one)}
        >
          <Kbd>/{one.shortcut}</Kbd>
          <span className="ellipsis">{filled(one.text, names)}</span>
        </button>
      ))}
      {offers.length === 0 ? (
        <p className="canned-none">{none ? t("inbox.canned.empty") : t("inbox.canned.none")}</p>
      ) : null}
      <button
        type="button"
        className="canned-manage"
        onMouseDown={(event) => event.preventDefault()}
        onClick={onManage}
      >
        <Icon name="edit" size={13} /> {t("inbox.canned.manage")}
      </button>
    </div>
  );
}

export function CannedManager({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const query = useQuery(cannedQuery);
  const notAllowed = useNotAllowed("messages:write");
  const removeLater = useUndoableDelete();
  const [editing, setEditing] = useState<CannedAnswer | "new" | null>(null);
  const pathOf = (one: CannedAnswer) => `/api/v1/canned_answers/${one.id}`;
  const shown = query.data?.filter((one) => !isPendingDelete(pathOf(one)));
  const remove = (one: CannedAnswer) =>
    removeLater({
      path: pathOf(one),
      text: t("inbox.canned.deleted", { name: one.shortcut }),
      remove: () => removeCanned(one.id),
      hide: () =>
        client.setQueryData(cannedQuery.queryKey, (all: CannedAnswer[] | undefined) =>
          all?.filter((other) => other.id !== one.id),
        ),
      restore: () => void client.invalidateQueries({ queryKey: cannedQuery.queryKey }),
      failed: (error) => void message.error(problemText(error)),
    });
  return (
    <Modal open title={t("inbox.canned.title")} onCancel={onClose} footer={null} width={620} destroyOnHidden>
      {editing ? (
        <Edit one={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      ) : (
        <>
          <div className="row row-between canned-head">
            <span className="soft small">{t("inbox.canned.about")}</span>
            <Because reason={notAllowed}>
              <Button
                type="primary"
                disabled={!!notAllowed}
                icon={<Icon name="plus" />}
                onClick={() => setEditing("new")}
              >
                {t("inbox.canned.new")}
              </Button>
            </Because>
          </div>
          {query.error ? <Trouble error={query.error} /> : null}
          {shown?.length === 0 ? (
            <Empty drawing="talk" compact>
              {t("inbox.canned.empty")}
            </Empty>
          ) : null}
          <ul className="canned-all">
            {shown?.map((one) => (
              <li key={one.id}>
                <Kbd>/{one.shortcut}</Kbd>
                <span className="pre grow">{one.text}</span>
                <Button
                  type="text"
                  size="small"
                  disabled={!!notAllowed}
                  icon={<Icon name="edit" size={14} />}
                  aria-label={t("inbox.canned.edit", { name: one.shortcut })}
                  onClick={() => setEditing(one)}
                />
                <Button
                  type="text"
                  size="small"
                  disabled={!!notAllowed}
                  icon={<Icon name="trash" size={14} />}
                  aria-label={t("inbox.canned.delete", { name: one.shortcut })}
                  onClick={() => remove(one)}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}

function Edit({ one, onClose }: { one: CannedAnswer | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<CannedBody>();
  const keep = useKeepCanned();
  const save = (body: CannedBody) =>
    keep.mutate(
      { id: one?.id ?? null, body },
      { onSuccess: onClose, onError: (error) => showFieldProblems(form, error) },
    );
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ shortcut: one?.shortcut ?? "", text: one?.text ?? "" }}
      onFinish={save}
      requiredMark={false}
    >
      <Form.Item
        name="shortcut"
        label={t("inbox.canned.shortcut")}
        rules={[{ required: true, message: t("fields.required") }]}
      >
        <Input prefix="/" maxLength={30} autoFocus />
      </Form.Item>
      <Form.Item
        name="text"
        label={t("inbox.canned.text")}
        extra={t("inbox.canned.names", { example: "{{customer.name|…}}" })}
        rules={[{ required: true, message: t("fields.required") }]}
      >
        <AutoText rows={4} />
      </Form.Item>
      {keep.error ? <Trouble error={keep.error} /> : null}
      <div className="row row-end">
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button type="primary" htmlType="submit" loading={keep.isPending}>
          {t("app.save")}
        </Button>
      </div>
    </Form>
  );
}
