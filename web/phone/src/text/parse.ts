/**
 * Text of a message, taken apart into pieces that can be shown. WeChat knows exactly one tag in text, `<a>`: to a web
 * address, to a mini program, or to a line of a message menu. Everything else stays the letters it is; nothing here or
 * in `rich.tsx` ever becomes HTML.
 */

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "link"; href: string; text: string }
  | { kind: "mini"; appid: string; path: string; href: string | null; text: string }
  | { kind: "menu"; id: string; content: string; text: string };

const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  nbsp: "\u00a0",
};
const decode = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|apos|#39|nbsp);/g, (_, name: string) => entities[name] ?? "");

/** The address when it may be opened: http and https only, without user name or password. */
export function safeUrl(text: string | null | undefined): string | null {
  if (!text) return null;
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return null;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  if (url.username || url.password) return null;
  return url.href;
}

/** `weixin://bizmsgmenu?msgmenucontent=yes&msgmenuid=101` */
function menuLine(href: string): { id: string; content: string } | null {
  const match = /^weixin:\/\/bizmsgmenu\?(.*)$/is.exec(href.trim());
  if (!match) return null;
  const query = new URLSearchParams(match[1]);
  const content = query.get("msgmenucontent");
  return content ? { id: query.get("msgmenuid") ?? "", content } : null;
}

function attributes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const m of text.matchAll(/([a-z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi)) {
    const name = (m[1] ?? "").toLowerCase();
    if (!found.has(name)) found.set(name, decode(m[2] ?? m[3] ?? m[4] ?? ""));
  }
  return found;
}

function anchor(head: string, label: string): Piece {
  const attrs = attributes(head);
  const href = attrs.get("href") ?? "";
  const text = decode(label);
  const appid = attrs.get("data-miniprogram-appid");
  if (appid) {
    return { kind: "mini", appid, path: attrs.get("data-miniprogram-path") ?? "", href: safeUrl(href), text };
  }
  const line = menuLine(href);
  if (line) return { kind: "menu", ...line, text };
  const url = safeUrl(href);
  return url ? { kind: "link", href: url, text } : { kind: "text", text };
}

/** Bare addresses in text become links; a full stop or bracket at the end belongs to the sentence. */
function plain(text: string, out: Piece[]) {
  let at = 0;
  for (const m of text.matchAll(/https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi)) {
    const found = m[0].replace(/[.,;:!?)\]']+$/, "");
    const href = safeUrl(found);
    if (!href) continue;
    if (m.index > at) out.push({ kind: "text", text: text.slice(at, m.index) });
    out.push({ kind: "link", href, text: found });
    at = m.index + found.length;
  }
  if (at < text.length) out.push({ kind: "text", text: text.slice(at) });
}

export function parseText(text: string): Piece[] {
  const out: Piece[] = [];
  // ASCII only: the lower case of some letters is longer than the letter, and then the places would not match.
  const lower = text.replace(/[A-Z]/g, (c) => c.toLowerCase());
  let done = 0;
  let from = 0;
  while (true) {
    const open = lower.indexOf("<a", from);
    if (open < 0) break;
    from = open + 2;
    if (!/\s/.test(lower[open + 2] ?? "")) continue;
    const headEnd = lower.indexOf(">", open);
    const close = headEnd < 0 ? -1 : lower.indexOf("</a>", headEnd);
    if (close < 0) break;
    if (open > done) plain(text.slice(done, open), out);
    out.push(anchor(text.slice(open + 2, headEnd), text.slice(headEnd + 1, close)));
    done = close + 4;
    from = done;
  }
  if (done < text.length) plain(text.slice(done), out);
  return out;
}

/** The text without its tags, for one-line previews. */
export const flatText = (text: string) =>
  parseText(text)
    .map((piece) => piece.text)
    .join("")
    .replace(/\s+/g, " ")
    .trim();
