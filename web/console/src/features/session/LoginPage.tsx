/** Signing in. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { api, isCode, setCsrfToken, take } from "@/api/client";
import { meQuery } from "@/api/queries";
import { switchLanguage } from "@/lib/i18n";
import { Note, Trouble } from "@/ui/kit";
import { LanguageSwitch, ThemeSwitch } from "@/ui/switches";
import { Gate } from "./Gate";

const defaults = { email: "", password: "" };

export default function LoginPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/login" });
  const router = useRouter();
  const queryClient = useQueryClient();

  const signIn = useMutation({
    mutationFn: (body: typeof defaults) => take(api.POST("/api/v1/session", { body })),
    onSuccess: async (me) => {
      setCsrfToken(me.csrf_token);
      queryClient.clear();
      queryClient.setQueryData(meQuery.queryKey, me);
      await switchLanguage(me.person.language);
      // Only a path of ours: an address from outside must not steer where one lands.
      router.history.push(next?.startsWith("/") && !next.startsWith("//") ? next : "/");
    },
  });

  return (
    <Gate
      title={t("session.title")}
      switches={
        <>
          <LanguageSwitch />
          <ThemeSwitch />
        </>
      }
    >
      <Form
        layout="vertical"
        size="large"
        initialValues={defaults}
        onFinish={(values: typeof defaults) => signIn.mutate(values)}
      >
        <Form.Item
          name="email"
          label={t("session.email")}
          rules={[{ required: true, message: t("fields.required") }]}
        >
          <Input autoFocus autoComplete="username" inputMode="email" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("session.password")}
          rules={[{ required: true, message: t("fields.required") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {isCode(signIn.error, "unauthenticated") ? (
          <Note tone="error">{t("session.wrong")}</Note>
        ) : signIn.error ? (
          <Trouble error={signIn.error} />
        ) : null}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t("session.sign_in")}
        </Button>
      </Form>
      <p className="soft small gate-foot">{t("session.forgot")}</p>
    </Gate>
  );
}
