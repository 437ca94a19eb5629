/** Where a picture of an article can be seen: files of ours at once, WeChat's by way of the hub, others not at all. */
import type { Id } from "@/api/types";

export const fileOf = (media: Id) => `/api/v1/media/${media}/file`;

export function shownPicture(src: string): string | undefined {
  if (/^\/(?!\/)/.test(src)) return src;
  return undefined;
}

export const canShow = (src: string) => shownPicture(src) !== undefined;

/** WeChat's own picture hosts; the hub shows what is there. */
const theirs = /^(https?:)?\/\/(mmbiz|mmecoa|wx)\.q(pic|logo)\.cn\//i;

/** A picture of pasted words, as an article may have it; nothing for one from elsewhere, which WeChat would drop. */
export function takenFrom(account: Id, src: string): string | null {
  if (src.startsWith(`${location.origin}/`)) return src.slice(location.origin.length);
  if (/^\/api\/v1\//.test(src)) return src;
  if (!theirs.test(src)) return null;
  const address = src.startsWith("//") ? `https:${src}` : src;
  return `/api/v1/accounts/${account}/wechat_picture?address=${encodeURIComponent(address)}`;
}
