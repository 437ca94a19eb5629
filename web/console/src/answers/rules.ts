/** WeChat's rules for files, told before anything is sent. */
import type { TFunction } from "i18next";
import type { MediaKind } from "@/api/types";
import { fileSize } from "@/lib/text";

const MB = 1024 * 1024;

interface Rule {
  accept: string;
  types: RegExp;
  size: number;
  /** Seconds. */
  long?: number;
}

export const fileRules: Record<MediaKind, Rule> = {
  image: {
    accept: "image/jpeg,image/png,image/gif,image/webp",
    types: /\.(jpe?g|png|gif)$/i,
    size: 10 * MB,
  },
  voice: { accept: ".mp3,.amr,audio/mpeg,audio/amr", types: /\.(mp3|amr)$/i, size: 2 * MB, long: 60 },
  video: { accept: ".mp4,video/mp4", types: /\.mp4$/i, size: 10 * MB },
  thumb: { accept: "image/jpeg", types: /\.jpe?g$/i, size: 64 * 1024 },
};

/** What stands in the way of this file, or nothing. */
export function wrongWith(kind: MediaKind, file: File, t: TFunction, language: string): string | null {
  const rule = fileRules[kind];
  if (!rule.types.test(file.name)) return t(`media.types.${kind}`);
  if (file.size > rule.size)
    return t("media.too_big", { size: fileSize(file.size, language), limit: fileSize(rule.size, language) });
  return null;
}

/** What a file is, by its name and type; nothing WeChat has no use for. */
export function kindOf(file: File): Exclude<MediaKind, "thumb"> | null {
  if (/^image\//.test(file.type) || /\.(jpe?g|png|gif|webp)$/i.test(file.name)) return "image";
  if (/\.(mp3|amr)$/i.test(file.name)) return "voice";
  if (/\.mp4$/i.test(file.name)) return "video";
  return null;
}

/** Bytes of an AMR frame by its kind; each frame is a fiftieth of a second. */
const amrFrames = [12, 13, 15, 17, 19, 20, 26, 31, 5];

export function amrSeconds(bytes: Uint8Array): number | null {
  const head = "#!AMR\n";
  if (String.fromCharCode(...bytes.subarray(0, head.length)) !== head) return null;
  let frames = 0;
  for (let at = head.length; at < bytes.length; frames++)
    at += 1 + (amrFrames[((bytes[at] ?? 0) >> 3) & 15] ?? 0);
  return frames / 50;
}

/** How long a recording is; nothing where it cannot be told here, and the hub will tell. */
export async function secondsOf(file: File): Promise<number | null> {
  try {
    const bytes = await file.arrayBuffer();
    if (/\.amr$/i.test(file.name)) return amrSeconds(new Uint8Array(bytes));
    if (!/\.mp3$/i.test(file.name)) return null;
    const context = new OfflineAudioContext(1, 1, 44_100);
    return (await context.decodeAudioData(bytes)).duration;
  } catch {
    return null;
  }
}
