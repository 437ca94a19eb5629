/** How a send stands and what it says, in words. */
import { useTranslation } from "react-i18next";
import type { Gate, Params, SendLine, SendState } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { filledIn, text } from "@/ui/events";
import { Status, type Tone } from "@/ui/kit";

export const tones: Record<SendState, Tone> = {
  queued: "primary",
  sending: "primary",
  retrying: "primary",
  held: "warning",
  sent: "ok",
  refused: "error",
  unknown: "warning",
  cancelled: "quiet",
};

export function State({ send }: { send: SendLine }) {
  const { t } = useTranslation();
  return <Status tone={tones[send.state]}>{t(`timeline.states.${send.state}`)}</Status>;
}

export function useSendWords() {
  const { t, i18n } = useTranslation();
  /** What it says, in one line. */
  const said = (send: SendLine): string => {
    const content = send.content as unknown as Params;
    const words = text(content.text) || filledIn(content);
    if (words) return words;
    const [kind, title] = [text(content.type), text(content.title)];
    const name = i18n.exists(`messages.${kind}`) ? t(`messages.${kind as "text"}`) : kind;
    return title ? `[${name}] ${title}` : `[${name}]`;
  };
  /** Why it ended or waits so; nothing when there is nothing to say. */
  const why = (send: SendLine): string | null => {
    if (!send.reason) return wechatText(send.errcode);
    return i18n.exists(`send_reasons.${send.reason}`)
      ? t(`send_reasons.${send.reason as "too_late"}`)
      : send.reason;
  };
  /** Why a way is closed. */
  const closed = (gate: Gate): string => {
    return i18n.exists(`gates.${gate.reason}`) ? t(`gates.${gate.reason as "day_quota"}`) : gate.reason;
  };
  /** WeChat's number, and what it means if we know it. */
  const code = (errcode: number): string => [errcode, wechatText(errcode)].filter(Boolean).join(" · ");
  return { said, why, closed, code };
}
