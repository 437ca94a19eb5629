/** One draft: its articles, the words of the chosen one, and the phone beside them. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import { useAccounts } from "@/api/queries";
import { Icon } from "@/ui/icons";
import { Bars, Card, Empty, Page, Trouble } from "@/ui/kit";
import { articleQuery } from "./api";
import { Editor } from "./Editor";
import "./articles.css";
import "./sides.css";

export default function ArticlePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/signed-in/articles/$id" });
  const article = useQuery(articleQuery(id));
  const accounts = useAccounts();
  const account = accounts.find((one) => one.id === article.data?.account_id);
  if (article.data && account) return <Editor key={id} article={article.data} account={account} />;
  const gone = isCode(article.error, "not_found");
  return (
    <Page wide title={t("nav.articles")} back={<Back />}>
      {gone ? (
        <div className="card">
          <Empty drawing="letter" action={<Link to="/articles">{t("articles.all")}</Link>}>
            {t("articles.not_there")}
          </Empty>
        </div>
      ) : article.error ? (
        <Trouble error={article.error} retry={() => void article.refetch()} />
      ) : (
        <Card>
          <Bars rows={9} height={38} />
        </Card>
      )}
    </Page>
  );
}

export function Back() {
  const { t } = useTranslation();
  return (
    <Link to="/articles" className="back">
      <Icon name="left" size={14} /> {t("nav.articles")}
    </Link>
  );
}
