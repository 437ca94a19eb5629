/** Words of single features, which come with their pages: the first load carries only what every page needs. */
import type { Language } from "@/api/types";

export const parts = {
  articles: {
    "zh-CN": () => import("./zh-CN/articles.json"),
    "en-US": () => import("./en-US/articles.json"),
  },
} satisfies Record<string, Record<Language, () => Promise<{ default: object }>>>;

export type Part = keyof typeof parts;
