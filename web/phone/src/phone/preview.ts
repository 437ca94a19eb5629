import type { ChatItem } from "../api/types";
import { withFaces } from "../text/emoji";
import { flatText } from "../text/parse";
import { isWord, useWords } from "../words";

/** One line that stands for a chat item, in the list of chats. */
export function usePreview(): (item: ChatItem) => string {
  const { t } = useWords();
  const eventText = useEventText();
  return (item) => {
    if (item.kind === "text") return withFaces(flatText(item.text ?? ""));
    if (item.kind === "event") return eventText(item);
    if (item.kind === "failure") return item.text || t("chat.failure");
    if (item.from === "system" && item.kind === "transfer") return item.text || t("item.transfer");
    const word = `item.${item.kind}`;
    const name = isWord(word) ? t(word) : item.kind;
    const detail =
      item.articles?.[0]?.title ??
      item.title ??
      (item.menu?.head ? flatText(item.menu.head) : null) ??
      item.label ??
      flatText(item.text ?? "");
    return `[${name}]${detail ? ` ${detail}` : ""}`;
  };
}

/** What a fan did, as the grey line in the chat says it. */
export function useEventText(): (item: ChatItem) => string {
  const { t } = useWords();
  return (item) => {
    const event = item.event ?? "";
    const word = `event.${event.toLowerCase()}`;
    const text = isWord(word)
      ? t(word)
      : item.text || (event ? t("event.other", { event }) : t("event.unknown"));
    return item.key && !item.key.startsWith("http") && event.toLowerCase() !== "subscribe"
      ? `${text} · ${item.key}`
      : text;
  };
}
