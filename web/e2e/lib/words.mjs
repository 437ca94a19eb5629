/** The console's own words, so that tests press what people see, in either language. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = new URL("../../console/src/locales/", import.meta.url).pathname;

/** `t("nav.customers")` in `language`. */
export function wordsOf(language) {
  const all = {};
  for (const file of readdirSync(join(folder, language)).filter((name) => name.endsWith(".json"))) {
    Object.assign(all, JSON.parse(readFileSync(join(folder, language, file), "utf8")));
  }
  return (key) => {
    const word = key.split(".").reduce((part, name) => part?.[name], all);
    if (typeof word !== "string") throw new Error(`the console has no word ${key} in ${language}`);
    return word;
  };
}
