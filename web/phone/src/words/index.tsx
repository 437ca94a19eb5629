/**
 * Two complete dictionaries and a small `t`. The language follows the browser until the person chooses;
 * the choice and the colour theme are kept in localStorage.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { en } from "./en";
import { type Word, zh } from "./zh";

export type Lang = "zh" | "en";
export type Theme = "system" | "light" | "dark";
export type Translate = (word: Word, values?: Record<string, string | number>) => string;

const dictionaries: Record<Lang, Record<Word, string>> = { zh, en };

export function translate(lang: Lang, word: Word, values: Record<string, string | number> = {}): string {
  return dictionaries[lang][word].replace(/\{(\w+)\}/g, (all, name: string) =>
    name in values ? String(values[name]) : all,
  );
}

/** True when `word` is in the dictionaries; for names that come from the server. */
export function isWord(word: string): word is Word {
  return Object.hasOwn(zh, word);
}

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // Storage may be forbidden; then the choice lasts as long as the page.
  }
}
function keep(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // See `kept`.
  }
}

function firstLang(): Lang {
  const chosen = kept("sandbox.lang");
  if (chosen === "zh" || chosen === "en") return chosen;
  return (navigator.languages[0] ?? navigator.language).toLowerCase().startsWith("zh") ? "zh" : "en";
}
function firstTheme(): Theme {
  const chosen = kept("sandbox.theme");
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

interface Words {
  lang: Lang;
  /** For Intl. */
  locale: string;
  setLang: (lang: Lang) => void;
  theme: Theme;
  setTheme: (theme: Theme) => void;
  t: Translate;
}

const Context = createContext<Words | null>(null);

export function WordsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState(firstLang);
  const [theme, setTheme] = useState(firstTheme);

  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }, [lang]);
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  const value = useMemo<Words>(
    () => ({
      lang,
      locale: lang === "zh" ? "zh-CN" : "en-GB",
      setLang: (next) => {
        keep("sandbox.lang", next);
        setLang(next);
      },
      theme,
      setTheme: (next) => {
        keep("sandbox.theme", next);
        setTheme(next);
      },
      t: (word, values) => translate(lang, word, values),
    }),
    [lang, theme],
  );
  return <Context value={value}>{children}</Context>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("useWords is used outside WordsProvider");
  return words;
}
