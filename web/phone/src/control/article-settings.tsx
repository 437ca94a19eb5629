/** What WeChat makes of an account's articles: how publications end, and whether readers may comment. */
import type { Publishing } from "../api/types";
import { Segmented, Switch } from "../ui/kit";
import { useWords } from "../words";

export function ArticleSettings({
  publishing,
  noComments,
  onChange,
}: {
  publishing: Publishing;
  noComments: boolean;
  onChange: (part: { publishing: Publishing } | { no_comments: boolean }) => void;
}) {
  const { t } = useWords();
  return (
    <>
      <div>
        <span className="label">{t("account.publishing")}</span>
        <Segmented
          label={t("account.publishing")}
          value={publishing.outcome}
          onPick={(outcome) => onChange({ publishing: { ...publishing, outcome, fail_idx: [] } })}
          options={[
            { value: "done", label: t("account.publish.done") },
            { value: "not_original", label: t("account.publish.not_original") },
            { value: "failed", label: t("account.publish.failed") },
            { value: "refused", label: t("account.publish.refused") },
          ]}
        />
      </div>
      <Switch
        on={!noComments}
        onTurn={(on) => onChange({ no_comments: !on })}
        label={t("account.comments")}
        hint={t("account.commentsHint")}
      />
    </>
  );
}
