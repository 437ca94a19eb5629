/** Small things that the list and the page of a code both show. */
import { useTranslation } from "react-i18next";
import type { Code, CodeState } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { shortTime } from "@/lib/time";
import { Status, type Tone } from "@/ui/kit";

const tones: Record<CodeState, Tone> = { making: "warning", live: "ok", expired: "quiet", archived: "quiet" };

/** Where it stands, and until when. */
export function State({ code }: { code: Code }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  return (
    <span>
      <Status tone={tones[code.state]}>{t(`qrcodes.states.${code.state}`)}</Status>
      {code.state === "live" ? (
        <small className="code-until">
          {code.expires_at === null
            ? t("qrcodes.for_ever")
            : t("qrcodes.until", { when: shortTime(code.expires_at, language, zone, Date.now()) })}
        </small>
      ) : null}
    </span>
  );
}
