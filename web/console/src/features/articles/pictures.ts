/** Where a picture of an article can be seen: files of ours at once, WeChat's by way of the hub, others not at all. */
import type { Id } from "@/api/types";

export const fileOf = (media: Id) => `/api/v1/media/${media}/file`;

export function shownPicture(src: string): string | undefined {
  if (/^\/(?!\/)/.test(src)) return src;
  return undefined;
}

export const canShow = (src: string) => shownPicture(src) !== undefined;
