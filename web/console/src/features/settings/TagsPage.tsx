/** The company's tags, and at which accounts they are kept as WeChat tags too. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AutoComplete, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery, tagsQuery } from "@/api/queries";
import type { Tag, TagBody } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { showFieldProblems } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Badge, Because, Card, colourClass, Empty, Num, TagChip, Trouble, tagColours } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { TypedName } from "@/ui/TypedName";
import { useRemoveTag, useSaveTag } from "./api";

export default function TagsPage() {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery);
  const accounts = useQuery(accountsQuery).data ?? [];
  const notAllowed = useNotAllowed("customers:write");
  const [editing, setEditing] = useState<Tag | "new" | null>(null);
  const [removing, setRemoving] = useState<Tag | null>(null);
  const add = (
    <Because reason={notAllowed}>
      <Button
        type="primary"
        size="small"
        disabled={!!notAllowed}
        icon={<Icon name="plus" size={14} />}
        onClick={() => setEditing("new")}
      >
        {t("tags.add")}
      </Button>
    </Because>
  );
  const columns: Column<Tag>[] = [
    { key: "name", title: t("customers.tag"), render: (tag) => <TagChip tag={tag} /> },
    { key: "group", title: t("tags.group"), render: (tag) => tag.group ?? <span className="dim">—</span> },
    {
      key: "mirrored",
      title: t("tags.mirrored"),
      render: (tag) =>
        tag.mirrored.length === 0 ? (
          <span className="dim">—</span>
        ) : (
          <span className="tags">
            {tag.mirrored.map((mirror) => (
              <Badge key={mirror.account_id}>
                {accounts.find((one) => one.id === mirror.account_id)?.nick_name ?? t("app.gone_account")}
              </Badge>
            ))}
          </span>
        ),
    },
    {
      key: "customers",
      title: t("nav.customers"),
      align: "right",
      width: 110,
      render: (tag) => (
        <Link to="/customers" search={{ account: undefined, tag: tag.id }}>
          <Num value={tag.customers} />
        </Link>
      ),
    },
    {
      key: "do",
      title: "",
      width: 96,
      align: "right",
      render: (tag) =>
        notAllowed ? null : (
          <span className="nowrap">
            <Button
              type="text"
              size="small"
              aria-label={t("tags.edit")}
              title={t("tags.edit")}
              icon={<Icon name="edit" size={15} />}
              onClick={() => setEditing(tag)}
            />
            <Button
              type="text"
              size="small"
              aria-label={t("tags.remove")}
              title={t("tags.remove")}
              icon={<Icon name="trash" size={15} />}
              onClick={() => setRemoving(tag)}
            />
          </span>
        ),
    },
  ];
  return (
    <Card flush title={t("settings.tags")} extra={tags.data?.length === 0 ? null : add}>
      <List
        label={t("settings.tags")}
        rows={tags.data}
        columns={columns}
        rowKey={(tag) => tag.id}
        error={tags.error}
        retry={() => void tags.refetch()}
        keys={false}
        empty={
          <Empty drawing="tags" action={add}>
            {t("tags.empty")}
          </Empty>
        }
      />
      {editing ? (
        <EditTag
          tag={editing === "new" ? null : editing}
          groups={[...new Set(tags.data?.map((tag) => tag.group).filter((group) => group !== null) ?? [])]}
          onClose={() => setEditing(null)}
        />
      ) : null}
      {removing ? <RemoveTag tag={removing} onClose={() => setRemoving(null)} /> : null}
    </Card>
  );
}

function EditTag({ tag, groups, onClose }: { tag: Tag | null; groups: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery).data ?? [];
  const { whyFunction } = useReasons();
  const [form] = Form.useForm<TagBody>();
  const save = useSaveTag();
  const colour = Form.useWatch("colour", form);
  const defaults: TagBody = {
    name: tag?.name ?? "",
    group: tag?.group ?? "",
    colour: tag?.colour ?? "cyan",
    mirror_accounts: tag?.mirrored.map((mirror) => mirror.account_id) ?? [],
  };
  return (
    <Modal
      open
      title={tag ? t("tags.edit") : t("tags.add")}
      onCancel={onClose}
      okText={t("app.save")}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={defaults}
        onFinish={(values) =>
          save.mutate(
            {
              id: tag?.id ?? null,
              body: {
                ...values,
                name: values.name.trim(),
                group: values.group?.trim() || null,
                colour: colour ?? null,
              },
            },
            {
              onSuccess: onClose,
              onError: (error) => {
                showFieldProblems(form, error);
              },
            },
          )
        }
      >
        <Form.Item
          name="name"
          label={t("tags.name")}
          rules={[{ required: true, whitespace: true, message: t("fields.required") }]}
        >
          <Input autoFocus maxLength={30} showCount />
        </Form.Item>
        <Form.Item name="colour" label={t("tags.colour")}>
          <Colours />
        </Form.Item>
        <Form.Item name="group" label={t("tags.group")}>
          <AutoComplete
            options={groups.map((group) => ({ value: group }))}
            placeholder={t("tags.group_hint")}
            maxLength={30}
          />
        </Form.Item>
        <Form.Item name="mirror_accounts" label={t("tags.mirrored")} extra={t("tags.mirror_more")}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("tags.mirror_none")}
            options={accounts.map((account) => {
              const why = whyFunction(account, "tags");
              return {
                value: account.id,
                label: account.nick_name,
                disabled: !!why,
                title: why ?? account.nick_name,
              };
            })}
          />
        </Form.Item>
        {save.error ? <Trouble error={save.error} /> : null}
      </Form>
    </Modal>
  );
}

function Colours({ value, onChange }: { value?: string | null; onChange?: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="colours" role="radiogroup" aria-label={t("tags.colour")}>
      {tagColours.map((colour) => (
        // biome-ignore lint/a11y/useSemanticElements: a swatch, not a native radio
        <button
          key={colour}
          type="button"
          role="radio"
          aria-checked={value === colour}
          aria-label={t(`colours.${colour}`)}
          title={t(`colours.${colour}`)}
          className={`tag colour ${colourClass(colour)} ${value === colour ? "on" : ""}`}
          onClick={() => onChange?.(colour)}
        >
          {value === colour ? <Icon name="check" size={13} /> : null}
        </button>
      ))}
    </div>
  );
}

function RemoveTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [typed, setTyped] = useState("");
  const remove = useRemoveTag();
  return (
    <Modal
      open
      title={t("tags.remove_title", { name: tag.name })}
      onCancel={onClose}
      okText={t("tags.remove")}
      okButtonProps={{ danger: true, disabled: typed.trim() !== tag.name }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate(tag.id, { onSuccess: onClose })}
    >
      <div className="stack">
        <p>{t("tags.remove_more", { n: count(tag.customers, language) })}</p>
        <TypedName name={tag.name} value={typed} onChange={setTyped} />
        {remove.error ? <Trouble error={remove.error} /> : null}
      </div>
    </Modal>
  );
}
