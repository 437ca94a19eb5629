/** What is said after a scan: one to four texts, pictures or cards, in order. */
import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Content } from "@/api/types";
import { byteLength, textLimit } from "@/lib/text";
import { AutoText } from "@/ui/AutoText";
import { Icon, type IconName } from "@/ui/icons";
import { PictureField } from "./PictureField";

/** One in the answer itself and three within WeChat's minute after a scan (R3). */
const most = 4;
const kinds = [
  { type: "text", icon: "text" },
  { type: "image", icon: "image" },
  { type: "article", icon: "article" },
] as const satisfies readonly { type: Content["type"]; icon: IconName }[];

export function emptyContent(type: "text" | "image" | "article"): Content {
  if (type === "image") return { type, media_id: "" };
  if (type === "article") return { type, title: "", url: "" };
  return { type: "text", text: "" };
}

/** What keeps it from being saved, as a word; nothing when it may be. */
export function problemOf(contents: Content[]): "text" | "picture" | "card" | null {
  for (const content of contents) {
    if (content.type === "text" && (!content.text.trim() || byteLength(content.text) > textLimit))
      return "text";
    if (content.type === "image" && !content.media_id) return "picture";
    if (content.type === "article" && (!content.title.trim() || !/^https?:\/\/\S+$/.test(content.url)))
      return "card";
  }
  return null;
}

export function Contents({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Content[];
  onChange: (contents: Content[]) => void;
}) {
  const { t } = useTranslation();
  const put = (index: number, content: Content) =>
    onChange(value.map((one, place) => (place === index ? content : one)));
  return (
    <fieldset className="code-contents" aria-label={label}>
      {value.map((content, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a short list whose fields are controlled
        <div key={index} className="code-content">
          <div className="row row-between small soft">
            <span className="row">
              <Icon name={kinds.find((one) => one.type === content.type)?.icon ?? "text"} size={14} />
              {t(`messages.${content.type}`)}
              {index > 0 ? <span className="dim">{t("qrcodes.later")}</span> : null}
            </span>
            {value.length > 1 || content.type !== "text" ? (
              <Button
                type="text"
                size="small"
                aria-label={t("qrcodes.remove_content")}
                icon={<Icon name="close" size={13} />}
                onClick={() => {
                  const rest = value.filter((_, place) => place !== index);
                  onChange(rest.length > 0 ? rest : [emptyContent("text")]);
                }}
              />
            ) : null}
          </div>
          <Fields content={content} onChange={(next) => put(index, next)} />
        </div>
      ))}
      {value.length < most ? (
        <div className="row row-wrap">
          {kinds.map(({ type, icon }) => (
            <Button
              key={type}
              size="small"
              icon={<Icon name={icon} size={14} />}
              onClick={() =>
                onChange([
                  ...value.filter((one) => !(one.type === "text" && one.text === "")),
                  emptyContent(type),
                ])
              }
            >
              {t(`messages.${type}`)}
            </Button>
          ))}
        </div>
      ) : (
        <p className="small dim">{t("qrcodes.most_contents", { count: most })}</p>
      )}
    </fieldset>
  );
}

function Fields({ content, onChange }: { content: Content; onChange: (content: Content) => void }) {
  const { t } = useTranslation();
  if (content.type === "text") {
    const bytes = byteLength(content.text);
    return (
      <>
        <AutoText
          value={content.text}
          rows={2}
          placeholder={t("qrcodes.text_hint")}
          aria-label={t("messages.text")}
          onChange={(event) => onChange({ ...content, text: event.target.value })}
        />
        {bytes > textLimit ? (
          <p className="small code-over">{t("answers.bytes", { used: bytes, limit: textLimit })}</p>
        ) : null}
      </>
    );
  }
  if (content.type === "image")
    return (
      <PictureField
        value={content.media_id || null}
        onChange={(media_id) => onChange({ ...content, media_id: media_id ?? "" })}
      />
    );
  if (content.type === "article")
    return (
      <div className="stack-tight">
        <Input
          value={content.title}
          placeholder={t("answers.article_title")}
          aria-label={t("answers.article_title")}
          onChange={(event) => onChange({ ...content, title: event.target.value })}
        />
        <Input
          value={content.description}
          placeholder={t("answers.description")}
          aria-label={t("answers.description")}
          onChange={(event) => onChange({ ...content, description: event.target.value || undefined })}
        />
        <Input
          value={content.url}
          placeholder={t("answers.article_url")}
          aria-label={t("answers.article_url")}
          onChange={(event) => onChange({ ...content, url: event.target.value.trim() })}
        />
        <Input
          value={content.picture_url}
          placeholder={t("answers.picture_url")}
          aria-label={t("answers.picture_url")}
          onChange={(event) => onChange({ ...content, picture_url: event.target.value.trim() || undefined })}
        />
      </div>
    );
  // Voice, video and music come from programs; the page keeps them as they are.
  return <p className="small soft">{t("qrcodes.kept_content")}</p>;
}
