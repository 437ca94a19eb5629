/** What stands in the fields of a template: places filled with what is known of somebody, and what WeChat takes. */
import type { Customer, TemplateField, Unfit } from "@/api/types";

/** What can be put in, in the order of the menu. */
export const known = ["name", "phone", "email", "city", "province", "birthday"] as const;
export type Known = (typeof known)[number];
export const placeOf = (name: Known, otherwise: string) =>
  otherwise ? `{{customer.${name}|${otherwise}}}` : `{{customer.${name}}}`;

const place = /\{\{\s*([^}|]*?)\s*(?:\|([^}]*))?\}\}/g;

/** The text for this one; without a customer, the places stay. */
export function filled(text: string, customer: Customer | undefined): string {
  if (!customer) return text;
  return text.replace(place, (_, name: string, otherwise?: string) => {
    const key = name.replace(/^customer\./, "") as Known;
    const value = name.startsWith("customer.") ? customer.fields[key]?.value : undefined;
    return value || (otherwise ?? "").trim();
  });
}

/** What the text would say of this one and nobody knows, with nothing to be said instead. */
export function missingOf(text: string, customer: Customer): Known[] {
  const found = [...text.matchAll(place)].map(([, name, otherwise]) => {
    const one = known.find((each) => `customer.${each}` === name);
    return one && !customer.fields[one]?.value && !(otherwise ?? "").trim() ? one : null;
  });
  return [...new Set(found)].filter((one) => one !== null);
}

/** The text in pieces: what is written, and places that can be filled. */
export function parted(text: string): { text: string; place: Known | null }[] {
  const parts: { text: string; place: Known | null }[] = [];
  let end = 0;
  for (const match of text.matchAll(place)) {
    const name = known.find((one) => `customer.${one}` === match[1]);
    if (!name) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), place: null });
    parts.push({ text: match[0], place: name });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), place: null });
  return parts;
}

export const isPersonal = (text: string) => text.search(place) >= 0;

/** A name in braces that nothing is known under, or braces that are never closed. */
export function strange(text: string): string | null {
  for (const [, name] of text.matchAll(place)) {
    const bare = name?.replace(/^customer\./, "") ?? "";
    if (!name?.startsWith("customer.") || !(known as readonly string[]).includes(bare)) return name ?? "";
  }
  return text.replace(place, "").includes("{{") ? "{{" : null;
}

const chinese = /[\u3400-\u9fff\uf900-\ufaff]/;
const clock = /^([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d)?$/;
function isDay(text: string): boolean {
  const [day = "", ...rest] = text.split(" ");
  const time = rest.join(" ").trim();
  const match = /^(\d{4})[-/年.](\d{1,2})(?:[-/月.](\d{1,2}))?[月日]?$/.exec(day);
  if (!match || (rest.length > 0 && !clock.test(time))) return false;
  const [, , month, date] = match.map(Number);
  return (
    (month ?? 0) >= 1 &&
    (month ?? 0) <= 12 &&
    (match[3] === undefined || ((date ?? 0) >= 1 && (date ?? 0) <= 31))
  );
}
const isSpan = (text: string, is: (part: string) => boolean) => {
  const parts = text.split("~").map((part) => part.trim());
  return parts.length <= 2 && parts.every(is);
};

const shapes: Record<string, (value: string) => Unfit | null> = {
  character_string: (value) => (/^[\x20-\x7e]+$/.test(value) ? null : "characters"),
  letter: (value) => (/^[A-Za-z]+$/.test(value) ? null : "characters"),
  symbol: (value) => (/^[^\p{L}\p{N}]+$/u.test(value) ? null : "characters"),
  phone_number: (value) => (/^[\d+\-() ]+$/.test(value) ? null : "characters"),
  car_number: (value) => (/^[A-Za-z0-9\u3400-\u9fff]+$/.test(value) ? null : "characters"),
  name: (value) => (/^[\p{L} ·]+$/u.test(value) ? null : "characters"),
  phrase: (value) => (/^[\u3400-\u9fff\uf900-\ufaff]+$/.test(value) ? null : "characters"),
  number: (value) => (/^-?\d+(\.\d+)?$/.test(value) ? null : "shape"),
  amount: (value) => (/^[￥¥$€£]?\d{1,10}(\.\d{1,2})?元?$/.test(value) ? null : "shape"),
  time: (value) => (isSpan(value, (part) => clock.test(part) || isDay(part)) ? null : "shape"),
  date: (value) => (isSpan(value, isDay) ? null : "shape"),
};

export const length = (text: string) => [...text].length;

/** Why WeChat would refuse the value; null when it takes it. Historical templates take everything. */
export function unfit(field: TemplateField, value: string): Unfit | null {
  if (field.type === null) return null;
  if (!value.trim()) return "empty";
  const longest = field.type === "name" && chinese.test(value) ? 10 : field.longest;
  if (longest !== null && length(value) > longest) return "too_long";
  return shapes[field.type]?.(value) ?? null;
}
