/** The company: its name, the zone its days are counted in, and which broadcasts want a second person. */
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Tenant } from "@/api/types";
import { showFieldProblems } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { Bars, Because, Card, Trouble } from "@/ui/kit";
import { tenantQuery, useChangeTenant } from "./api";
import { zoneOptions } from "./zones";

export default function CompanyPage() {
  const { t } = useTranslation();
  const query = useQuery(tenantQuery);
  return (
    <Card title={t("settings.company")}>
      {query.data ? (
        <Fields tenant={query.data} />
      ) : query.error ? (
        <Trouble error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Bars rows={3} height={52} />
      )}
    </Card>
  );
}

function Fields({ tenant }: { tenant: Tenant }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Tenant>();
  const notAllowed = useNotAllowed("team:write");
  const change = useChangeTenant();
  const submit = (values: Tenant) =>
    // An empty box is none, and is told so.
    change.mutate(
      { ...values, approval_above: values.approval_above ?? null },
      {
        onError: (error) => {
          showFieldProblems(form, error);
        },
      },
    );
  return (
    <Form
      form={form}
      layout="vertical"
      className="settings-form"
      initialValues={tenant}
      onFinish={submit}
      disabled={!!notAllowed}
    >
      <Form.Item
        name="name"
        label={t("setup.tenant_name")}
        rules={[{ required: true, whitespace: true, message: t("fields.required") }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="time_zone" label={t("settings.time_zone")} extra={t("settings.time_zone_company")}>
        <Select showSearch options={zoneOptions(tenant.time_zone)} />
      </Form.Item>
      <Form.Item
        name="approval_above"
        label={t("settings.approval_above")}
        extra={t("settings.approval_above_more")}
      >
        <InputNumber
          className="settings-number"
          min={0}
          max={100_000_000}
          precision={0}
          placeholder={t("settings.approval_never")}
          suffix={t("settings.approval_fans")}
        />
      </Form.Item>
      {change.error ? <Trouble error={change.error} /> : null}
      <div className="row">
        <Because reason={notAllowed}>
          <Button type="primary" htmlType="submit" disabled={!!notAllowed} loading={change.isPending}>
            {t("app.save")}
          </Button>
        </Because>
        {change.isSuccess ? <span className="soft small">{t("app.saved")}</span> : null}
      </div>
    </Form>
  );
}
