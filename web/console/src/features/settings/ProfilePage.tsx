/** My profile and my password. */
import { Button, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Language } from "@/api/types";
import { switchLanguage } from "@/lib/i18n";
import { showFieldProblems } from "@/lib/problems";
import { Card, Facts, Note, Trouble } from "@/ui/kit";
import { useChangeMe, useChangePassword } from "./api";
import { zoneOptions } from "./zones";

interface Values {
  name: string;
  language: Language;
  time_zone: string;
}

export default function ProfilePage() {
  return (
    <div className="stack">
      <Profile />
      <Password />
    </div>
  );
}

function Profile() {
  const { t } = useTranslation();
  const me = useMe();
  const [form] = Form.useForm<Values>();
  const defaults: Values = {
    name: me.person.name,
    language: me.person.language,
    time_zone: me.person.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const change = useChangeMe();
  const submit = (values: Values) =>
    change.mutate(values, {
      onSuccess: () => void switchLanguage(values.language),
      onError: (error) => {
        showFieldProblems(form, error);
      },
    });
  return (
    <Card title={t("settings.profile")}>
      <Facts
        items={[
          [t("session.email"), me.person.email],
          [t("people.role"), t(`roles.${me.role}`)],
        ]}
      />
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        initialValues={defaults}
        onFinish={submit}
      >
        <Form.Item
          name="name"
          label={t("setup.name")}
          rules={[{ required: true, whitespace: true, message: t("fields.required") }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="language" label={t("settings.language")}>
          <Select
            options={[
              { value: "zh-CN", label: "简体中文" },
              { value: "en-US", label: "English" },
            ]}
          />
        </Form.Item>
        <Form.Item name="time_zone" label={t("settings.time_zone")} extra={t("settings.time_zone_mine")}>
          <Select showSearch options={zoneOptions(defaults.time_zone)} />
        </Form.Item>
        {change.error ? <Trouble error={change.error} /> : null}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t("app.save")}
          </Button>
          {change.isSuccess ? <span className="soft small">{t("app.saved")}</span> : null}
        </div>
      </Form>
    </Card>
  );
}

function Password() {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ current: string; new: string; again: string }>();
  const change = useChangePassword();
  const required = { required: true, message: t("fields.required") };
  return (
    <Card title={t("settings.password")}>
      <Form
        form={form}
        layout="vertical"
        className="settings-form"
        onFinish={({ current, new: next }) =>
          change.mutate(
            { current, new: next },
            {
              onSuccess: () => form.resetFields(),
              onError: (error) => {
                showFieldProblems(form, error);
              },
            },
          )
        }
      >
        <Form.Item name="current" label={t("settings.password_now")} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="new"
          label={t("settings.password_new")}
          extra={t("session.password_rule")}
          rules={[required, { min: 8, message: t("fields.too_short") }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t("settings.password_again")}
          dependencies={["new"]}
          rules={[
            required,
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                !value || value === getFieldValue("new")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("fields.differs"))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {change.error ? <Trouble error={change.error} /> : null}
        {change.isSuccess ? <Note tone="ok">{t("settings.password_done")}</Note> : null}
        <Button htmlType="submit" loading={change.isPending}>
          {t("settings.password_change")}
        </Button>
      </Form>
    </Card>
  );
}
