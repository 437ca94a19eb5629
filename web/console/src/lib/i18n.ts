/** Two languages, loaded one at a time; keys are typed from the Chinese files. */
import type { Locale } from "antd/es/locale";
import dayjs from "dayjs";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@/api/types";
import type zh from "@/locales/zh-CN/all";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof zh };
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

/** Words that only one feature says. They come with its pages, so that the first page need not wait for them. */
const ofPages = {
  articles: {
    "zh-CN": () => import("@/locales/zh-CN/articles.json"),
    "en-US": () => import("@/locales/en-US/articles.json"),
  },
  broadcasts: {
    "zh-CN": () => import("@/locales/zh-CN/broadcasts.json"),
    "en-US": () => import("@/locales/en-US/broadcasts.json"),
  },
  menus: {
    "zh-CN": () => import("@/locales/zh-CN/menus.json"),
    "en-US": () => import("@/locales/en-US/menus.json"),
  },
  qrcodes: {
    "zh-CN": () => import("@/locales/zh-CN/qrcodes.json"),
    "en-US": () => import("@/locales/en-US/qrcodes.json"),
  },
  sends: {
    "zh-CN": () => import("@/locales/zh-CN/sends.json"),
    "en-US": () => import("@/locales/en-US/sends.json"),
  },
  templates: {
    "zh-CN": () => import("@/locales/zh-CN/templates.json"),
    "en-US": () => import("@/locales/en-US/templates.json"),
  },
} satisfies Record<string, Record<Language, () => Promise<{ default: object }>>>;
type PageWords = keyof typeof ofPages;
/** What pages have asked for, and what of it is here by language. */
const wanted = new Set<PageWords>();
const here = new Set<string>();

async function loadWords(language: Language, name: PageWords) {
  if (here.has(`${language} ${name}`)) return;
  const { default: words } = await ofPages[name][language]();
  i18next.addResourceBundle(language, "translation", words, true, false);
  here.add(`${language} ${name}`);
}

/** A page together with its words. */
export async function withWords<Page>(name: PageWords, page: Promise<Page>): Promise<Page> {
  wanted.add(name);
  const loaded = await page;
  // The language may change while its words are on their way.
  for (let language: Language | null = null; language !== currentLanguage(); ) {
    language = currentLanguage();
    await loadWords(language, name);
  }
  return loaded;
}

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

export async function switchLanguage(language: Language) {
  await load(language);
  await Promise.all([...wanted].map((name) => loadWords(language, name)));
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
