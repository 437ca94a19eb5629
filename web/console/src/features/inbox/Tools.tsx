/** What can be put into an answer besides words: a row of buttons below the place to write. */
import { Button, Tooltip } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "@/ui/icons";

export function Tools({
  off,
  note,
  busy,
  onCanned,
  onFile,
  onLibrary,
  onCard,
  onTemplate,
}: {
  /** Nothing can be said now. */
  off: boolean;
  /** A note is being written: it takes words alone. */
  note: boolean;
  busy: boolean;
  onCanned: () => void;
  onFile: (file: File | undefined) => void;
  onLibrary: () => void;
  onCard: () => void;
  /** Absent where the account may send none, and in a closed chat, which offers it itself. */
  onTemplate?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const tool = (icon: IconName, name: string, act: () => void, disabled: boolean, loading = false) => (
    <Tooltip title={name}>
      <Button
        type="text"
        size="small"
        icon={<Icon name={icon} />}
        aria-label={name}
        loading={loading}
        disabled={disabled}
        onClick={act}
      />
    </Tooltip>
  );
  return (
    <span className="composer-tools">
      {tool("lightning", t("inbox.canned.title"), onCanned, off)}
      {tool("clip", t("inbox.attach.title"), () => file.current?.click(), off || note, busy)}
      {tool("image", t("inbox.attach.library"), onLibrary, off || note)}
      {tool("link", t("inbox.card.title"), onCard, off || note)}
      {onTemplate ? tool("template", t("inbox.template"), onTemplate, off || note) : null}
      <input
        ref={file}
        type="file"
        hidden
        accept="image/*,video/mp4,audio/mpeg,audio/amr"
        data-testid="inbox-file"
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </span>
  );
}
