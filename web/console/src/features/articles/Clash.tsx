/** Two people at one draft: the second sees the first one's words before anything is overwritten. */
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "@/api/client";
import type { Article } from "@/api/types";
import { problemText } from "@/lib/problems";
import { Both } from "./Both";
import type { useArticleDraft } from "./draft";
import { bare } from "./items";

/** Somebody else has saved the same draft meanwhile. */
export function Clash({
  draft,
  clash,
  article,
}: {
  draft: ReturnType<typeof useArticleDraft>;
  clash: ApiError;
  article: Article;
}) {
  const { t } = useTranslation();
  const [isPending, setPending] = useState(false);
  const { message } = App.useApp();
  const name = String(clash.params.updated_by ?? t("articles.somebody"));
  return (
    <Both
      ours={bare(draft.items)}
      theirs={article.items}
      names={{ ours: t("articles.mine"), theirs: t("articles.of", { name }) }}
      lead={t("articles.clash", { name })}
      reason={null}
      isPending={isPending}
      onTake={(side) => {
        setPending(true);
        void (side === "ours" ? draft.keepMine() : draft.takeTheirs())
          .catch((error: unknown) => void message.error(problemText(error)))
          .finally(() => setPending(false));
      }}
    />
  );
}
