/** What can be done to the words: only what WeChat keeps. */
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { Button, Dropdown, Popover, Tooltip } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "@/ui/icons";
import { LinkDialog } from "./LinkDialog";
import { alignments, lineHeights, mostSteps } from "./style";

/** A small palette that reads well on white, the ink first. */
const colours = [null, "#c73e3a", "#b8651b", "#2f7d4f", "#1f6f78", "#2a5ea8", "#7a4b9c", "#7a838c"] as const;
const widths = [null, "75%", "50%", "33%"] as const;

interface Props {
  editor: Editor;
  isUploading: boolean;
  onFiles: (files: File[]) => void;
  onPick: () => void;
}

export function Toolbar({ editor, isUploading, onFiles, onPick }: Props) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const [link, setLink] = useState(false);
  const [palette, setPalette] = useState(false);
  const now = useEditorState({
    editor,
    selector: ({ editor: e }) => {
      const kind = e.isActive("heading") ? "heading" : "paragraph";
      const attrs = e.getAttributes(kind);
      return {
        heading: e.isActive("heading", { level: 2 }) ? 2 : e.isActive("heading", { level: 3 }) ? 3 : 0,
        bold: e.isActive("bold"),
        italic: e.isActive("italic"),
        underline: e.isActive("underline"),
        strike: e.isActive("strike"),
        link: e.isActive("link"),
        bullets: e.isActive("bulletList"),
        numbers: e.isActive("orderedList"),
        quote: e.isActive("blockquote"),
        picture: e.isActive("image"),
        width: (e.getAttributes("image").width as string | null) ?? null,
        colour: (e.getAttributes("textStyle").color as string | null) ?? null,
        align: (attrs.textAlign as string | null) ?? "left",
        lineHeight: (attrs.lineHeight as string | null) ?? null,
        indent: Number(attrs.indent ?? 0),
        firstLine: !!attrs.firstLine,
        undo: e.can().undo(),
        redo: e.can().redo(),
      };
    },
  });
  const chain = () => editor.chain().focus();
  const stand = (attributes: Record<string, unknown>) => {
    const { firstLine, ...rest } = attributes;
    const both = firstLine === undefined ? rest : null;
    const next = chain().updateAttributes("paragraph", attributes);
    if (both) next.updateAttributes("heading", both);
    next.run();
  };
  const indent = (by: number) => {
    if (editor.isActive("listItem"))
      return void (by > 0 ? chain().sinkListItem("listItem") : chain().liftListItem("listItem")).run();
    stand({ indent: Math.max(0, Math.min(mostSteps, now.indent + by)) });
  };

  const button = (
    icon: IconName,
    label: string,
    run: () => void,
    more: { on?: boolean; off?: boolean; keys?: string; text?: ReactNode } = {},
  ) => (
    <Tooltip title={more.keys ? `${label} · ${more.keys}` : label} mouseEnterDelay={0.4}>
      <Button
        type="text"
        size="small"
        className={more.on ? "tool on" : "tool"}
        aria-label={label}
        aria-pressed={more.on}
        disabled={more.off}
        icon={<Icon name={icon} size={16} />}
        onMouseDown={(event) => event.preventDefault()}
        onClick={run}
      />
    </Tooltip>
  );

  return (
    <div className="toolbar" role="toolbar" aria-label={t("articles.tools.label")}>
      {button("undo", t("articles.tools.undo"), () => chain().undo().run(), {
        off: !now.undo,
        keys: "Ctrl Z",
      })}
      {button("redo", t("articles.tools.redo"), () => chain().redo().run(), {
        off: !now.redo,
        keys: "Ctrl Shift Z",
      })}
      <span className="tool-gap" />
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: [String(now.heading)],
          onClick: ({ key }) =>
            key === "0"
              ? chain().setParagraph().run()
              : chain()
                  .setHeading({ level: key === "2" ? 2 : 3 })
                  .run(),
          items: ([0, 2, 3] as const).map((level) => ({
            key: String(level),
            label: (
              <span className={`tool-level tool-level-${level}`}>{t(`articles.tools.level_${level}`)}</span>
            ),
          })),
        }}
      >
        <Button type="text" size="small" className="tool tool-wide">
          {t(`articles.tools.level_${now.heading as 0 | 2 | 3}`)}
          <Icon name="down" size={12} />
        </Button>
      </Dropdown>
      <span className="tool-gap" />
      {button("bold", t("articles.tools.bold"), () => chain().toggleBold().run(), {
        on: now.bold,
        keys: "Ctrl B",
      })}
      {button("italic", t("articles.tools.italic"), () => chain().toggleItalic().run(), {
        on: now.italic,
        keys: "Ctrl I",
      })}
      {button("underline", t("articles.tools.underline"), () => chain().toggleUnderline().run(), {
        on: now.underline,
        keys: "Ctrl U",
      })}
      {button("strike", t("articles.tools.strike"), () => chain().toggleStrike().run(), { on: now.strike })}
      <Popover
        trigger="click"
        open={palette}
        onOpenChange={setPalette}
        placement="bottom"
        content={
          <div className="palette-grid">
            {colours.map((colour) => (
              <button
                key={colour ?? "ink"}
                type="button"
                className={now.colour === colour ? "swatch on" : "swatch"}
                style={{ background: colour ?? "#1d2733" }}
                aria-label={colour ? t("articles.tools.colour_is", { colour }) : t("articles.tools.ink")}
                title={colour ?? t("articles.tools.ink")}
                onClick={() => {
                  if (colour) chain().setColor(colour).run();
                  else chain().unsetColor().run();
                  setPalette(false);
                }}
              />
            ))}
          </div>
        }
      >
        <Button
          type="text"
          size="small"
          className="tool"
          aria-label={t("articles.tools.colour")}
          title={t("articles.tools.colour")}
          icon={
            <span className="tool-colour">
              <Icon name="colour" size={16} />
              <i style={{ background: now.colour ?? "currentcolor" }} />
            </span>
          }
        />
      </Popover>
      {button("link", t("articles.tools.link"), () => setLink(true), { on: now.link })}
      {button("eraser", t("articles.tools.plain"), () => chain().unsetAllMarks().run())}
      <span className="tool-gap" />
      {alignments.map((value) => (
        <span key={value} className={value === "justify" ? "tool-roomy" : undefined}>
          {button(
            `align_${value}`,
            t(`articles.tools.align_${value}`),
            () => stand({ textAlign: value === "left" ? null : value }),
            { on: now.align === value },
          )}
        </span>
      ))}
      {button("first_line", t("articles.tools.first_line"), () => stand({ firstLine: !now.firstLine }), {
        on: now.firstLine,
      })}
      {button("outdent", t("articles.tools.outdent"), () => indent(-1), { keys: "Ctrl [" })}
      {button("indent", t("articles.tools.indent"), () => indent(1), { keys: "Ctrl ]" })}
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: [now.lineHeight ?? "auto"],
          onClick: ({ key }) => stand({ lineHeight: key === "auto" ? null : key }),
          items: [
            { key: "auto", label: t("articles.tools.line_auto") },
            ...lineHeights.map((value) => ({ key: value, label: value })),
          ],
        }}
      >
        <Button
          type="text"
          size="small"
          className="tool"
          aria-label={t("articles.tools.line_height")}
          title={t("articles.tools.line_height")}
          icon={<Icon name="line_height" size={16} />}
        />
      </Dropdown>
      <span className="tool-gap" />
      {button("bullets", t("articles.tools.bullets"), () => chain().toggleBulletList().run(), {
        on: now.bullets,
      })}
      {button("numbers", t("articles.tools.numbers"), () => chain().toggleOrderedList().run(), {
        on: now.numbers,
      })}
      {button("quote", t("articles.tools.quote"), () => chain().toggleBlockquote().run(), { on: now.quote })}
      {button("divider", t("articles.tools.divider"), () => chain().setHorizontalRule().run())}
      <span className="tool-gap" />
      <Dropdown
        trigger={["click"]}
        menu={{
          onClick: ({ key }) => (key === "pick" ? onPick() : file.current?.click()),
          items: [
            { key: "upload", label: t("articles.tools.picture_upload"), icon: <Icon name="plus" /> },
            { key: "pick", label: t("articles.tools.picture_pick"), icon: <Icon name="image" /> },
          ],
        }}
      >
        <Button
          type="text"
          size="small"
          className="tool tool-wide"
          aria-label={t("articles.tools.picture")}
          loading={isUploading}
          icon={<Icon name="image" size={16} />}
        >
          {t("articles.tools.picture")}
        </Button>
      </Dropdown>
      <input
        ref={file}
        type="file"
        hidden
        multiple
        accept="image/jpeg,image/png,image/gif,image/webp"
        data-testid="article-picture"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      {now.picture ? (
        <span className="tool-picture">
          {widths.map((width) => (
            <Button
              key={width ?? "100%"}
              type="text"
              size="small"
              className={now.width === width ? "tool on" : "tool"}
              aria-pressed={now.width === width}
              onClick={() => chain().updateAttributes("image", { width }).run()}
            >
              {width ?? "100%"}
            </Button>
          ))}
          {button("trash", t("articles.tools.picture_remove"), () => chain().deleteSelection().run())}
        </span>
      ) : null}
      {link ? <LinkDialog editor={editor} onClose={() => setLink(false)} /> : null}
    </div>
  );
}
