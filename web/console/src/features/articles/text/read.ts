/**
 * WeChat's HTML as the editor's document: headings, paragraphs, lists, quotes, dividers, pictures, and letters with
 * their looks. Nothing else can get in, so nothing else has to be cleaned away. What is left out (tables, frames,
 * backgrounds) is named, for an article that was laid out elsewhere must not be flattened unseen.
 */
import type { JSONContent } from "@tiptap/core";
import { domOf, styleAt } from "./dom";
import {
  alignmentOf,
  colourOf,
  inkless,
  lengthOf,
  lineHeightOf,
  type Styles,
  stepsOf,
  stylesOf,
} from "./style";

export type Lost = "table" | "frame" | "layout" | "drawing" | "form";

interface Mark {
  type: string;
  attrs?: Record<string, unknown>;
}
type Marks = Record<string, Mark>;

/** How a block stands: what it has of its own and of what it is in. */
interface Stand {
  textAlign: string | null;
  lineHeight: string | null;
  indent: number;
  firstLine: boolean;
}
const flat: Stand = { textAlign: null, lineHeight: null, indent: 0, firstLine: false };

const inline = new Set(
  "a abbr b bdi big cite code del em font i ins kbd label mark q s small span strike strong sub sup time tt u var".split(
    " ",
  ),
);
const silent = new Set("script style template noscript head title meta link base object embed".split(" "));
const frames = /^(iframe|video|audio|mp-.*|mpvoice|mpvideosnap|qqmusic|canvas)$/;
const laidOut =
  /(^|;)\s*(background-image|box-shadow|transform|float|position|border(-(top|right|bottom|left|width|style|radius))?|display)\s*:/i;

export function fromHtml(html: string): { doc: JSONContent; lost: Lost[] } {
  const reader = new Reader();
  reader.children(domOf(html), {}, flat);
  reader.end();
  const content = reader.blocks.length > 0 ? reader.blocks : [{ type: "paragraph" }];
  return { doc: { type: "doc", content }, lost: [...reader.lost] };
}

class Reader {
  blocks: JSONContent[] = [];
  lost = new Set<Lost>();
  private line: JSONContent[] | null = null;
  private kind: { type: string; attrs: Record<string, unknown> } = paragraph(flat);

  children(node: Node, marks: Marks, stand: Stand) {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) this.text(child.nodeValue ?? "", marks, stand);
      else if (child.nodeType === 1) this.element(child as Element, marks, stand);
    }
  }

  /** What was being written is a block of its own. */
  end() {
    const line = this.line;
    this.line = null;
    if (!line) return;
    const last = line.at(-1);
    if (last?.type === "text") last.text = last.text?.replace(/ +$/, "") ?? "";
    const content = line.filter((one) => one.type !== "text" || one.text);
    // A line break at the end of a block shows nothing.
    if (content.length > 1 && content.at(-1)?.type === "hardBreak") content.pop();
    const only = content.length === 1 && content[0]?.type === "hardBreak";
    if (content.length === 0) return;
    this.blocks.push({ ...this.kind, ...(only ? {} : { content }) });
  }

  private begin(stand: Stand) {
    if (this.line) return this.line;
    this.line = [];
    if (this.kind.type === "paragraph") this.kind = paragraph(stand);
    return this.line;
  }

  private text(raw: string, marks: Marks, stand: Stand) {
    let text = raw.replace(/[ \t\r\n\f]+/g, " ").replace(/[\u200b\ufeff]/g, "");
    const last = this.line?.at(-1);
    const atStart =
      !this.line || this.line.length === 0 || last?.type === "hardBreak" || last?.text?.endsWith(" ");
    if (atStart) text = text.replace(/^ /, "");
    if (text === "") return;
    const list = Object.values(marks);
    this.begin(stand).push({ type: "text", text, ...(list.length > 0 ? { marks: list } : {}) });
  }

  private element(element: Element, marks: Marks, stand: Stand) {
    const tag = element.localName;
    if (silent.has(tag)) return;
    if (tag === "br") return void this.begin(stand).push({ type: "hardBreak" });
    if (tag === "img") return this.picture(element);
    if (frames.test(tag)) return void this.lost.add("frame");
    if (tag === "svg" || tag === "math") return void this.lost.add("drawing");
    if (/^(input|select|textarea|button)$/.test(tag)) return void this.lost.add("form");
    const style = stylesOf(styleAt(element));
    if (style.display === "none") return;
    const inner = looks(tag, element, style, marks);
    if (inline.has(tag)) return this.children(element, inner, stand);
    this.block(tag, element, inner, style, stand);
  }

  private block(tag: string, element: Element, marks: Marks, style: Styles, stand: Stand) {
    if (tag === "hr") {
      this.end();
      return void this.blocks.push({ type: "horizontalRule" });
    }
    if (tag === "ul" || tag === "ol") return this.list(tag, element, marks);
    if (tag === "blockquote") {
      this.end();
      const inside = this.apart(element, {}, flat);
      if (inside.length > 0) this.blocks.push({ type: "blockquote", content: inside.map(plainBlock) });
      return;
    }
    if (/^(table|tbody|thead|tfoot|tr|td|th|caption|colgroup)$/.test(tag)) this.lost.add("table");
    else if (
      tag !== "figure" &&
      (laidOut.test(styleAt(element) ?? "") ||
        colourOf(style.background) ||
        colourOf(style["background-color"]))
    )
      this.lost.add("layout");
    const own: Stand = {
      textAlign:
        alignmentOf(style["text-align"] ?? element.getAttribute("align")) ??
        (style["text-align"] ? null : stand.textAlign),
      lineHeight: lineHeightOf(style["line-height"]) ?? stand.lineHeight,
      indent: Math.max(stepsOf(style["padding-left"]), stepsOf(style["margin-left"]), stand.indent),
      firstLine: style["text-indent"] ? stepsOf(style["text-indent"]) > 0 : stand.firstLine,
    };
    if (tag === "center") own.textAlign = "center";
    const level = /^h([1-6])$/.exec(tag)?.[1];
    this.end();
    const before = this.kind;
    const count = this.blocks.length;
    if (level) {
      const { textAlign, lineHeight, indent } = own;
      this.kind = {
        type: "heading",
        attrs: { level: Number(level) <= 2 ? 2 : 3, textAlign, lineHeight, indent },
      };
      const { bold: _, textStyle: _size, ...rest } = marks;
      this.children(element, rest, own);
    } else this.children(element, marks, own);
    this.end();
    // A paragraph without words is a line that was left free on purpose.
    if (tag === "p" && this.blocks.length === count && !element.querySelector("img"))
      this.blocks.push(paragraph(own));
    this.kind = before;
  }

  private list(tag: string, element: Element, marks: Marks) {
    this.end();
    const content: JSONContent[] = [];
    for (const child of element.children) {
      if (child.localName !== "li" && child.localName !== "ul" && child.localName !== "ol") continue;
      const inside =
        child.localName === "li"
          ? this.apart(child, marks, flat)
          : this.apart({ childNodes: [child] } as unknown as Node, marks, flat);
      const last = content.at(-1);
      // A list straight in a list belongs to the point above it.
      if (child.localName !== "li" && last?.content) last.content.push(...inside);
      else if (inside.length > 0)
        content.push({
          type: "listItem",
          content:
            inside[0]?.type === "paragraph"
              ? inside.map(plainBlock)
              : [{ type: "paragraph" }, ...inside.map(plainBlock)],
        });
    }
    if (content.length === 0) return;
    const start = Math.max(1, Number(element.getAttribute("start")) || 1);
    this.blocks.push(
      tag === "ul" ? { type: "bulletList", content } : { type: "orderedList", attrs: { start }, content },
    );
  }

  /** What is inside, read as if it stood alone. */
  private apart(element: Node, marks: Marks, stand: Stand): JSONContent[] {
    const inner = new Reader();
    inner.children(element, marks, stand);
    inner.end();
    for (const one of inner.lost) this.lost.add(one);
    return inner.blocks;
  }

  private picture(element: Element) {
    const src = element.getAttribute("data-src") || element.getAttribute("src") || "";
    if (!/^(https?:\/\/|\/(?!\/))/i.test(src)) return;
    const style = stylesOf(styleAt(element));
    const percent = /^(\d{1,3})%$/.exec(style.width ?? element.getAttribute("width") ?? "")?.[1];
    const width = percent && Number(percent) < 100 ? `${percent}%` : null;
    this.end();
    this.blocks.push({ type: "image", attrs: { src, alt: element.getAttribute("alt") || null, width } });
  }
}

function paragraph(stand: Stand) {
  return { type: "paragraph", attrs: { ...stand } };
}

/** In lists and quotes only what the place has room for. */
function plainBlock(block: JSONContent): JSONContent {
  if (block.type !== "heading") return block;
  const { textAlign } = block.attrs ?? {};
  return { ...block, type: "paragraph", attrs: { ...flat, textAlign } };
}

/** The marks that an element lays over its letters. */
function looks(tag: string, element: Element, style: Styles, marks: Marks): Marks {
  const next = { ...marks };
  const weight = style["font-weight"];
  if (tag === "b" || tag === "strong" || weight === "bold" || weight === "bolder" || Number(weight) >= 600)
    next.bold = { type: "bold" };
  else if (weight === "normal" || Number(weight) <= 500) delete next.bold;
  if (/^(i|em|cite|var)$/.test(tag) || style["font-style"] === "italic") next.italic = { type: "italic" };
  const line = `${style["text-decoration"] ?? ""} ${style["text-decoration-line"] ?? ""}`;
  if (/^(u|ins)$/.test(tag) || /underline/.test(line)) next.underline = { type: "underline" };
  if (/^(s|del|strike)$/.test(tag) || /line-through/.test(line)) next.strike = { type: "strike" };
  const own = {
    color: inkless(colourOf(style.color ?? element.getAttribute("color") ?? undefined)),
    backgroundColor: inline.has(tag) ? colourOf(style["background-color"] ?? style.background) : null,
    fontSize: lengthOf(style["font-size"]),
  };
  const before = (marks.textStyle?.attrs ?? {}) as typeof own;
  const attrs = {
    // A colour that says "ink" takes away the one around it.
    color: own.color ?? (style.color ? null : (before.color ?? null)),
    backgroundColor: own.backgroundColor ?? before.backgroundColor ?? null,
    fontSize: own.fontSize ?? before.fontSize ?? null,
  };
  if (attrs.color || attrs.backgroundColor || attrs.fontSize) next.textStyle = { type: "textStyle", attrs };
  else delete next.textStyle;
  const href = tag === "a" ? element.getAttribute("href") : null;
  if (href && /^https?:\/\//i.test(href)) next.link = { type: "link", attrs: { href } };
  return next;
}
