/** How a send stands and what it says, in words. */
import { useTranslation } from "react-i18next";
import type { Gate, SendLine, SendState } from "@/api/types";
import { wechatText } from "@/lib/problems";
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
    const content = send.content as unknown as Record<string, unknown>;
    const given = (key: string) => (typeof content[key] === "string" ? (content[key] as string) : "");
    if (given("text")) return given("text");
    if (content.data && typeof content.data === "object") {
      const values = Object.values(content.data as Record<string, string>).join(" · ");
      return given("title") ? `${given("title")}: ${values}` : values;
    }
    const kind = given("type");
    const name = i18n.exists(`messages.${kind}`) ? t(`messages.${kind as "text"}`) : kind;
    return given("title") ? `[${name}] ${given("title")}` : `[${name}]`;
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
