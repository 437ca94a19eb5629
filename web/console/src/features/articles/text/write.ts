/** The editor's document as WeChat's HTML: tags and inline styles alone, for WeChat drops classes and style sheets. */
import type { JSONContent } from "@tiptap/core";
import { styleText } from "./style";

const gap = "0 0 1em";

export function toHtml(doc: JSONContent): string {
  const blocks = [...(doc.content ?? [])];
  // A free line at the very end is where the writer stands, not what they wrote.
  while (blocks.length > 0 && isFree(blocks.at(-1))) blocks.pop();
  return blocks.map(block).join("");
}

const isFree = (node: JSONContent | undefined) => node?.type === "paragraph" && !node.content?.length;

const escaped: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const plain = (text: string) => text.replace(/[&<>"]/g, (char) => escaped[char] ?? char);

function tag(name: string, style: string, inside: string, more = "") {
  return `<${name}${more}${style ? ` style="${plain(style)}"` : ""}>${inside}</${name}>`;
}

function block(node: JSONContent): string {
  const attrs = node.attrs ?? {};
  const inside = () => (node.content ?? []).map(block).join("");
  const stand: [string, string | null | false][] = [
    ["text-align", attrs.textAlign],
    ["line-height", attrs.lineHeight],
    ["padding-left", attrs.indent > 0 && `${attrs.indent * 2}em`],
    ["text-indent", attrs.firstLine && "2em"],
  ];
  switch (node.type) {
    case "paragraph":
      return tag("p", styleText([["margin", gap], ...stand]), line(node.content) || "<br>");
    case "heading": {
      const large = attrs.level === 2;
      const look: [string, string][] = [
        ["margin", large ? "1.4em 0 .7em" : "1.2em 0 .6em"],
        ["font-size", large ? "20px" : "17px"],
        ["font-weight", "bold"],
      ];
      return tag(large ? "h2" : "h3", styleText([...look, ...stand]), line(node.content) || "<br>");
    }
    case "bulletList":
      return tag("ul", `margin:${gap};padding-left:1.6em;list-style:disc`, inside());
    case "orderedList":
      return tag(
        "ol",
        `margin:${gap};padding-left:1.6em;list-style:decimal`,
        inside(),
        attrs.start > 1 ? ` start="${attrs.start}"` : "",
      );
    case "listItem":
      // One paragraph alone needs no tag of its own; WeChat would put it onto a second line.
      return tag(
        "li",
        "",
        (node.content ?? [])
          .map((one, index) =>
            index === 0 && one.type === "paragraph" ? line(one.content) || "<br>" : block(one),
          )
          .join(""),
      );
    case "blockquote":
      return tag(
        "blockquote",
        `margin:${gap};padding:.2em 0 .2em 1em;border-left:3px solid #d5d8db;color:#5b6773`,
        inside(),
      );
    case "horizontalRule":
      return `<hr style="margin:1.6em 0;border:0;border-top:1px solid #d5d8db">`;
    case "image": {
      const look = styleText([
        ["max-width", "100%"],
        ["width", attrs.width],
      ]);
      const alt = attrs.alt ? ` alt="${plain(String(attrs.alt))}"` : "";
      return `<p style="margin:${gap};text-align:center"><img src="${plain(String(attrs.src))}"${alt} style="${look}"></p>`;
    }
    default:
      return inside();
  }
}

type Attrs = Record<string, string | null | undefined>;
const markOf = (node: JSONContent, type: string) => node.marks?.find((mark) => mark.type === type);

/** Letters with their looks; a link that goes on over several looks stays one link. */
function line(content: JSONContent[] | undefined): string {
  let html = "";
  let open: string | null = null;
  for (const node of content ?? []) {
    const href = (markOf(node, "link")?.attrs?.href as string | undefined) ?? null;
    if (href !== open) {
      if (open !== null) html += "</a>";
      if (href !== null) html += `<a href="${plain(href)}">`;
      open = href;
    }
    html += node.type === "hardBreak" ? "<br>" : letters(node);
  }
  return open === null ? html : `${html}</a>`;
}

function letters(node: JSONContent): string {
  // Two blanks in a row would become one.
  let html = plain(node.text ?? "").replace(/ {2}/g, " \u00a0");
  if (markOf(node, "strike")) html = `<s>${html}</s>`;
  if (markOf(node, "underline")) html = `<u>${html}</u>`;
  if (markOf(node, "italic")) html = `<em>${html}</em>`;
  if (markOf(node, "bold")) html = `<strong>${html}</strong>`;
  const { color, backgroundColor, fontSize } = (markOf(node, "textStyle")?.attrs ?? {}) as Attrs;
  const style = styleText([
    ["color", color],
    ["background-color", backgroundColor],
    ["font-size", fontSize],
  ]);
  return style ? tag("span", style, html) : html;
}
