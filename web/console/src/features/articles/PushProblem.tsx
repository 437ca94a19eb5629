/** Why an article did not get into WeChat's draft box. */
import { useTranslation } from "react-i18next";
import type { Article } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { Note } from "@/ui/kit";

export function PushProblem({ article, many }: { article: Article; many: boolean }) {
  const { t } = useTranslation();
  const { problem, problem_item, errcode } = article;
  return (
    <Note tone="error">
      {many && problem_item !== null ? `${t("articles.nth", { n: problem_item + 1 })} · ` : ""}
      {t(`articles.problems.${problem ?? "wechat_refused"}` as "articles.problems.wechat_refused")}{" "}
      {wechatText(errcode) ?? (errcode ? `(${errcode})` : "")} {t("articles.kept")}
    </Note>
  );
}
