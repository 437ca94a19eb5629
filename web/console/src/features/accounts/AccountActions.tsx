/** What can be done with an account, and why not when it cannot. There is no delete while bound (R17). */
import { useNavigate } from "@tanstack/react-router";
import { Button, Form, Input, Modal, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Allowance, Encryption } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { showFieldProblems } from "@/lib/problems";
import { useMayNotBind, useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Card, Note, Trouble } from "@/ui/kit";
import { useChangeAccount, useRebind, useUnbind } from "./api";
import { DeleteAccount } from "./DeleteAccount";

export function AccountActions({ account }: { account: Account }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ownerOnly = useMayNotBind();
  const notAllowed = useNotAllowed("accounts:write");
  const change = useChangeAccount(account.id);
  const unbind = useUnbind(account.id);
  const rebind = useRebind(account.id);
  const [open, setOpen] = useState<"unbind" | "delete" | "secrets" | null>(null);
  const bound = account.status === "bound";

  return (
    <>
      <Card title={t("actions.title")}>
        <div className="stack-tight actions-list">
          {bound ? (
            <Button
              block
              icon={<Icon name="replies" />}
              onClick={() => void navigate({ to: "/replies", search: { account: account.id } })}
            >
              {t("actions.replies")}
            </Button>
          ) : null}
          <Button
            block
            icon={<Icon name="customers" />}
            onClick={() => void navigate({ to: "/customers", search: { account: account.id } })}
          >
            {t("actions.customers")}
          </Button>
          {account.mode === "direct" ? (
            <Because reason={notAllowed}>
              <Button
                block
                icon={<Icon name="edit" />}
                disabled={!!notAllowed}
                onClick={() => setOpen("secrets")}
              >
                {t("actions.secrets")}
              </Button>
            </Because>
          ) : bound ? (
            <Because reason={ownerOnly}>
              <Button
                block
                icon={<Icon name="scan" />}
                disabled={!!ownerOnly}
                onClick={() => void navigate({ to: "/accounts/bind", search: { way: "scan" } })}
              >
                {t("permissions.regrant")}
              </Button>
            </Because>
          ) : null}
        </div>
      </Card>

      <Card title={t("actions.settings")}>
        <div className="stack">
          {change.error ? <Trouble error={change.error} /> : null}
          <div className="setting">
            <div className="row row-between">
              <label htmlFor="listen-only">{t("accounts.listen_only")}</label>
              <Because reason={notAllowed}>
                <Switch
                  id="listen-only"
                  size="small"
                  disabled={!!notAllowed || !bound}
                  loading={change.isPending && change.variables?.listen_only !== undefined}
                  checked={account.listen_only}
                  onChange={(listen_only) => change.mutate({ listen_only })}
                />
              </Because>
            </div>
            <p className="small soft">{t("accounts.listen_only_more")}</p>
          </div>
          <div className="setting">
            <label htmlFor="encryption">{t("accounts.encryption")}</label>
            <Because reason={account.mode === "platform" ? t("accounts.encryption_platform") : notAllowed}>
              <Select<Encryption>
                id="encryption"
                className="full"
                value={account.encryption}
                disabled={!!notAllowed || account.mode === "platform"}
                loading={change.isPending && change.variables?.encryption !== undefined}
                onChange={(encryption) => change.mutate({ encryption })}
                options={(["safe", "compatible", "plain"] as const).map((value) => ({
                  value,
                  label: t(`accounts.encryptions.${value}`),
                }))}
              />
            </Because>
            <p className="small soft">{t("accounts.encryption_more")}</p>
          </div>
          <div className="setting">
            <label htmlFor="allowance">{t("accounts.allowance")}</label>
            <Because reason={notAllowed}>
              <Select<Allowance>
                id="allowance"
                className="full"
                value={account.allowance}
                disabled={!!notAllowed}
                loading={change.isPending && change.variables?.allowance !== undefined}
                onChange={(allowance) => change.mutate({ allowance })}
                options={(["2023-06", "classic"] as const).map((value) => ({
                  value,
                  label: t(`accounts.allowances.${value}`),
                }))}
              />
            </Because>
            <p className="small soft">{t(`accounts.allowances_more.${account.allowance}`)}</p>
          </div>
        </div>
      </Card>

      <Card title={bound ? t("actions.leave") : t("actions.after_unbind")}>
        <div className="stack-tight">
          <p className="small soft">{bound ? t("actions.leave_more") : t("actions.after_unbind_more")}</p>
          {rebind.error ? <Trouble error={rebind.error} /> : null}
          <div className="actions-list stack-tight">
            {bound ? (
              <Because reason={ownerOnly}>
                <Button
                  block
                  icon={<Icon name="unlink" />}
                  disabled={!!ownerOnly}
                  onClick={() => setOpen("unbind")}
                >
                  {t("actions.unbind")}
                </Button>
              </Because>
            ) : (
              <>
                <Because reason={ownerOnly}>
                  <Button
                    block
                    type="primary"
                    icon={<Icon name="link" />}
                    disabled={!!ownerOnly}
                    loading={rebind.isPending}
                    onClick={() =>
                      account.mode === "direct"
                        ? rebind.mutate()
                        : void navigate({ to: "/accounts/bind", search: { way: "scan" } })
                    }
                  >
                    {t("actions.rebind")}
                  </Button>
                </Because>
                <Because reason={ownerOnly}>
                  <Button
                    block
                    danger
                    icon={<Icon name="trash" />}
                    disabled={!!ownerOnly}
                    onClick={() => setOpen("delete")}
                  >
                    {t("actions.delete")}
                  </Button>
                </Because>
              </>
            )}
          </div>
        </div>
      </Card>

      <Modal
        open={open === "unbind"}
        title={t("actions.unbind_title", { name: account.nick_name })}
        onCancel={() => setOpen(null)}
        okText={account.mode === "direct" ? t("actions.unbind") : t("app.understood")}
        cancelButtonProps={account.mode === "direct" ? undefined : { style: { display: "none" } }}
        confirmLoading={unbind.isPending}
        onOk={() =>
          account.mode === "direct"
            ? unbind.mutate(undefined, { onSuccess: () => setOpen(null) })
            : setOpen(null)
        }
      >
        <div className="stack">
          {account.mode === "direct" ? (
            <>
              <p>{t("actions.unbind_direct")}</p>
              <ul className="bullets">
                <li>{t("actions.unbind_kept")}</li>
                <li>{t("actions.unbind_stops")}</li>
                <li>{t("actions.unbind_back")}</li>
              </ul>
              <Note>{t("actions.unbind_wechat")}</Note>
            </>
          ) : (
            <>
              <p>{t("actions.unbind_platform")}</p>
              <p className="path-steps">{t("actions.unbind_path")}</p>
              <p className="soft">{t("actions.unbind_watch")}</p>
            </>
          )}
          {unbind.error ? <Trouble error={unbind.error} /> : null}
        </div>
      </Modal>
      {open === "delete" ? <DeleteAccount account={account} onClose={() => setOpen(null)} /> : null}
      {open === "secrets" ? <Secrets account={account} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

interface SecretValues {
  nick_name: string;
  app_secret?: string;
  token?: string;
  encoding_aes_key?: string;
}

function Secrets({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [form] = Form.useForm<SecretValues>();
  const change = useChangeAccount(account.id);
  const submit = (values: SecretValues) => {
    // An empty field means "leave as it is": secrets are never sent back to the browser.
    const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value?.trim()));
    change.mutate(body, {
      onSuccess: onClose,
      onError: (error) => {
        showFieldProblems(form, error);
      },
    });
  };
  return (
    <Modal
      open
      title={t("actions.secrets")}
      onCancel={onClose}
      okText={t("app.save")}
      confirmLoading={change.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        lang={language}
        initialValues={{ nick_name: account.nick_name }}
        onFinish={submit}
      >
        <Form.Item name="nick_name" label={t("direct.nick_name")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="app_secret"
          label="AppSecret"
          rules={[{ pattern: /^[0-9a-zA-Z]{32}$/, message: t("direct.secret_shape") }]}
        >
          <Input.Password autoComplete="new-password" placeholder={t("actions.unchanged")} />
        </Form.Item>
        <Form.Item
          name="token"
          label="Token"
          rules={[{ pattern: /^[0-9a-zA-Z]{3,32}$/, message: t("direct.token_shape") }]}
        >
          <Input placeholder={t("actions.unchanged")} />
        </Form.Item>
        <Form.Item
          name="encoding_aes_key"
          label="EncodingAESKey"
          rules={[{ pattern: /^[0-9a-zA-Z]{43}$/, message: t("direct.key_shape") }]}
        >
          <Input placeholder={t("actions.unchanged")} />
        </Form.Item>
        {change.error ? <Trouble error={change.error} /> : null}
      </Form>
    </Modal>
  );
}
