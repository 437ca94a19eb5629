/** 1 to 20 pictures in their order, the first one large. */
import { Button, Input, Select } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUpload } from "@/answers/api";
import { MediaField } from "@/answers/MediaField";
import type { BroadcastContent, Id } from "@/api/types";
import { asWechatPicture } from "@/lib/pictures";
import { usePrefs } from "@/lib/prefs";
import { fileSize } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Because, Note, Trouble } from "@/ui/kit";
import { most } from "./shape";

type Images = Extract<BroadcastContent, { type: "images" }>;
const largest = 10 * 1024 * 1024;

export function Pictures({
  content,
  onChange,
  disabled,
}: {
  content: Images;
  onChange: (next: (content: Images) => Images) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const upload = useUpload("image");
  const file = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = content.media_ids;
  const left = most.pictures - ids.length;
  const full = left <= 0 ? t("broadcasts.pictures_full", { count: most.pictures }) : null;
  const change = (next: (ids: Id[]) => Id[]) =>
    onChange((now) => ({ ...now, media_ids: next(now.media_ids).slice(0, most.pictures) }));
  const move = (place: number, by: number) =>
    change((now) => {
      const moved = [...now];
      const [one] = moved.splice(place, 1);
      if (one) moved.splice(place + by, 0, one);
      return moved;
    });
  const add = (id: Id) => change((now) => (now.includes(id) ? now : [...now, id]));

  const take = async (files: File[]) => {
    setWrong(null);
    setBusy(true);
    for (const one of files.slice(0, Math.max(0, left))) {
      try {
        const ready = await asWechatPicture(one);
        if (!/\.(jpe?g|png|gif)$/i.test(ready.name) || ready.size > largest) {
          setWrong(t("broadcasts.picture_wrong", { name: one.name, limit: fileSize(largest, language) }));
          continue;
        }
        add((await upload.mutateAsync(ready)).id);
      } catch {
        // A picture that cannot be read; a refusal of the hub stands below.
        setWrong(t("broadcasts.picture_wrong", { name: one.name, limit: fileSize(largest, language) }));
      }
    }
    setBusy(false);
  };

  return (
    <div className="stack-tight">
      {ids.length > 0 ? (
        <ol className="bc-pictures">
          {ids.map((id, place) => (
            <li key={id}>
              <img src={`/api/v1/media/${id}/file`} alt={t("broadcasts.picture_n", { n: place + 1 })} />
              <span className="bc-picture-keys">
                <button
                  type="button"
                  disabled={disabled || place === 0}
                  aria-label={t("broadcasts.earlier", { n: place + 1 })}
                  onClick={() => move(place, -1)}
                >
                  <Icon name="left" size={13} />
                </button>
                <button
                  type="button"
                  disabled={disabled || place === ids.length - 1}
                  aria-label={t("broadcasts.later", { n: place + 1 })}
                  onClick={() => move(place, 1)}
                >
                  <Icon name="right" size={13} />
                </button>
                <button
                  type="button"
                  disabled={disabled}
                  aria-label={t("broadcasts.take_out", { n: place + 1 })}
                  onClick={() => change((now) => now.filter((one) => one !== id))}
                >
                  <Icon name="close" size={13} />
                </button>
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      <div className="row row-wrap">
        <Because reason={full}>
          <Button
            icon={<Icon name="plus" size={14} />}
            disabled={disabled || !!full}
            loading={busy}
            onClick={() => file.current?.click()}
          >
            {t("broadcasts.pictures_add")}
          </Button>
        </Because>
        {full ? null : <MediaField kind="image" value="" disabled={disabled} onChange={add} />}
        <span className="field-more">
          {t("broadcasts.pictures_of", { n: ids.length, limit: most.pictures })}
        </span>
        <input
          ref={file}
          type="file"
          hidden
          multiple
          accept="image/jpeg,image/png,image/gif,image/webp"
          data-testid="broadcast-pictures"
          onChange={(event) => {
            void take([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      {upload.error ? <Trouble error={upload.error} /> : wrong ? <Note tone="error">{wrong}</Note> : null}
      <Input
        value={content.recommend ?? ""}
        disabled={disabled}
        maxLength={most.recommend}
        placeholder={t("broadcasts.recommend")}
        aria-label={t("broadcasts.recommend")}
        onChange={(event) => {
          const recommend = event.target.value || null;
          onChange((now) => ({ ...now, recommend }));
        }}
      />
      <span className="row row-wrap">
        <span className="soft small">{t("broadcasts.comments")}</span>
        <Select
          size="small"
          popupMatchSelectWidth={false}
          disabled={disabled}
          aria-label={t("broadcasts.comments")}
          value={content.comments}
          onChange={(comments) => onChange((now) => ({ ...now, comments }))}
          options={(["off", "everybody", "fans"] as const).map((value) => ({
            value,
            label: t(`broadcasts.comments_of.${value}`),
          }))}
        />
      </span>
    </div>
  );
}
