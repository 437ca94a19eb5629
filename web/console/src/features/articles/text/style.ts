/** Inline styles as WeChat keeps them: read from an attribute, normalised, and written as short as can be. */

export type Styles = Record<string, string>;

/** `color: red; margin:0` as names and values; names in lower case, later ones win. */
export function stylesOf(text: string | null | undefined): Styles {
  const found: Styles = {};
  for (const part of (text ?? "").split(/;(?![^(]*\))/)) {
    const at = part.indexOf(":");
    if (at < 1) continue;
    const name = part.slice(0, at).trim().toLowerCase();
    const value = part
      .slice(at + 1)
      .replace(/!\s*important/i, "")
      .trim();
    if (name && value) found[name] = value;
  }
  return found;
}

const hex = (n: number) =>
  Math.max(0, Math.min(255, Math.round(n)))
    .toString(16)
    .padStart(2, "0");

/** A colour as `#rrggbb`, or the word it is; `null` for none, for see-through and for what is no colour. */
export function colourOf(value: string | undefined): string | null {
  const text = value?.trim().toLowerCase() ?? "";
  if (/^#[0-9a-f]{6}$/.test(text)) return text;
  if (/^#[0-9a-f]{3}$/.test(text)) return `#${[...text.slice(1)].map((c) => c + c).join("")}`;
  const rgb = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+%?))?\s*\)$/.exec(text);
  if (rgb) {
    if (rgb[4] && Number.parseFloat(rgb[4]) === 0) return null;
    return `#${hex(Number(rgb[1]))}${hex(Number(rgb[2]))}${hex(Number(rgb[3]))}`;
  }
  if (/^[a-z]{3,20}$/.test(text) && !/^(transparent|inherit|initial|unset|none|currentcolor)$/.test(text))
    return text;
  return null;
}

/** What a colour on paper says nothing with: the ink itself. */
const ink = new Set(["#000000", "black", "#333333", "#1d2733", "#191919", "#222222", "#3f3f3f"]);
export const inkless = (colour: string | null) => (colour && ink.has(colour) ? null : colour);

/** A size of letters or a length that WeChat keeps: pixels, ems, percents. */
export function lengthOf(value: string | undefined): string | null {
  const text = value?.trim().toLowerCase() ?? "";
  return /^\d{1,3}(\.\d{1,2})?(px|em|rem|%)$/.test(text) ? text : null;
}

export const alignments = ["left", "center", "right", "justify"] as const;
export type Alignment = (typeof alignments)[number];
export function alignmentOf(value: string | undefined | null): Alignment | null {
  const text = value?.trim().toLowerCase();
  const found = alignments.find((one) => one === text);
  return found === "left" ? null : (found ?? null);
}

export const lineHeights = ["1.5", "1.75", "2", "2.5"] as const;
export function lineHeightOf(value: string | undefined): string | null {
  const text = value?.trim() ?? "";
  const plain = /^[\d.]+$/.test(text)
    ? Number(text)
    : /^\d+%$/.test(text)
      ? Number.parseInt(text, 10) / 100
      : 0;
  if (plain < 1 || plain > 4) return null;
  return String(Math.round(plain * 100) / 100);
}

/** How many steps of two letters a block stands in. */
export function stepsOf(value: string | undefined): number {
  const em = /^([\d.]+)em$/.exec(value?.trim() ?? "");
  const px = /^([\d.]+)px$/.exec(value?.trim() ?? "");
  const letters = em ? Number(em[1]) : px ? Number(px[1]) / 16 : 0;
  return Math.max(0, Math.min(mostSteps, Math.round(letters / 2)));
}
export const mostSteps = 4;

export function styleText(parts: [string, string | null | undefined | false][]): string {
  return parts
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}:${value}`)
    .join(";");
}
