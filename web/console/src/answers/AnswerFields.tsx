/** The fields of one thing that is said, whatever says it: a reply rule, a button of a menu. */
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Answer } from "@/api/types";
import { byteLength, textLimit } from "@/lib/text";
import { AutoText } from "@/ui/AutoText";
import { MediaField } from "./MediaField";
import "./answers.css";

export function AnswerFields({
  answer,
  onChange,
  disabled,
  autoFocus,
  chooseNow = false,
}: {
  answer: Answer;
  onChange: (answer: Answer) => void;
  disabled: boolean;
  autoFocus: boolean;
  /** Opens the library at once, for a file that is still to be chosen. */
  chooseNow?: boolean;
}) {
  const { t } = useTranslation();
  switch (answer.type) {
    case "text": {
      const bytes = byteLength(answer.text);
      return (
        <>
          <AutoText
            value={answer.text}
            disabled={disabled}
            autoFocus={autoFocus}
            rows={3}
            placeholder={t("answers.text_hint")}
            aria-label={t("answers.types.text")}
            onChange={(event) => onChange({ ...answer, text: event.target.value })}
          />
          {bytes > textLimit * 0.8 ? (
            <p className={bytes > textLimit ? "field-more over" : "field-more"}>
              {t("answers.bytes", { used: bytes, limit: textLimit })}
            </p>
          ) : null}
        </>
      );
    }
    case "image":
      return (
        <MediaField
          kind="image"
          chooseNow={chooseNow}
          value={answer.media_id}
          disabled={disabled}
          onChange={(media_id) => onChange({ ...answer, media_id })}
        />
      );
    case "voice":
      return (
        <MediaField
          kind="voice"
          chooseNow={chooseNow}
          value={answer.media_id}
          disabled={disabled}
          onChange={(media_id) => onChange({ ...answer, media_id })}
        />
      );
    case "video":
      return (
        <div className="stack-tight">
          <MediaField
            kind="video"
            chooseNow={chooseNow}
            value={answer.media_id}
            disabled={disabled}
            onChange={(media_id) => onChange({ ...answer, media_id })}
          />
          <Input
            value={answer.title}
            disabled={disabled}
            placeholder={t("answers.title_optional")}
            onChange={(event) => onChange({ ...answer, title: event.target.value || undefined })}
          />
          <Input
            value={answer.description}
            disabled={disabled}
            placeholder={t("answers.description")}
            onChange={(event) => onChange({ ...answer, description: event.target.value || undefined })}
          />
        </div>
      );
    case "music":
      return (
        <div className="stack-tight">
          <Input
            value={answer.url}
            disabled={disabled}
            placeholder={t("answers.music_url")}
            onChange={(event) => onChange({ ...answer, url: event.target.value })}
          />
          <Input
            value={answer.hq_url}
            disabled={disabled}
            placeholder={t("answers.music_hq")}
            onChange={(event) => onChange({ ...answer, hq_url: event.target.value || undefined })}
          />
          <Input
            value={answer.title}
            disabled={disabled}
            placeholder={t("answers.title_optional")}
            onChange={(event) => onChange({ ...answer, title: event.target.value || undefined })}
          />
          <Input
            value={answer.description}
            disabled={disabled}
            placeholder={t("answers.description")}
            onChange={(event) => onChange({ ...answer, description: event.target.value || undefined })}
          />
          <MediaField
            kind="thumb"
            value={answer.thumb_media_id}
            disabled={disabled}
            onChange={(thumb_media_id) => onChange({ ...answer, thumb_media_id })}
          />
        </div>
      );
    case "article":
      return (
        <div className="stack-tight">
          <Input
            value={answer.title}
            disabled={disabled}
            autoFocus={autoFocus}
            placeholder={t("answers.article_title")}
            onChange={(event) => onChange({ ...answer, title: event.target.value })}
          />
          <AutoText
            value={answer.description}
            disabled={disabled}
            rows={2}
            placeholder={t("answers.description")}
            onChange={(event) => onChange({ ...answer, description: event.target.value || undefined })}
          />
          <Input
            value={answer.url}
            disabled={disabled}
            placeholder={t("answers.article_url")}
            onChange={(event) => onChange({ ...answer, url: event.target.value })}
          />
          <Input
            value={answer.picture_url}
            disabled={disabled}
            placeholder={t("answers.picture_url")}
            onChange={(event) => onChange({ ...answer, picture_url: event.target.value || undefined })}
          />
        </div>
      );
    case "none":
      return <p className="field-more">{t("answers.none_more")}</p>;
  }
}
