import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { en } from "./en";
import { translate } from "./index";
import { zh } from "./zh";

const marks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

test("both languages say the same things", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
});

test("both languages use the same values in each sentence", () => {
  for (const [word, text] of Object.entries(zh)) {
    expect([word, marks(en[word as keyof typeof zh])]).toEqual([word, marks(text)]);
  }
});

test("no sentence is empty and no Chinese is left in English", () => {
  for (const text of Object.values(zh)) expect(text.trim()).not.toBe("");
  for (const [word, text] of Object.entries(en)) {
    expect(text.trim()).not.toBe("");
    if (word !== "lang.other") expect([word, /[\u4e00-\u9fff]/.test(text)]).toEqual([word, false]);
  }
});

test("every sentence is used somewhere", () => {
  const root = join(import.meta.dirname, "..");
  const sources: string[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.tsx?$/.test(name) && !path.includes(`${join("src", "words")}`))
        sources.push(readFileSync(path, "utf8"));
    }
  };
  walk(root);
  const all = sources.join("\n");
  // Families whose last part comes from the server, such as `outcome.answered`.
  const families = [...all.matchAll(/`([a-z_.]+)\.\$\{/g)].map((m) => `${m[1]}.`);
  const unused = Object.keys(zh).filter(
    (word) => !all.includes(`"${word}"`) && !families.some((f) => word.startsWith(f)),
  );
  expect(unused).toEqual([]);
});

test("values are put in as text", () => {
  expect(translate("en", "chat.sendFailed", { why: "<b>$&</b>" })).toContain("<b>$&</b>");
});
