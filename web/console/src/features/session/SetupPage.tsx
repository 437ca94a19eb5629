/** First run: name the company, make the owner. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { api, isCode, setCsrfToken, take } from "@/api/client";
import { meQuery } from "@/api/queries";
import type { SetupBody } from "@/api/types";
import { currentLanguage } from "@/lib/i18n";
import { showFieldProblems } from "@/lib/problems";
import { Trouble } from "@/ui/kit";
import { LanguageSwitch, ThemeSwitch } from "@/ui/switches";
import { Gate } from "./Gate";

type Values = Omit<SetupBody, "language">;
const defaults: Values = { tenant_name: "", name: "", email: "", password: "" };

export default function SetupPage() {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const navigate = useNavigate();
  const queryClient = useQueryClient();

  const setUp = useMutation({
    mutationFn: (values: Values) =>
      take(api.POST("/api/v1/setup", { body: { ...values, language: currentLanguage() } })),
    onSuccess: async (me) => {
      setCsrfToken(me.csrf_token);
      queryClient.setQueryData(meQuery.queryKey, me);
      await navigate({ to: "/" });
    },
    onError: (error) => {
      showFieldProblems(form, error);
      // Somebody else was quicker: their door is the sign-in page.
      if (isCode(error, "conflict", "set_up_already")) void navigate({ to: "/login" });
    },
  });
  const required = [{ required: true, whitespace: true, message: t("fields.required") }];

  return (
    <Gate
      title={t("setup.title")}
      lead={t("setup.lead")}
      switches={
        <>
          <LanguageSwitch />
          <ThemeSwitch />
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={defaults}
        onFinish={(values) => setUp.mutate(values)}
      >
        <Form.Item name="tenant_name" label={t("setup.tenant_name")} rules={required}>
          <Input
            autoFocus
            autoComplete="organization"
            placeholder={t("setup.tenant_name_hint")}
            maxLength={100}
          />
        </Form.Item>
        <Form.Item name="name" label={t("setup.name")} rules={required}>
          <Input autoComplete="name" maxLength={100} />
        </Form.Item>
        <Form.Item
          name="email"
          label={t("session.email")}
          rules={[...required, { type: "email", message: t("fields.email") }]}
        >
          <Input autoComplete="username" inputMode="email" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("session.password")}
          extra={t("session.password_rule")}
          rules={[
            { required: true, message: t("fields.required") },
            { min: 8, message: t("fields.too_short") },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {setUp.error ? <Trouble error={setUp.error} /> : null}
        <Button type="primary" htmlType="submit" block size="large" loading={setUp.isPending}>
          {t("setup.go")}
        </Button>
      </Form>
    </Gate>
  );
}
