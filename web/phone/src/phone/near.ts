/**
 * Files of the sandbox are named by the address it listens on. Asked for by the page's own address instead, they also
 * come when the page was opened by another name of the same machine.
 */
export function ownFile(src: string): string;
export function ownFile(src: string | null | undefined): string | null;
export function ownFile(src: string | null | undefined): string | null {
  if (!src) return null;
  try {
    const url = new URL(src);
    return url.pathname.startsWith("/sandbox/files/") ? url.pathname : src;
  } catch {
    return src;
  }
}

/**
 * An article of the sandbox, asked for by the page's own address: only so the article knows by the phone's cookie who
 * reads it. `source` is where the reader comes from, as WeChat's statistics count it: 0 a chat, 4 the account's list.
 */
export function ownArticle(
  src: string,
  locale: string,
  source: 0 | 4 = 0,
  own: string = location.origin,
): string {
  let url: URL;
  try {
    url = new URL(src);
  } catch {
    return src;
  }
  if (!url.pathname.startsWith("/s/")) return src;
  if (locale.startsWith("en")) url.searchParams.set("lang", "en");
  if (source) url.searchParams.set("source", String(source));
  return `${own}${url.pathname}${url.search}`;
}

/** Is a picture's address on this machine or this page's host? `null` when it is no address a picture can have. */
export function isNear(src: string, page: string): { foreign: boolean; host: string } | null {
  let url: URL;
  try {
    url = new URL(src, page);
  } catch {
    return null;
  }
  if (url.protocol === "data:") return /^data:image\//i.test(src) ? { foreign: false, host: "" } : null;
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const host = url.hostname;
  const own = new URL(page).hostname;
  const here =
    host === own ||
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(host);
  return { foreign: !here, host };
}
