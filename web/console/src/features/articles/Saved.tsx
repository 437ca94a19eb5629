/** "Saved 12 s ago", and what is in the way when it is not. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { whenText } from "@/lib/time";
import type { useArticleDraft } from "./draft";

interface Props {
  draft: ReturnType<typeof useArticleDraft>;
  /** When it was saved last, by anybody. */
  at: number;
}

export function Saved({ draft, at }: Props) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const [now, setNow] = useState(Date.now());
  const last = draft.savedAt ?? at;
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), last > Date.now() - 60_000 ? 2_000 : 20_000);
    return () => clearInterval(timer);
  }, [last]);
  if (draft.clash) return <span className="soft small">{t("articles.not_saved")}</span>;
  if (draft.error && draft.isUnsaved)
    return (
      <span className="small saved-error">
        {t("articles.save_failed", { why: problemText(draft.error) })}
      </span>
    );
  if (draft.isUnsaved) return <span className="soft small">{t("articles.saving")}</span>;
  const seconds = Math.round((now - last) / 1000);
  return (
    <span className="soft small num">
      {draft.savedAt && seconds < 60
        ? seconds < 2
          ? t("articles.saved_now")
          : t("articles.saved_seconds", { n: seconds })
        : t("articles.saved", { when: whenText(last, language, zone, now) })}
    </span>
  );
}
