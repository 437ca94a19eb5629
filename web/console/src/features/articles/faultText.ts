/** One fault in words, with the article it is of where there are several. */
import type { TFunction } from "i18next";
import type { Fault } from "./lint";

export function faultText(t: TFunction, fault: Fault, many: boolean): string {
  const words = String(
    t(`articles.faults.${fault.code}` as "articles.faults.cover_missing", (fault.params ?? {}) as never),
  );
  return many ? `${t("articles.nth", { n: fault.item + 1 })} · ${words}` : words;
}
