/** Words and marks of broadcasts that several pages show. */
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OfAccount as Of } from "@/account/OfAccount";
import { tagsQuery } from "@/api/queries";
import type {
  Account,
  BroadcastAudience,
  BroadcastBody,
  BroadcastContent,
  BroadcastPart,
  BroadcastState,
} from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import type { IconName } from "@/ui/icons";
import { Status, type Tone } from "@/ui/kit";
import { letterOf, restOf } from "./shape";
import "@/answers/answers.css";
import "./broadcasts.css";
import "./editor.css";
import "./result.css";

export function OfAccount({ children }: { children: (account: Account) => ReactNode }) {
  const { t } = useTranslation();
  return (
    <Of
      title={t("nav.broadcasts")}
      none={t("broadcasts.no_account")}
      choose={t("broadcasts.choose_account")}
      drawing="letter"
    >
      {children}
    </Of>
  );
}

export const kindIcons: Record<BroadcastContent["type"], IconName> = {
  text: "text",
  article: "article",
  images: "image",
  voice: "voice",
  video: "video",
};

const tones: Record<BroadcastState, Tone> = {
  draft: "quiet",
  awaiting_approval: "warning",
  scheduled: "primary",
  missed: "error",
  running: "primary",
  testing: "primary",
  held: "warning",
  stopped: "quiet",
  done: "ok",
};

export function State({ state }: { state: BroadcastState }) {
  const { t } = useTranslation();
  return <Status tone={tones[state]}>{t(`broadcasts.states.${state}`)}</Status>;
}

const partTones: Record<BroadcastPart["state"], Tone> = {
  queued: "quiet",
  sending: "primary",
  retrying: "warning",
  submitted: "primary",
  awaiting_confirmation: "warning",
  sent: "ok",
  refused: "error",
  failed: "error",
  unknown: "error",
  cancelled: "quiet",
  withdrawn: "quiet",
};

export function PartState({ state }: { state: BroadcastPart["state"] }) {
  const { t } = useTranslation();
  return <Status tone={partTones[state]}>{t(`broadcasts.part_states.${state}`)}</Status>;
}

/** To whom, in one line. */
export function useAudienceWords() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const tags = useQuery(tagsQuery).data;
  return (audience: BroadcastAudience): string => audienceWords(t, language, tags, audience);
}

function audienceWords(
  t: TFunction,
  language: string,
  tags: { id: string; name: string }[] | undefined,
  audience: BroadcastAudience,
): string {
  switch (audience.type) {
    case "all":
      return t("broadcasts.to.all");
    case "tags": {
      const names = audience.tag_ids.map((id) => tags?.find((tag) => tag.id === id)?.name ?? "…");
      return names.length
        ? t("broadcasts.to.tags", { names: names.join(t("app.comma")) })
        : t("broadcasts.to.none");
    }
    case "customers": {
      const n = audience.customer_ids.length;
      return n ? t("broadcasts.to.customers", { count: n, n: count(n, language) }) : t("broadcasts.to.none");
    }
    case "openids": {
      const n = audience.openids.length;
      return n ? t("broadcasts.to.openids", { count: n, n: count(n, language) }) : t("broadcasts.to.none");
    }
  }
}

/** What it says, in one line. */
export function contentWords(t: TFunction, content: BroadcastContent | undefined): string {
  if (!content) return "";
  if (content.type === "text")
    return content.text.replace(/<[^>]*>/g, "").trim() || t("broadcasts.kinds.text");
  if (content.type === "images") return t("broadcasts.pictures", { count: content.media_ids.length });
  if (content.type === "video") return content.title || t("broadcasts.kinds.video");
  return t(`broadcasts.kinds.${content.type}`);
}

/** How variants are tried, in a sentence. */
export function useTestWords() {
  const { t } = useTranslation();
  return (body: Pick<BroadcastBody, "contents" | "test">): string => {
    const { test, contents } = body;
    if (!test) return "";
    const says = t("broadcasts.test_says", {
      letters: contents.map((_, n) => letterOf(n)).join(" / "),
      share: test.share,
      rest: restOf(body),
      hours: test.hours,
    });
    return test.hold_out > 0 ? `${says} ${t("broadcasts.test_holds", { hold_out: test.hold_out })}` : says;
  };
}
