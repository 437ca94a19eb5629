/** The cover, as WeChat cuts it: a wide strip for the first article, a square for the others and for sharing. */
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { MediaPicker } from "@/answers/MediaPicker";
import type { Id } from "@/api/types";
import { Icon } from "@/ui/icons";
import { fileOf } from "./pictures";

interface Props {
  value: Id | null;
  /** WeChat's own, where no other is chosen. */
  theirs: string;
  first: boolean;
  disabled: boolean;
  /** The words, whose pictures can be the cover. */
  html: string;
  onChange: (media: Id | null) => void;
}

const ours = /<img[^>]+src="\/api\/v1\/media\/(\d+)\/file"/g;

export function CoverField({ value, theirs, first, disabled, html, onChange }: Props) {
  const look = value ? fileOf(value) : theirs;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const inside = useMemo(
    () =>
      [...new Set([...html.matchAll(ours)].map((match) => match[1] ?? ""))]
        .filter((id) => id !== value)
        .slice(0, 4),
    [html, value],
  );
  return (
    <div className="cover-field" data-field="cover">
      <span className="field-label">{t("articles.cover")}</span>
      {look ? (
        <div className="cover-cuts">
          <figure>
            <img src={look} alt="" className="cut-wide" />
            <figcaption>{first ? t("articles.cut_wide_here") : t("articles.cut_wide")}</figcaption>
          </figure>
          <figure>
            <img src={look} alt="" className="cut-square" />
            <figcaption>{t("articles.cut_square")}</figcaption>
          </figure>
        </div>
      ) : (
        <button type="button" className="cover-empty" disabled={disabled} onClick={() => setOpen(true)}>
          <Icon name="image" size={24} />
          <span>{t("articles.cover_choose")}</span>
          <small>{t("articles.cover_hint")}</small>
        </button>
      )}
      <div className="row row-wrap">
        {look ? (
          <Button size="small" disabled={disabled} onClick={() => setOpen(true)}>
            {t("media.change")}
          </Button>
        ) : null}
        {inside.length > 0 && !disabled ? (
          <span className="row row-wrap cover-inside">
            <span className="small soft">{t("articles.cover_inside")}</span>
            {inside.map((id) => (
              <button
                key={id}
                type="button"
                aria-label={t("articles.cover_take")}
                onClick={() => onChange(id)}
              >
                <img src={fileOf(id)} alt="" loading="lazy" />
              </button>
            ))}
          </span>
        ) : null}
      </div>
      {open ? (
        <MediaPicker
          kind="image"
          value={value ?? ""}
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
