/** One article: its head and words on a sheet, and below what stands around them. */
import { App, Button, Input, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ArticleItem, Id } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { AutoText } from "@/ui/AutoText";
import { Card, Note } from "@/ui/kit";
import { CoverField } from "./CoverField";
import type { Item } from "./items";
import { firstWords, isAddress, letters, most, wordCount } from "./lint";
import { shownPicture, takenFrom } from "./pictures";
import type { Lost } from "./text/read";
import { type Picked, TextEditor } from "./text/TextEditor";

interface Props {
  account: Id;
  item: Item;
  first: boolean;
  alone: boolean;
  disabled: boolean;
  /** What the editor would leave out; nothing once somebody has said that it may. */
  lost: Lost[];
  onAccept: () => void;
  onChange: (part: Partial<ArticleItem>) => void;
  upload: (files: File[]) => Promise<Picked[]>;
  pick: () => Promise<Picked | null>;
  isUploading: boolean;
}

export function Counter({ value, of }: { value: number; of: number }) {
  return <span className={value > of ? "counter over num" : "counter num"}>{`${value} / ${of}`}</span>;
}

export function ItemForm({
  account,
  item,
  first,
  alone,
  disabled,
  lost,
  onAccept,
  onChange,
  upload,
  pick,
  isUploading,
}: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language } = usePrefs();
  const n = (value: number) => count(value, language);
  const size = letters(item.html);
  return (
    <div className="item-form">
      <section className="sheet" aria-label={t("articles.sheet")}>
        <div className="sheet-head">
          <div className="sheet-line">
            <AutoText
              variant="borderless"
              rows={1}
              className="sheet-title"
              value={item.title}
              maxLength={most.title}
              disabled={disabled}
              placeholder={t("articles.title_placeholder")}
              aria-label={t("articles.title")}
              data-field="title"
              onChange={(event) => onChange({ title: event.target.value.replace(/\n/g, "") })}
            />
            <Counter value={letters(item.title)} of={most.title} />
          </div>
          <div className="sheet-line">
            <Input
              variant="borderless"
              className="sheet-author"
              value={item.author}
              maxLength={most.author}
              disabled={disabled}
              placeholder={t("articles.author_placeholder")}
              aria-label={t("articles.author")}
              data-field="author"
              onChange={(event) => onChange({ author: event.target.value })}
            />
            <Counter value={letters(item.author)} of={most.author} />
          </div>
        </div>
        {lost.length > 0 && !disabled ? (
          <div className="sheet-note">
            <Note
              tone="warning"
              action={
                item.wechat?.kind === "newspic" ? null : (
                  <Button size="small" onClick={onAccept}>
                    {t("articles.lost_accept")}
                  </Button>
                )
              }
            >
              {item.wechat?.kind === "newspic"
                ? t("articles.newspic")
                : t("articles.lost", {
                    what: lost.map((one) => t(`articles.lost_kinds.${one}`)).join(t("app.comma")),
                  })}
            </Note>
          </div>
        ) : null}
        <TextEditor
          html={item.html}
          onChange={(html) => onChange({ html })}
          upload={upload}
          pick={pick}
          shown={shownPicture}
          taken={(src) => takenFrom(account, src)}
          onLeftOut={(count) => void message.warning(t("articles.pictures_left_out", { count }))}
          isUploading={isUploading}
          disabled={disabled || lost.length > 0}
          label={t("articles.body")}
        />
        <div className="sheet-foot num">
          <span>{t("articles.words", { n: n(wordCount(item.html)) })}</span>
          <span className={size >= most.html ? "over" : ""} title={t("articles.size_more")}>
            {t("articles.size", { n: n(size), most: n(most.html) })}
          </span>
        </div>
      </section>
      <Card title={t("articles.around")}>
        <div className="around">
          <CoverField
            value={item.cover_media_id}
            theirs={item.wechat?.cover_url ?? ""}
            first={first}
            disabled={disabled}
            html={item.html}
            onChange={(cover_media_id) => onChange({ cover_media_id })}
          />
          <div className="stack around-fields">
            <div className="field">
              <label className="field-label row row-between" htmlFor={`digest-${item.key}`}>
                {t("articles.digest")}
                <Counter value={letters(item.digest)} of={most.digest} />
              </label>
              <AutoText
                id={`digest-${item.key}`}
                rows={2}
                value={item.digest}
                maxLength={most.digest}
                disabled={disabled}
                data-field="digest"
                placeholder={firstWords(item.html) || t("articles.digest_placeholder")}
                onChange={(event) => onChange({ digest: event.target.value.replace(/\n/g, " ") })}
              />
              <span className="field-more">
                {alone ? t("articles.digest_more") : t("articles.digest_many")}
              </span>
            </div>
            <div className="field">
              <label className="field-label" htmlFor={`source-${item.key}`}>
                {t("articles.source")}
              </label>
              <SourceInput
                id={`source-${item.key}`}
                value={item.source_url}
                disabled={disabled}
                onChange={(source_url) => onChange({ source_url })}
              />
            </div>
            <div className="field">
              <span className="field-label" id={`comments-${item.key}`}>
                {t("articles.comments")}
              </span>
              <Segmented
                value={item.comments}
                disabled={disabled}
                aria-labelledby={`comments-${item.key}`}
                onChange={(comments) => onChange({ comments: comments as Item["comments"] })}
                options={(["off", "everybody", "fans"] as const).map((value) => ({
                  value,
                  label: t(`articles.comment_kinds.${value}`),
                }))}
              />
            </div>
          </div>
        </div>
      </Card>
    </div>
  );
}

/** An address half typed is kept here until it is one: the hub takes no other. */
function SourceInput({
  id,
  value,
  disabled,
  onChange,
}: {
  id: string;
  value: string;
  disabled: boolean;
  onChange: (url: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const trimmed = text.trim();
  const wrong = trimmed !== "" && !isAddress(trimmed);
  return (
    <>
      <Input
        id={id}
        value={text}
        maxLength={1024}
        disabled={disabled}
        data-field="source"
        status={wrong ? "error" : ""}
        placeholder="https://"
        onChange={(event) => {
          setText(event.target.value);
          const next = event.target.value.trim();
          if (next === "" || isAddress(next)) onChange(next);
        }}
      />
      <span className={wrong ? "field-more over" : "field-more"}>
        {wrong ? t("articles.faults.source_wrong") : t("articles.source_more")}
      </span>
    </>
  );
}
