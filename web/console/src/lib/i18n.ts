/** Two languages, loaded one at a time; keys are typed from the Chinese files. */
import type { Locale } from "antd/es/locale";
import dayjs from "dayjs";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@/api/types";
import { type Part, parts } from "@/locales/parts";
import type zh from "@/locales/zh-CN";
import type articles from "@/locales/zh-CN/articles.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof zh & typeof articles };
    returnNull: false;
  }
}

export const languages: Language[] = ["zh-CN", "en-US"];

interface Pack {
  words: object;
  antd: Locale;
}

const packs: Record<Language, () => Promise<Pack>> = {
  "zh-CN": async () => {
    const [words, antd] = await Promise.all([
      import("@/locales/zh-CN"),
      import("antd/locale/zh_CN"),
      import("dayjs/locale/zh-cn"),
    ]);
    return { words: words.default, antd: unwrap(antd.default) };
  },
  "en-US": async () => {
    const [words, antd] = await Promise.all([import("@/locales/en-US"), import("antd/locale/en_US")]);
    return { words: words.default, antd: unwrap(antd.default) };
  },
};

/** antd's locale files are CommonJS; depending on the bundler the value sits one level deeper. */
function unwrap(locale: Locale | { default: Locale }): Locale {
  return "default" in locale ? (locale as { default: Locale }).default : (locale as Locale);
}

const antdLocales = new Map<Language, Locale>();

export function antdLocale(language: Language) {
  return antdLocales.get(language);
}

export function preferredLanguage(): Language {
  const kept = localStorage.getItem("hy.language");
  if (kept === "zh-CN" || kept === "en-US") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en-US";
}

export function currentLanguage(): Language {
  return i18next.language === "en-US" ? "en-US" : "zh-CN";
}

async function load(language: Language) {
  if (antdLocales.has(language)) return;
  const pack = await packs[language]();
  i18next.addResourceBundle(language, "translation", pack.words);
  antdLocales.set(language, pack.antd);
}

/** Parts that pages have asked for, and which of them are here by language. */
const wanted = new Set<Part>();
const here = new Set<string>();

async function loadPart(language: Language, part: Part) {
  if (here.has(`${language} ${part}`)) return;
  const words = await parts[part][language]();
  i18next.addResourceBundle(language, "translation", words.default, true, false);
  here.add(`${language} ${part}`);
}

/** A page together with its words. */
export async function withWords<T>(part: Part, page: Promise<T>): Promise<T> {
  wanted.add(part);
  const loaded = await page;
  // The language may change while its words are on their way.
  for (let language: Language | null = null; language !== currentLanguage(); ) {
    language = currentLanguage();
    await loadPart(language, part);
  }
  return loaded;
}

export async function switchLanguage(language: Language) {
  await load(language);
  await Promise.all([...wanted].map((part) => loadPart(language, part)));
  dayjs.locale(language === "zh-CN" ? "zh-cn" : "en");
  await i18next.changeLanguage(language);
  localStorage.setItem("hy.language", language);
  document.documentElement.lang = language;
}

export async function startI18n() {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await switchLanguage(language);
}
