/** Where some words lead. WeChat keeps links to its own articles; others only for accounts that may have them. */
import type { Editor } from "@tiptap/core";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const isAddress = (text: string) => /^https?:\/\/[^\s/]+/i.test(text);

export function LinkDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { t } = useTranslation();
  const before = (editor.getAttributes("link").href as string | undefined) ?? "";
  const nothing = editor.state.selection.empty && !before;
  const [href, setHref] = useState(before);
  const [words, setWords] = useState("");
  const wrong = href.trim() !== "" && !isAddress(href.trim());
  const put = () => {
    const address = href.trim();
    if (!isAddress(address)) return;
    const chain = editor.chain().focus();
    if (nothing) {
      const text = words.trim() || address;
      chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href: address } }] }).run();
    } else chain.extendMarkRange("link").setLink({ href: address }).run();
    onClose();
  };
  return (
    <Modal
      open
      title={t("articles.tools.link")}
      onCancel={onClose}
      width={460}
      footer={
        <>
          {before ? (
            <Button
              danger
              onClick={() => {
                editor.chain().focus().extendMarkRange("link").unsetLink().run();
                onClose();
              }}
            >
              {t("articles.tools.unlink")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="primary" disabled={!isAddress(href.trim())} onClick={put}>
            {t("app.save")}
          </Button>
        </>
      }
    >
      <Form layout="vertical" onFinish={put}>
        <Form.Item
          label={t("articles.tools.link_to")}
          validateStatus={wrong ? "error" : ""}
          help={wrong ? t("articles.tools.link_wrong") : t("articles.tools.link_more")}
        >
          <Input
            autoFocus
            value={href}
            placeholder="https://mp.weixin.qq.com/s/…"
            onChange={(event) => setHref(event.target.value)}
          />
        </Form.Item>
        {nothing ? (
          <Form.Item label={t("articles.tools.link_words")}>
            <Input value={words} maxLength={120} onChange={(event) => setWords(event.target.value)} />
          </Form.Item>
        ) : null}
      </Form>
    </Modal>
  );
}
