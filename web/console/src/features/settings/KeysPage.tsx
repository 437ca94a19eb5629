/** API keys: made with only the rights they need, shown once. */
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { ApiKey, Capability } from "@/api/types";
import { showFieldProblems } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Badge, Because, Card, CopyField, Empty, Note, Trouble, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { TypedName } from "@/ui/TypedName";
import { keysQuery, useAddKey, useRemoveKey } from "./api";

export default function KeysPage() {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery);
  const notAllowed = useNotAllowed("team:write");
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<ApiKey | null>(null);
  const add = (
    <Because reason={notAllowed}>
      <Button
        type="primary"
        size="small"
        disabled={!!notAllowed}
        icon={<Icon name="plus" size={14} />}
        onClick={() => setAdding(true)}
      >
        {t("keys_page.add")}
      </Button>
    </Because>
  );
  const columns: Column<ApiKey>[] = [
    {
      key: "name",
      title: t("keys_page.name"),
      render: (key) => (
        <span className="two-lines">
          <span>{key.name}</span>
          <small className="mono soft">{key.prefix}…</small>
        </span>
      ),
    },
    {
      key: "scopes",
      title: t("keys_page.scopes"),
      render: (key) => (
        <span className="tags">
          {key.scopes.map((scope) => (
            <Badge key={scope}>{t(`scopes.${scope.replace(":", "_") as "accounts_read"}`)}</Badge>
          ))}
        </span>
      ),
    },
    {
      key: "used",
      title: t("keys_page.used"),
      width: 130,
      render: (key) => <When at={key.last_used_at} empty={t("accounts.never")} />,
    },
    {
      key: "created",
      roomy: true,
      title: t("customers.created"),
      width: 130,
      render: (key) => <When at={key.created_at} />,
      wideOnly: true,
    },
    {
      key: "do",
      title: "",
      width: 56,
      align: "right",
      render: (key) =>
        notAllowed ? null : (
          <Button
            type="text"
            size="small"
            aria-label={t("keys_page.remove")}
            title={t("keys_page.remove")}
            icon={<Icon name="trash" size={15} />}
            onClick={() => setRemoving(key)}
          />
        ),
    },
  ];
  return (
    <Card flush title={t("settings.keys")} extra={keys.data?.length === 0 ? null : add}>
      <List
        label={t("settings.keys")}
        rows={keys.data}
        columns={columns}
        rowKey={(key) => key.id}
        error={keys.error}
        retry={() => void keys.refetch()}
        keys={false}
        empty={
          <Empty drawing="key" action={add}>
            {t("keys_page.empty")}
          </Empty>
        }
      />
      {adding ? <AddKey onClose={() => setAdding(false)} /> : null}
      {removing ? <RemoveKey apiKey={removing} onClose={() => setRemoving(null)} /> : null}
    </Card>
  );
}

function AddKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [form] = Form.useForm<{ name: string; scopes: Capability[] }>();
  const add = useAddKey();
  if (add.data) {
    return (
      <Modal
        open
        title={t("keys_page.made")}
        closable={false}
        mask={{ closable: false }}
        onOk={onClose}
        okText={t("keys_page.kept")}
        cancelButtonProps={{ style: { display: "none" } }}
      >
        <div className="stack">
          <Note tone="warning">{t("keys_page.once")}</Note>
          <CopyField label={add.data.name} value={add.data.key} />
        </div>
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={t("keys_page.add")}
      onCancel={onClose}
      okText={t("keys_page.add")}
      confirmLoading={add.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: "", scopes: [] }}
        onFinish={(values) =>
          add.mutate(values, {
            onError: (error) => {
              showFieldProblems(form, error);
            },
          })
        }
      >
        <Form.Item
          name="name"
          label={t("keys_page.name")}
          extra={t("keys_page.name_hint")}
          rules={[{ required: true, whitespace: true, message: t("fields.required") }]}
        >
          <Input autoFocus maxLength={60} />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={t("keys_page.scopes")}
          rules={[{ required: true, type: "array", min: 1, message: t("keys_page.no_scope") }]}
        >
          <Checkbox.Group
            className="scope-choice"
            options={me.capabilities.map((scope) => ({
              value: scope,
              label: t(`scopes.${scope.replace(":", "_") as "accounts_read"}`),
            }))}
          />
        </Form.Item>
        {add.error ? <Trouble error={add.error} /> : null}
      </Form>
    </Modal>
  );
}

function RemoveKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const remove = useRemoveKey();
  return (
    <Modal
      open
      title={t("keys_page.remove_title", { name: apiKey.name })}
      onCancel={onClose}
      okText={t("keys_page.remove")}
      okButtonProps={{ danger: true, disabled: typed.trim() !== apiKey.name }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate(apiKey.id, { onSuccess: onClose })}
    >
      <div className="stack">
        <p>{t("keys_page.remove_more")}</p>
        <TypedName name={apiKey.name} value={typed} onChange={setTyped} />
        {remove.error ? <Trouble error={remove.error} /> : null}
      </div>
    </Modal>
  );
}
