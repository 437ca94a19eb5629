/** What can be written: exactly what `write.ts` can say to WeChat. */
import { Extension, Node } from "@tiptap/core";
import { BackgroundColor, Color, FontSize, TextStyle } from "@tiptap/extension-text-style";
import StarterKit from "@tiptap/starter-kit";
import { mostSteps } from "./style";

/** Where a block stands: alignment, line height, steps from the left, its first line. */
const Stand = Extension.create({
  name: "stand",
  addGlobalAttributes() {
    const styled = (name: string, style: (value: never) => string | null, initial: unknown) => ({
      default: initial,
      parseHTML: () => initial,
      renderHTML: (attributes: Record<string, unknown>) => {
        const text = style(attributes[name] as never);
        return text ? { style: text } : {};
      },
    });
    return [
      {
        types: ["paragraph", "heading"],
        attributes: {
          textAlign: styled("textAlign", (value: string | null) => value && `text-align: ${value}`, null),
          lineHeight: styled("lineHeight", (value: string | null) => value && `line-height: ${value}`, null),
          indent: styled("indent", (value: number) => (value > 0 ? `padding-left: ${value * 2}em` : null), 0),
        },
      },
      {
        types: ["paragraph"],
        attributes: {
          firstLine: styled("firstLine", (value: boolean) => (value ? "text-indent: 2em" : null), false),
        },
      },
    ];
  },
  addKeyboardShortcuts() {
    const step = (by: number) => () => {
      const { editor } = this;
      const kind = editor.isActive("heading") ? "heading" : "paragraph";
      if (editor.isActive("listItem"))
        return by > 0 ? editor.commands.sinkListItem("listItem") : editor.commands.liftListItem("listItem");
      const now = Number(editor.getAttributes(kind).indent ?? 0);
      return editor.commands.updateAttributes(kind, { indent: Math.max(0, Math.min(mostSteps, now + by)) });
    };
    return { "Mod-]": step(1), "Mod-[": step(-1) };
  },
});

/** A picture between paragraphs. One from elsewhere cannot be shown here: its place says so. */
const picture = (shown: (src: string) => string | undefined, lacking: string) =>
  Node.create({
    name: "image",
    group: "block",
    draggable: true,
    addAttributes() {
      return { src: { default: "" }, alt: { default: null }, width: { default: null } };
    },
    parseHTML() {
      return [];
    },
    renderHTML({ node }) {
      const { src, alt, width } = node.attrs as { src: string; alt: string | null; width: string | null };
      const here = shown(src);
      if (!here) return ["div", { class: "article-frame" }, lacking];
      return [
        "img",
        {
          src: here,
          alt: alt ?? "",
          class: "article-picture",
          ...(width ? { style: `width: ${width}` } : {}),
        },
      ];
    },
  });

export function extensionsOf(shown: (src: string) => string | undefined, lacking: string) {
  return [
    StarterKit.configure({
      heading: { levels: [2, 3] },
      code: false,
      codeBlock: false,
      link: {
        openOnClick: false,
        autolink: false,
        linkOnPaste: true,
        protocols: ["http", "https"],
        isAllowedUri: (url) => /^https?:\/\//i.test(url),
        HTMLAttributes: { target: null, rel: null, class: "article-link" },
      },
      dropcursor: { color: false, class: "article-drop", width: 2 },
    }),
    TextStyle,
    Color,
    BackgroundColor,
    FontSize,
    Stand,
    picture(shown, lacking),
  ];
}
