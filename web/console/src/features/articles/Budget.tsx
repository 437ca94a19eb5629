/** How many pictures WeChat keeps for good for the account: covers are among them, and there is an end to it. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { Note } from "@/ui/kit";
import { budgetQuery } from "./api";

export function Budget({ account }: { account: Id }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const images = useQuery(budgetQuery(account)).data?.images;
  if (!images || images.used === 0) return null;
  const words = t("articles.budget", {
    used: count(images.used, language),
    limit: count(images.limit, language),
  });
  return images.used > images.limit * 0.9 ? (
    <Note tone="warning">{`${words} ${t("articles.budget_low")}`}</Note>
  ) : (
    <p className="small soft num article-budget">{words}</p>
  );
}
