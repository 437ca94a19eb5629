/** A thing to be said before anybody has written it. */
import type { Answer, AnswerType } from "@/api/types";

export function emptyAnswer(type: AnswerType): Answer {
  switch (type) {
    case "text":
      return { type, text: "" };
    case "image":
    case "voice":
    case "video":
      return { type, media_id: "" };
    case "music":
      return { type, url: "", thumb_media_id: "" };
    case "article":
      return { type, title: "", url: "" };
    case "none":
      return { type };
  }
}
