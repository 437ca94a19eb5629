/** "Saved 12 s ago", counting. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "@/lib/prefs";
import { lengthText } from "@/lib/time";

export function Saved({ at }: { at: number | null }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const beat = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(beat);
  }, []);
  if (at === null) return <>{t("broadcasts.saved")}</>;
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 2) return <>{t("broadcasts.saved_now")}</>;
  return <>{t("broadcasts.saved_ago", { ago: lengthText(seconds, language) })}</>;
}
