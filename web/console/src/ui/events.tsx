/** One sentence per thing that happened, for the timeline and for the home page. */
import { useTranslation } from "react-i18next";
import type { Event, MessageKind, Params } from "@/api/types";
import type { IconName } from "./icons";

const icons: Record<string, IconName> = {
  message_in: "replies",
  message_out: "send",
  follow: "follow",
  unfollow: "unfollow",
  scan: "scan",
  menu_tap: "tap",
  import: "import",
  profile_change: "edit",
  tag_add: "tag",
  tag_remove: "tag",
  merge: "link",
  split: "link",
};

const messageIcons: Record<string, IconName> = {
  text: "text",
  image: "image",
  voice: "voice",
  video: "video",
  shortvideo: "video",
  location: "location",
  link: "link",
  music: "music",
  article: "article",
  news: "article",
};

export function text(value: unknown): string {
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

/** What a template message or notice says, in one line; nothing of what is neither. */
export function filledIn(said: Params): string {
  if (!said.data || typeof said.data !== "object") return "";
  const values = Object.values(said.data).map(text).join(" · ");
  const title = text(said.title);
  return title ? `${title}: ${values}` : values;
}

/** WeChat's `zh_CN` as people call it. */
function languageName(code: string, shownIn: string): string {
  try {
    return new Intl.DisplayNames(shownIn, { type: "language" }).of(code.replace("_", "-")) ?? code;
  } catch {
    // No language tag at all.
    return code;
  }
}

export function eventIcon(event: Event): IconName {
  return icons[event.kind] ?? "info";
}

export function messageIcon(type: string): IconName {
  return messageIcons[type] ?? "text";
}

export function useEventWords() {
  const { t, i18n } = useTranslation();
  const known = (key: string) => i18n.exists(key);

  const message = (event: Event): string => {
    const said = text(event.properties.text) || filledIn(event.properties);
    if (said) return said;
    const type = text(event.properties.type);
    const kind = known(`messages.${type}`)
      ? t(`messages.${type as MessageKind}`)
      : type || t("messages.other");
    const name = text(event.properties.name);
    return name ? `[${kind}] ${name}` : `[${kind}]`;
  };

  const scene = (event: Event): string => {
    const name = text(event.properties.scene);
    return name && known(`scenes.${name}`) ? t(`scenes.${name}` as "scenes.ADD_SCENE_OTHERS") : name;
  };

  /** What happened, without who and when. */
  const sentence = (event: Event): string => {
    const p = event.properties;
    switch (event.kind) {
      case "message_in":
        return t("events.message_in", { text: message(event) });
      case "message_out":
        return t("events.message_out", { text: message(event) });
      case "follow": {
        const from = scene(event);
        const base = p.first === false ? t("events.follow_again") : t("events.follow");
        const code = text(p.qrcode) || text(p.qr_scene);
        return [base, from || null, code ? t("events.by_code", { scene: code }) : null]
          .filter(Boolean)
          .join(" · ");
      }
      case "scan":
        return text(p.qrcode) || text(p.scene)
          ? t("events.scan_scene", { scene: text(p.qrcode) || text(p.scene) })
          : t("events.scan");
      case "menu_tap":
        if (text(p.name)) return t("events.menu_tap", { key: text(p.name) });
        if (/^https?:/.test(text(p.key))) return t("events.menu_link", { url: text(p.key) });
        return t("events.menu_tap", { key: text(p.key) });
      case "profile_change": {
        const field = text(p.field);
        const name = known(`profile.${field}`) ? t(`profile.${field}` as "profile.name") : field;
        const shown = (value: unknown) =>
          field === "gender" && known(`genders.${text(value)}`)
            ? t(`genders.${text(value)}` as "genders.male")
            : field === "language"
              ? languageName(text(value), i18n.language)
              : text(value);
        return p.to === null || p.to === ""
          ? t("events.profile_cleared", { field: name })
          : t("events.profile_change", { field: name, to: shown(p.to) });
      }
      case "tag_add":
        return t("events.tag_add", { tag: text(p.name) || text(p.tag) });
      case "tag_remove":
        return t("events.tag_remove", { tag: text(p.name) || text(p.tag) });
      case "other":
        if (p.type === "opt_out" || p.type === "opt_out_withdrawn") {
          const what = known(`functions.${text(p.way)}`)
            ? t(`functions.${text(p.way)}` as "functions.template")
            : t("services.notice");
          return t(`events.${p.type}`, { what });
        }
        if (p.type === "delivery" && known(`events.delivery.${text(p.delivery)}`)) {
          return t(`events.delivery.${text(p.delivery) as "failed"}`);
        }
        return t("events.other", { event: text(p.event) });
      case "import":
        return p.following === false ? t("events.import_left") : t("events.import");
      default:
        return known(`events.${event.kind}`) ? t(`events.${event.kind}` as "events.unfollow") : event.kind;
    }
  };
  return { sentence, message, scene };
}
