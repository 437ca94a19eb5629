/** What is said: one content, or up to four that are tried against each other. */
import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { MediaField } from "@/answers/MediaField";
import type { Account, BroadcastBody, BroadcastContent } from "@/api/types";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Because } from "@/ui/kit";
import { ArticleField } from "./ArticleField";
import { Pictures } from "./Pictures";
import { type ContentKind, canCountReads, emptyContent, type Gap, letterOf, most } from "./shape";
import { TextField } from "./TextField";
import { kindIcons } from "./words";

const kinds: ContentKind[] = ["article", "text", "images", "voice", "video"];

export function Content({
  account,
  body,
  at,
  onAt,
  change,
  gap,
  disabled,
  isNew,
}: {
  account: Account;
  body: BroadcastBody;
  /** The variant that is shown. */
  at: number;
  onAt: (variant: number) => void;
  change: (part: (body: BroadcastBody) => Partial<BroadcastBody>) => void;
  gap: Gap | null;
  disabled: boolean;
  isNew: boolean;
}) {
  const { t } = useTranslation();
  const content = body.contents[at] ?? body.contents[0];
  if (!content) return null;
  const set = (next: (content: BroadcastContent) => BroadcastContent) =>
    change((now) => {
      const contents = now.contents.map((one, n) => (n === at ? next(one) : one));
      // Reads are told of articles only.
      const test = now.test && !canCountReads(contents) ? { ...now.test, by: "replies" as const } : now.test;
      return { contents, test };
    });
  const add = () => {
    change((now) => ({
      contents: [...now.contents, structuredClone(now.contents[at] ?? emptyContent("text"))],
      test: now.test ?? { share: 10, hold_out: 0, hours: 4, by: "replies" },
    }));
    onAt(body.contents.length);
  };
  const remove = () => {
    change((now) => {
      const contents = now.contents.filter((_, n) => n !== at);
      return { contents, test: contents.length > 1 ? now.test : null };
    });
    onAt(Math.max(0, at - 1));
  };
  const full = body.contents.length >= most.variants ? t("broadcasts.variants_full") : null;
  return (
    <div className="stack-tight">
      {body.contents.length > 1 ? (
        <div className="bc-variants" role="tablist" aria-label={t("broadcasts.variants")}>
          {body.contents.map((_, n) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place
              key={n}
              type="button"
              role="tab"
              aria-selected={n === at}
              className={n === at ? "bc-variant on" : "bc-variant"}
              onClick={() => onAt(n)}
            >
              {t("broadcasts.variant", { letter: letterOf(n) })}
            </button>
          ))}
          <Because reason={full}>
            <Button
              size="small"
              type="text"
              disabled={disabled || !!full}
              icon={<Icon name="plus" size={14} />}
              aria-label={t("broadcasts.variant_add")}
              onClick={add}
            />
          </Because>
          <Button
            size="small"
            type="text"
            className="bc-variant-remove"
            disabled={disabled}
            icon={<Icon name="trash" size={14} />}
            onClick={remove}
          >
            {t("broadcasts.variant_remove", { letter: letterOf(at) })}
          </Button>
        </div>
      ) : null}
      <div className="bc-chips" role="radiogroup" aria-label={t("broadcasts.kind")}>
        {kinds.map((kind) => (
          // biome-ignore lint/a11y/useSemanticElements: a button with an icon, chosen like a radio
          <button
            key={kind}
            type="button"
            role="radio"
            aria-checked={content.type === kind}
            disabled={disabled}
            className={content.type === kind ? "bc-chip on" : "bc-chip"}
            onClick={() => {
              if (kind !== content.type) set(() => emptyContent(kind));
            }}
          >
            <Icon name={kindIcons[kind]} size={15} />
            {t(`broadcasts.kinds.${kind}`)}
          </button>
        ))}
        {body.contents.length === 1 ? (
          <Button
            type="text"
            className="bc-try"
            disabled={disabled}
            icon={<Icon name="flask" size={15} />}
            onClick={add}
          >
            {t("broadcasts.try_two")}
          </Button>
        ) : null}
      </div>
      <Fields
        account={account}
        key={`${at}-${content.type}`}
        content={content}
        set={set}
        disabled={disabled}
        isNew={isNew}
      />
      {gap && gap !== "text" ? <p className="field-more over">{t(`broadcasts.gaps.${gap}`)}</p> : null}
    </div>
  );
}

function Fields({
  account,
  content,
  set,
  disabled,
  isNew,
}: {
  account: Account;
  content: BroadcastContent;
  set: (next: (content: BroadcastContent) => BroadcastContent) => void;
  disabled: boolean;
  isNew: boolean;
}) {
  const { t } = useTranslation();
  switch (content.type) {
    case "text":
      return (
        <TextField
          text={content.text}
          disabled={disabled}
          autoFocus={isNew}
          onChange={(text) => set(() => ({ type: "text", text }))}
        />
      );
    case "article":
      return (
        <ArticleField
          account={account}
          value={content.article_id}
          disabled={disabled}
          onChange={(article_id) => set(() => ({ type: "article", article_id }))}
        />
      );
    case "images":
      return (
        <Pictures
          content={content}
          disabled={disabled}
          onChange={(next) => set((now) => (now.type === "images" ? next(now) : now))}
        />
      );
    case "voice":
      return (
        <MediaField
          kind="voice"
          value={content.media_id}
          disabled={disabled}
          onChange={(media_id) => set(() => ({ type: "voice", media_id }))}
        />
      );
    case "video":
      return (
        <div className="stack-tight">
          <MediaField
            kind="video"
            value={content.media_id}
            disabled={disabled}
            onChange={(media_id) => set((now) => (now.type === "video" ? { ...now, media_id } : now))}
          />
          <Input
            value={content.title}
            maxLength={most.title}
            disabled={disabled}
            placeholder={t("broadcasts.video_title")}
            aria-label={t("broadcasts.video_title")}
            onChange={(event) => set(() => ({ ...content, title: event.target.value }))}
          />
          <AutoText
            value={content.description}
            rows={2}
            disabled={disabled}
            placeholder={t("broadcasts.video_more")}
            aria-label={t("broadcasts.video_more")}
            onChange={(event) => set(() => ({ ...content, description: event.target.value }))}
          />
        </div>
      );
  }
}
