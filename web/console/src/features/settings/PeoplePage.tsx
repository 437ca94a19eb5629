/** Who may come in, and as what. */
import { useQuery } from "@tanstack/react-query";
import { Button, Dropdown, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Person, Role } from "@/api/types";
import { showFieldProblems } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Badge, Because, Card, Empty, Face, Trouble, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { TypedName } from "@/ui/TypedName";
import { peopleQuery, useAddPerson, useChangePerson, useRemovePerson } from "./api";

const roles: Role[] = ["owner", "operator", "viewer"];

export default function PeoplePage() {
  const { t } = useTranslation();
  const me = useMe();
  const people = useQuery(peopleQuery);
  const notAllowed = useNotAllowed("team:write");
  const change = useChangePerson();
  const [adding, setAdding] = useState(false);
  const [acting, setActing] = useState<{ person: Person; what: "password" | "delete" } | null>(null);

  const columns: Column<Person>[] = [
    {
      key: "person",
      title: t("people.one"),
      render: (person) => (
        <span className="row">
          <Face id={person.id} name={person.name} size={30} />
          <span className="two-lines">
            <span>
              {person.name}{" "}
              {person.id === me.person.id ? <small className="dim">{t("people.you")}</small> : null}
            </span>
            <small className="soft">{person.email}</small>
          </span>
        </span>
      ),
    },
    {
      key: "role",
      title: t("people.role"),
      width: 150,
      render: (person) => (
        <Because reason={notAllowed ?? (person.id === me.person.id ? t("people.not_self") : null)}>
          <Select
            size="small"
            variant="filled"
            className="role-select"
            aria-label={t("people.role")}
            value={person.role}
            disabled={!!notAllowed || person.id === me.person.id}
            onChange={(role) => change.mutate({ id: person.id, role })}
            options={roles.map((role) => ({ value: role, label: t(`roles.${role}`) }))}
          />
        </Because>
      ),
    },
    {
      key: "seen",
      title: t("people.last_seen"),
      width: 160,
      render: (person) =>
        person.disabled_at ? (
          <Badge>{t("people.disabled")}</Badge>
        ) : (
          <When at={person.last_seen_at} empty={t("accounts.never")} />
        ),
    },
    {
      key: "do",
      title: "",
      width: 56,
      align: "right",
      render: (person) =>
        notAllowed || person.id === me.person.id ? null : (
          <Dropdown
            trigger={["click"]}
            placement="bottomRight"
            menu={{
              onClick: ({ key }) => {
                if (key === "disable")
                  change.mutate({ id: person.id, disabled: person.disabled_at === null });
                else setActing({ person, what: key as "password" | "delete" });
              },
              items: [
                { key: "password", icon: <Icon name="lock" />, label: t("people.new_password") },
                {
                  key: "disable",
                  icon: <Icon name="silence" />,
                  label: person.disabled_at ? t("people.enable") : t("people.disable"),
                },
                { key: "delete", icon: <Icon name="trash" />, danger: true, label: t("people.remove") },
              ],
            }}
          >
            <Button type="text" size="small" aria-label={t("app.more")} icon={<Icon name="more" />} />
          </Dropdown>
        ),
    },
  ];

  return (
    <Card
      flush
      title={t("settings.people")}
      extra={
        <Because reason={notAllowed}>
          <Button
            type="primary"
            size="small"
            disabled={!!notAllowed}
            icon={<Icon name="plus" size={14} />}
            onClick={() => setAdding(true)}
          >
            {t("people.add")}
          </Button>
        </Because>
      }
    >
      {change.error ? <Trouble error={change.error} /> : null}
      <List
        label={t("settings.people")}
        rows={people.data}
        columns={columns}
        rowKey={(person) => person.id}
        error={people.error}
        retry={() => void people.refetch()}
        keys={false}
        rowClass={(person) => (person.disabled_at ? "row-off" : undefined)}
        empty={<Empty drawing="people">{t("people.add")}</Empty>}
      />
      {adding ? <AddPerson onClose={() => setAdding(false)} /> : null}
      {acting?.what === "password" ? (
        <NewPassword person={acting.person} onClose={() => setActing(null)} />
      ) : null}
      {acting?.what === "delete" ? (
        <RemovePerson person={acting.person} onClose={() => setActing(null)} />
      ) : null}
    </Card>
  );
}

function AddPerson({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const defaults = { name: "", email: "", role: "operator" as Role, password: "" };
  const [form] = Form.useForm<typeof defaults>();
  const add = useAddPerson();
  const required = { required: true, whitespace: true, message: t("fields.required") };
  return (
    <Modal
      open
      title={t("people.add")}
      onCancel={onClose}
      okText={t("people.add")}
      confirmLoading={add.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={defaults}
        onFinish={(values) =>
          add.mutate(values, {
            onSuccess: onClose,
            onError: (error) => {
              showFieldProblems(form, error);
            },
          })
        }
      >
        <Form.Item name="name" label={t("setup.name")} rules={[required]}>
          <Input autoFocus maxLength={100} />
        </Form.Item>
        <Form.Item
          name="email"
          label={t("session.email")}
          rules={[required, { type: "email", message: t("fields.email") }]}
        >
          <Input inputMode="email" autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t("people.role")}>
          <Radio.Group className="role-choice">
            {roles.map((role) => (
              <Radio key={role} value={role}>
                {t(`roles.${role}`)} <small className="soft">{t(`roles.${role}_more`)}</small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item
          name="password"
          label={t("people.first_password")}
          extra={t("people.first_password_more")}
          rules={[required, { min: 8, message: t("fields.too_short") }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {add.error ? <Trouble error={add.error} /> : null}
      </Form>
    </Modal>
  );
}

function NewPassword({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ password: string }>();
  const change = useChangePerson();
  return (
    <Modal
      open
      title={t("people.new_password_for", { name: person.name })}
      onCancel={onClose}
      okText={t("app.save")}
      confirmLoading={change.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ password }) => change.mutate({ id: person.id, password }, { onSuccess: onClose })}
      >
        <Form.Item
          name="password"
          label={t("settings.password_new")}
          extra={t("session.password_rule")}
          rules={[
            { required: true, message: t("fields.required") },
            { min: 8, message: t("fields.too_short") },
          ]}
        >
          <Input.Password autoFocus autoComplete="new-password" />
        </Form.Item>
        {change.error ? <Trouble error={change.error} /> : null}
      </Form>
    </Modal>
  );
}

function RemovePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const remove = useRemovePerson();
  return (
    <Modal
      open
      title={t("people.remove_title", { name: person.name })}
      onCancel={onClose}
      okText={t("people.remove")}
      okButtonProps={{ danger: true, disabled: typed.trim() !== person.name }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate(person.id, { onSuccess: onClose })}
    >
      <div className="stack">
        <p>{t("people.remove_more")}</p>
        <TypedName name={person.name} value={typed} onChange={setTyped} />
        {remove.error ? <Trouble error={remove.error} /> : null}
      </div>
    </Modal>
  );
}
