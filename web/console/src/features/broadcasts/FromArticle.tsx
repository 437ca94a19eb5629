/** Articles that wait to be told: one press begins a broadcast of one. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Account, ArticleLine } from "@/api/types";
import { Card } from "@/ui/kit";
import { ArticleButton } from "./ArticleField";
import { articlesQuery } from "./api";

const shown = 3;

export function FromArticle({
  account,
  onStart,
  disabled,
}: {
  account: Account;
  onStart: (article: ArticleLine) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  // What has gone out already is told by its broadcast.
  const articles = useQuery(articlesQuery(account.id, "")).data?.filter(
    (one) => one.publication === null && (one.state === "synced" || one.state === "changed"),
  );
  if (!articles?.length) return null;
  return (
    <Card title={t("broadcasts.from_article")} className="bc-from">
      <ul className="bc-articles">
        {articles.slice(0, shown).map((article) => (
          <li key={article.id}>
            <ArticleButton article={article} disabled={disabled} onPick={() => onStart(article)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
