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
