/** Binding with the account's own AppID and secret (A11): form first, then what to paste at WeChat. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountQuery } from "@/api/queries";
import type { Account, DirectBinding as Body } from "@/api/types";
import { showFieldProblems } from "@/lib/problems";
import { Icon } from "@/ui/icons";
import { AccountName, Card, CopyField, Note, Status, Trouble, When } from "@/ui/kit";
import { useBindDirect } from "./api";

type Values = Omit<Body, "mode" | "verify_type"> & { verified: "yes" | "no" };

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
function random(length: number) {
  const bytes = crypto.getRandomValues(new Uint32Array(length));
  return Array.from(bytes, (value) => letters[value % letters.length]).join("");
}

export function DirectBinding() {
  const [made, setMade] = useState<{ account: Account; values: Values } | null>(null);
  return made ? (
    <Paste id={made.account.id} values={made.values} />
  ) : (
    <Fields onMade={(account, values) => setMade({ account, values })} />
  );
}

function Fields({ onMade }: { onMade: (account: Account, values: Values) => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const [defaults] = useState<Partial<Values>>(() => ({
    token: random(24),
    encoding_aes_key: random(43),
    encryption: "safe",
    kind: "service",
    verified: "yes",
  }));
  const bind = useBindDirect();
  const verified = Form.useWatch("verified", form) ?? "yes";

  const submit = ({ verified: answer, ...values }: Values) =>
    bind.mutate(
      {
        ...values,
        app_id: values.app_id.trim(),
        app_secret: values.app_secret.trim(),
        nick_name: values.nick_name?.trim() || undefined,
        mode: "direct",
        verify_type: answer === "yes" ? 0 : -1,
      },
      {
        onSuccess: (account) => onMade(account, { ...values, verified: answer }),
        onError: (error) => {
          showFieldProblems(form, error);
        },
      },
    );
  const required = { required: true, message: t("fields.required") };

  return (
    <Card>
      <Form
        form={form}
        layout="vertical"
        initialValues={defaults}
        onFinish={submit}
        className="bind-form"
        scrollToFirstError
      >
        <p className="soft form-lead">{t("direct.lead")}</p>
        <Form.Item name="nick_name" label={t("direct.nick_name")} rules={[required]}>
          <Input maxLength={60} placeholder={t("direct.nick_name_hint")} />
        </Form.Item>
        <div className="form-pair">
          <Form.Item name="kind" label={t("accounts.kind")}>
            <Radio.Group
              options={[
                { value: "service", label: t("accounts.kinds.service") },
                { value: "subscription", label: t("accounts.kinds.subscription") },
              ]}
            />
          </Form.Item>
          <Form.Item name="verified" label={t("direct.verified")}>
            <Radio.Group
              options={[
                { value: "yes", label: t("direct.verified_yes") },
                { value: "no", label: t("direct.verified_no") },
              ]}
            />
          </Form.Item>
        </div>
        {verified === "no" ? (
          <Form.Item>
            <Note tone="warning">{t("refusals.account_unverified.do")}</Note>
          </Form.Item>
        ) : null}
        <Form.Item
          name="app_id"
          label="AppID"
          extra={t("direct.where_app_id")}
          rules={[required, { pattern: /^\s*wx[0-9a-zA-Z]{16}\s*$/, message: t("direct.app_id_shape") }]}
        >
          <Input placeholder="wx0123456789abcdef" spellCheck={false} autoComplete="off" className="mono" />
        </Form.Item>
        <Form.Item
          name="app_secret"
          label="AppSecret"
          rules={[required, { pattern: /^\s*[0-9a-zA-Z]{32}\s*$/, message: t("direct.secret_shape") }]}
        >
          <Input.Password spellCheck={false} autoComplete="new-password" className="mono" />
        </Form.Item>
        <Form.Item
          name="token"
          label="Token"
          extra={t("direct.token_extra")}
          rules={[required, { pattern: /^[0-9a-zA-Z]{3,32}$/, message: t("direct.token_shape") }]}
        >
          <Input
            spellCheck={false}
            className="mono"
            suffix={
              <Button type="link" size="small" onClick={() => form.setFieldValue("token", random(24))}>
                {t("direct.make")}
              </Button>
            }
          />
        </Form.Item>
        <Form.Item
          name="encoding_aes_key"
          label="EncodingAESKey"
          rules={[required, { pattern: /^[0-9a-zA-Z]{43}$/, message: t("direct.key_shape") }]}
        >
          <Input
            spellCheck={false}
            className="mono"
            suffix={
              <Button
                type="link"
                size="small"
                onClick={() => form.setFieldValue("encoding_aes_key", random(43))}
              >
                {t("direct.make")}
              </Button>
            }
          />
        </Form.Item>
        <Form.Item name="encryption" label={t("accounts.encryption")} extra={t("direct.encryption_extra")}>
          <Select
            options={(["safe", "compatible", "plain"] as const).map((value) => ({
              value,
              label: t(`accounts.encryptions.${value}`),
            }))}
          />
        </Form.Item>
        {bind.error ? <Trouble error={bind.error} /> : null}
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          loading={bind.isPending}
          disabled={verified === "no"}
        >
          {t("direct.go")}
        </Button>
      </Form>
    </Card>
  );
}

function Paste({ id, values }: { id: string; values: Values }) {
  const { t } = useTranslation();
  // The stream tells when WeChat has verified the address; asking covers a stream that is down.
  const { data: account } = useQuery({
    ...accountQuery(id),
    refetchInterval: (query) => (query.state.data?.callback_verified_at ? false : 4_000),
  });
  if (!account) return null;
  return (
    <Card>
      <div className="stack bind-body">
        <div className="row">
          <AccountName account={account} size={28} />
        </div>
        <Note tone="ok">{t("direct.accepted")}</Note>
        <p>{t("direct.paste_lead")}</p>
        <p className="path-steps">{t("direct.paste_path")}</p>
        <CopyField label={t("direct.url")} value={account.callback_url} />
        <CopyField label="Token" value={values.token} />
        <CopyField label="EncodingAESKey" value={values.encoding_aes_key} />
        <CopyField label={t("accounts.encryption")} value={t(`accounts.encryptions.${values.encryption}`)} />
        <div className="verify-line" aria-live="polite">
          {account.callback_verified_at ? (
            <Status tone="ok">
              {t("direct.verified_at")} <When at={account.callback_verified_at} />
            </Status>
          ) : (
            <Status tone="warning">{t("direct.waiting")}</Status>
          )}
        </div>
        <div className="row">
          <Link to="/accounts/$id" params={{ id }} className="ant-btn-like">
            <Icon name="right" size={14} /> {t("bind.see_account")}
          </Link>
        </div>
      </div>
    </Card>
  );
}
