/** The session ended while somebody was at work: sign in over the page, so that nothing half-written is lost. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { api, isCode, take } from "@/api/client";
import { meQuery } from "@/api/queries";
import type { Me } from "@/api/types";
import { Note, Trouble } from "@/ui/kit";
import { Seal } from "@/ui/mark";

export default function SignInAgain({ open, onDone }: { open: boolean; onDone: (me: Me) => void }) {
  const { t } = useTranslation();
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const signIn = useMutation({
    mutationFn: (password: string) =>
      take(api.POST("/api/v1/session", { body: { email: me?.person.email ?? "", password } })),
    onSuccess: onDone,
  });
  return (
    <Modal
      open={open}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={null}
      width={380}
      destroyOnHidden
    >
      <div className="again">
        <Seal size={36} />
        <h2>{t("session.expired")}</h2>
        <p className="soft">{t("session.expired_more")}</p>
        <Form layout="vertical" onFinish={({ password }: { password: string }) => signIn.mutate(password)}>
          <Form.Item label={t("session.email")}>
            <Input value={me?.person.email} disabled />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("session.password")}
            rules={[{ required: true, message: t("fields.required") }]}
            required={false}
          >
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
          {isCode(signIn.error, "unauthenticated") ? (
            <Note tone="error">{t("session.wrong")}</Note>
          ) : signIn.error ? (
            <Trouble error={signIn.error} />
          ) : null}
          <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
            {t("session.sign_in")}
          </Button>
          <Button type="link" block onClick={() => location.assign("/login")}>
            {t("session.other_person")}
          </Button>
        </Form>
      </div>
    </Modal>
  );
}
