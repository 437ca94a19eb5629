/** A text with its bytes counted, and links put into its words. */
import { Button, Input, Popover } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "@/lib/prefs";
import { byteLength, count, textLimit } from "@/lib/text";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Because } from "@/ui/kit";
import { insertAt, linkOf } from "./shape";

export function TextField({
  text,
  onChange,
  disabled,
  autoFocus,
}: {
  text: string;
  onChange: (text: string) => void;
  disabled: boolean;
  autoFocus: boolean;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const caret = useRef(text.length);
  const bytes = byteLength(text);
  return (
    <div className="bc-text">
      <AutoText
        id="broadcast-text"
        value={text}
        disabled={disabled}
        autoFocus={autoFocus}
        rows={5}
        placeholder={t("broadcasts.text_hint")}
        aria-label={t("broadcasts.kinds.text")}
        status={bytes > textLimit ? "error" : undefined}
        onSelect={(event) => {
          caret.current = event.currentTarget.selectionEnd ?? text.length;
        }}
        onChange={(event) => {
          caret.current = event.target.selectionEnd ?? event.target.value.length;
          onChange(event.target.value);
        }}
      />
      <div className="row row-between">
        <LinkButton
          disabled={disabled}
          onInsert={(piece) => {
            const place = Math.min(caret.current, text.length);
            onChange(insertAt(text, place, piece));
            caret.current = place + piece.length;
          }}
        />
        <span className={bytes > textLimit ? "bytes num over" : "bytes num"}>
          {t("broadcasts.bytes", { used: count(bytes, language), limit: count(textLimit, language) })}
        </span>
      </div>
    </div>
  );
}

function LinkButton({ disabled, onInsert }: { disabled: boolean; onInsert: (piece: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [url, setUrl] = useState("");
  const [words, setWords] = useState("");
  const good = /^https?:\/\/\S+\.\S+/.test(url.trim());
  const insert = () => {
    if (!good) return;
    onInsert(linkOf(url, words));
    setUrl("");
    setWords("");
    setOpen(false);
  };
  return (
    <Popover
      open={open && !disabled}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      content={
        <div className="bc-link">
          <Input
            autoFocus
            value={url}
            placeholder="https://"
            aria-label={t("broadcasts.link_url")}
            onChange={(event) => setUrl(event.target.value)}
            onPressEnter={insert}
          />
          <Input
            value={words}
            placeholder={t("broadcasts.link_words")}
            aria-label={t("broadcasts.link_words")}
            onChange={(event) => setWords(event.target.value)}
            onPressEnter={insert}
          />
          <Because reason={good ? null : t("fields.url")}>
            <Button type="primary" size="small" disabled={!good} onClick={insert}>
              {t("broadcasts.link_insert")}
            </Button>
          </Because>
        </div>
      }
    >
      <Button size="small" type="text" disabled={disabled} icon={<Icon name="link" size={14} />}>
        {t("broadcasts.link")}
      </Button>
    </Popover>
  );
}
