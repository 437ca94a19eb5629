/** Small things done to text and numbers everywhere. */

const numbers = new Map<string, Intl.NumberFormat>();
export function count(value: number, language: string): string {
  let format = numbers.get(language);
  if (!format) {
    format = new Intl.NumberFormat(language);
    numbers.set(language, format);
  }
  return format.format(value);
}

/** `oABCD…9xYz`: both ends tell people apart, the middle never does. */
export function shorten(id: string, head = 6, tail = 4): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

/** A steady hue for a thing without a picture. */
export function hueOf(seed: string): number {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % 360;
}

/** What stands in the round when there is no picture: the last character of a Chinese name, initials otherwise. */
export function glyphOf(name: string): string {
  const clean = name.replace(/^[^\p{L}\p{N}]+/u, "").trim();
  if (clean === "") return "·";
  const han = [...clean].filter((char) => /\p{Script=Han}/u.test(char));
  if (han.length > 0) return han.length <= 3 ? (han.at(-1) ?? "·") : (han[0] ?? "·");
  const words = clean.split(/\s+/);
  const letters = words.length > 1 ? (words[0]?.[0] ?? "") + (words.at(-1)?.[0] ?? "") : [...clean][0];
  return (letters ?? "·").toUpperCase();
}

/** Words as operators type them: any comma, Chinese or not, and line breaks part them. */
export function splitWords(text: string): string[] {
  const seen = new Set<string>();
  for (const part of text.split(/[,，、;；\n]/)) {
    const word = part.trim();
    if (word !== "") seen.add(word);
  }
  return [...seen];
}

export function fileSize(bytes: number, language: string): string {
  const format = (value: number, unit: string) =>
    `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`;
  if (bytes < 1024) return format(bytes, "B");
  if (bytes < 1024 * 1024) return format(bytes / 1024, "KB");
  return format(bytes / 1024 / 1024, "MB");
}

/** WeChat writes `zh_CN`; people read 简体中文. What is no language's code stays as it is. */
export function languageName(code: string, shownIn: string): string {
  try {
    return new Intl.DisplayNames([shownIn], { type: "language" }).of(code.replaceAll("_", "-")) ?? code;
  } catch {
    return code;
  }
}

/** Bytes WeChat counts; a text over this is refused. */
export const textLimit = 2048;
export const byteLength = (text: string) => new TextEncoder().encode(text).length;
