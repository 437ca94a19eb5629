/**
 * HTML of an article as a reader sees it, made of elements that we know: nothing of it is handed to the browser as
 * HTML. Pictures are shown from our own host alone.
 */
import { type CSSProperties, createElement, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { domOf, styleAt } from "./dom";
import { stylesOf } from "./style";

const tags = new Set(
  "p div section span strong b em i u s del strike sub sup small big code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr td th caption figure figcaption center font br hr a".split(
    " ",
  ),
);
const hidden = new Set(
  "script style template noscript title head svg math object embed form input select textarea".split(" "),
);
const properties =
  /^(color|background-color|font-(size|weight|style)|text-(align|decoration|indent)|line-height|letter-spacing|white-space|vertical-align|(margin|padding)(-(top|right|bottom|left))?|border(-(top|right|bottom|left))?(-(color|width|style))?|border-radius|border-collapse|list-style(-type)?|width|max-width|height|display|opacity|box-shadow|flex(-.+)?|justify-content|align-items|gap)$/;

interface Given {
  html: string;
  /** Where a picture can be seen here; nothing for one that cannot. */
  shown: (src: string) => string | undefined;
}

export function Rendered({ html, shown }: Given) {
  const { t } = useTranslation();
  const lacking = t("articles.picture_elsewhere");
  const frame = t("articles.frame_there");
  const tree = useMemo(() => {
    const words = { lacking, frame };
    return [...domOf(html).childNodes].map((node, index) => render(node, index, shown, words));
  }, [html, shown, lacking, frame]);
  return <>{tree}</>;
}

function render(
  node: Node,
  key: number,
  shown: Given["shown"],
  words: { lacking: string; frame: string },
): ReactNode {
  if (node.nodeType === 3) return node.nodeValue;
  if (node.nodeType !== 1) return null;
  const element = node as Element;
  const name = element.localName;
  if (hidden.has(name)) return null;
  if (/^(iframe|video|audio|mp-.*|mpvoice|qqmusic)$/.test(name))
    return (
      <span key={key} className="article-frame">
        {words.frame}
      </span>
    );
  const style = looks(styleAt(element));
  if (style.display === "none") return null;
  if (name === "img") {
    const src = shown(element.getAttribute("data-src") || element.getAttribute("src") || "");
    return src ? (
      <img key={key} src={src} alt={element.getAttribute("alt") ?? ""} style={style} loading="lazy" />
    ) : (
      <span key={key} className="article-frame">
        {words.lacking}
      </span>
    );
  }
  const inside = [...element.childNodes].map((child, index) => render(child, index, shown, words));
  if (name === "br" || name === "hr") return createElement(name, { key, style });
  const props: Record<string, unknown> = { key, style };
  if (name === "a") {
    // In a preview a link is something one sees, not somewhere one goes.
    return createElement(
      "span",
      { ...props, className: "article-link", title: element.getAttribute("href") },
      ...inside,
    );
  }
  if (name === "ol") props.start = Number(element.getAttribute("start")) || undefined;
  return createElement(
    tags.has(name) ? (name === "center" || name === "font" ? "span" : name) : "span",
    props,
    ...inside,
  );
}

function looks(text: string | null): CSSProperties {
  const style: Record<string, string> = {};
  for (const [name, value] of Object.entries(stylesOf(text))) {
    if (!properties.test(name) || /url\(|expression|\\/i.test(value)) continue;
    style[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  return style as CSSProperties;
}
