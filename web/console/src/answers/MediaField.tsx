/** A file of the library in a form: the one that is chosen, and the way to another. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MediaKind } from "@/api/types";
import { Icon } from "@/ui/icons";
import { mediaQuery } from "./api";
import { Look } from "./Look";
import { MediaPicker } from "./MediaPicker";

export function MediaField({
  kind,
  value,
  onChange,
  disabled,
}: {
  kind: MediaKind;
  value: string;
  onChange: (id: string) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const files = useInfiniteQuery({ ...mediaQuery({ kind }), enabled: value !== "" }).data;
  const chosen = files?.pages.flatMap((page) => page.items).find((one) => one.id === value);
  return (
    <div className="media-field">
      {value ? (
        <span className="media-chosen">
          <Look id={value} kind={kind} />
          <span className="ellipsis">{chosen?.file_name ?? ""}</span>
        </span>
      ) : null}
      <Button
        size={value ? "small" : "middle"}
        disabled={disabled}
        icon={<Icon name={kind === "thumb" ? "image" : kind} size={14} />}
        onClick={() => setOpen(true)}
      >
        {value ? t("media.change") : t(`media.choose.${kind}`)}
      </Button>
      {open ? (
        <MediaPicker
          kind={kind}
          value={value}
          onClose={() => setOpen(false)}
          onPick={(media) => {
            onChange(media.id);
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}
