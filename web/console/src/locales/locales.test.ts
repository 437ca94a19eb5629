/** Both languages say everything, say it with the same blanks, and say nothing that nobody asks for. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "./en-US";
import enArticles from "./en-US/articles.json";
import zh from "./zh-CN";
import zhArticles from "./zh-CN/articles.json";

function flat(value: object, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") found.set(prefix + key, inner);
    else for (const [name, text] of flat(inner as object, `${prefix}${key}.`)) found.set(name, text);
  }
  return found;
}

const base = (key: string) => key.replace(/_(one|other)$/, "");
const chinese = flat({ ...zh, ...zhArticles });
const english = flat({ ...en, ...enArticles });
const keys = new Set([...chinese.keys()].map(base));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "locales" ? [] : sources(path);
    return /\.tsx?$/.test(name) && !name.includes(".test.") ? [readFileSync(path, "utf8")] : [];
  });
}
const code = sources(join(process.cwd(), "src")).join("\n");

/** Every quoted string that could be a key, and every template as a pattern. */
const quoted = new Set(
  [...code.matchAll(/"([a-z_]+(?:\.[A-Za-z0-9_-]+)+)"/g)].map((match) => match[1] ?? ""),
);
const templates = [...code.matchAll(/`([a-z_]+\.[^`]*\$\{[^`]*)`/g)].map((match) => {
  const pattern = (match[1] ?? "")
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "\u0000")
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replaceAll("\u0000", "[A-Za-z0-9_-]+");
  return new RegExp(`^${pattern}$`);
});

describe("languages", () => {
  it("have the same keys both ways", () => {
    const other = new Set([...english.keys()].map(base));
    expect([...keys].filter((key) => !other.has(key))).toEqual([]);
    expect([...other].filter((key) => !keys.has(key))).toEqual([]);
  });

  it("have no empty text and the same blanks in each", () => {
    const blanks = (text: string) =>
      [...new Set([...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]))].sort();
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe("");
      const theirs = chinese.get(key) ?? chinese.get(`${base(key)}_other`);
      expect(blanks(theirs ?? ""), key).toEqual(blanks(text));
    }
  });

  it("use no key that does not exist", () => {
    const asked = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(asked.length).toBeGreaterThan(300);
    expect(asked.filter((key) => !keys.has(key))).toEqual([]);
  });

  it("carry no text that nobody asks for", () => {
    const unused = [...keys].filter((key) => !quoted.has(key) && !templates.some((one) => one.test(key)));
    expect(unused).toEqual([]);
  });

  it("speak Chinese in the Chinese file only", () => {
    const han = /\p{Script=Han}/u;
    expect([...english].filter(([, text]) => han.test(text)).map(([key]) => key)).toEqual([]);
  });
});
