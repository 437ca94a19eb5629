/** A menu as a shape: where its buttons stand, how they move, and what WeChat would refuse. No page in here. */
import type { ButtonKind, MenuButton } from "@/api/types";
import { byteLength, textLimit } from "@/lib/text";

export const most = { buttons: 3, below: 5, hosts: 3, name: 16, nameBelow: 60, key: 128, url: 1024 } as const;

/** Kinds by what they do, as the editor offers them. */
export const kinds: ButtonKind[] = [
  "click",
  "view",
  "miniprogram",
  "scancode_waitmsg",
  "scancode_push",
  "pic_photo_or_album",
  "pic_sysphoto",
  "pic_weixin",
  "location_select",
  "article_id",
  "article_view_limited",
  "media_id",
  "view_limited",
];
const keyed = new Set<ButtonKind>([
  "click",
  "scancode_push",
  "scancode_waitmsg",
  "pic_sysphoto",
  "pic_photo_or_album",
  "pic_weixin",
  "location_select",
]);

/** Pushes an event that the hub may answer. */
export const hasKey = (kind: ButtonKind | undefined) => kind !== undefined && keyed.has(kind);

export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

export const newButton = (): MenuButton => ({ id: newId(), name: "", type: "click" });

/** `[2]` or `[2, 0]`: the button's place. */
export type Place = [number] | [number, number];

export function placeOf(buttons: MenuButton[], id: string): Place | null {
  for (const [i, button] of buttons.entries()) {
    if (button.id === id) return [i];
    const j = button.buttons?.findIndex((below) => below.id === id) ?? -1;
    if (j >= 0) return [i, j];
  }
  return null;
}

export function find(buttons: MenuButton[], id: string | undefined): MenuButton | undefined {
  return buttons.flatMap((button) => [button, ...(button.buttons ?? [])]).find((button) => button.id === id);
}

export function change(buttons: MenuButton[], id: string, next: Partial<MenuButton>): MenuButton[] {
  return buttons.map((button) => {
    if (button.id === id) return { ...button, ...next };
    return button.buttons ? { ...button, buttons: change(button.buttons, id, next) } : button;
  });
}

export function remove(buttons: MenuButton[], id: string): MenuButton[] {
  return buttons
    .filter((button) => button.id !== id)
    .map((button) => {
      if (!button.buttons?.some((below) => below.id === id)) return button;
      const { buttons: below, ...rest } = button;
      const left = below.filter((one) => one.id !== id);
      return left.length > 0 ? { ...rest, buttons: left } : { ...rest, type: rest.type ?? "click" };
    });
}

export const addTop = (buttons: MenuButton[], button: MenuButton) => [...buttons, button];

/** A button with others below it does nothing itself: what it did, the first one below it does from now on. */
export function addBelow(buttons: MenuButton[], id: string, below: MenuButton): MenuButton[] {
  return buttons.map((button) => {
    if (button.id !== id) return button;
    const { buttons: already, id: own, name, ...action } = button;
    const isSomething =
      !already?.length && (action.url || action.answer || action.material || action.article);
    return {
      id: own,
      name,
      buttons: [...(already ?? []), isSomething ? { ...below, name, ...action } : below],
    };
  });
}

/** The button put at another place; the same menu when it cannot stand there. */
export function moveTo(buttons: MenuButton[], id: string, to: Place): MenuButton[] {
  const button = find(buttons, id);
  const from = placeOf(buttons, id);
  if (!button || !from) return buttons;
  if (to.length === 1) {
    if (from.length === 2 && buttons.length >= most.buttons) return buttons;
    const rest = remove(buttons, id);
    return [...rest.slice(0, to[0]), button, ...rest.slice(to[0])];
  }
  const group = buttons[to[0]];
  if (!group || group.id === id || button.buttons?.length) return buttons;
  const stays = from.length === 2 && from[0] === to[0];
  if (!stays && (group.buttons?.length ?? 0) >= most.below) return buttons;
  if (!group.buttons?.length) return buttons;
  const rest = remove(buttons, id);
  return rest.map((one) => {
    if (one.id !== group.id) return one;
    const below = one.buttons ?? [];
    return { id: one.id, name: one.name, buttons: [...below.slice(0, to[1]), button, ...below.slice(to[1])] };
  });
}

/** One step by an arrow key: along the bar, up and down within a list, and from one list into the next. */
export function step(buttons: MenuButton[], id: string, arrow: string): MenuButton[] {
  const place = placeOf(buttons, id);
  if (!place) return buttons;
  if (place.length === 1) {
    const to = place[0] + (arrow === "ArrowLeft" ? -1 : arrow === "ArrowRight" ? 1 : 0);
    return to === place[0] || to < 0 || to >= buttons.length ? buttons : moveTo(buttons, id, [to]);
  }
  const [i, j] = place;
  if (arrow === "ArrowUp" || arrow === "ArrowDown") {
    const to = j + (arrow === "ArrowUp" ? -1 : 1);
    return to < 0 || to >= (buttons[i]?.buttons?.length ?? 0) ? buttons : moveTo(buttons, id, [i, to]);
  }
  const next = i + (arrow === "ArrowLeft" ? -1 : 1);
  return moveTo(buttons, id, [next, Math.min(j, buttons[next]?.buttons?.length ?? 0)]);
}

export type Fault =
  | "name_empty"
  | "name_long"
  | "type"
  | "key_long"
  | "url"
  | "material"
  | "article"
  | "app_id"
  | "page_path"
  | "console"
  | "answer"
  | "answer_long";

const isWeb = (url: string | undefined) => {
  if (!url || /[\s\p{Cc}]/u.test(url) || byteLength(url) > most.url) return false;
  try {
    const { protocol, hostname } = new URL(url);
    return (protocol === "http:" || protocol === "https:") && hostname !== "";
  } catch {
    return false;
  }
};

/** What is wrong with one button, by field. */
export function faultsOf(button: MenuButton, below: boolean): Fault[] {
  const found: Fault[] = [];
  if (button.name.trim() === "") found.push("name_empty");
  if (byteLength(button.name) > (below ? most.nameBelow : most.name)) found.push("name_long");
  if (button.buttons?.length) return found;
  const { type } = button;
  if (!type) return [...found, "type"];
  if (type === "console") found.push("console");
  if ((type === "view" || type === "miniprogram") && !isWeb(button.url)) found.push("url");
  if (type === "miniprogram" && !button.app_id?.trim()) found.push("app_id");
  if (type === "miniprogram" && !button.page_path?.trim()) found.push("page_path");
  if ((type === "media_id" || type === "view_limited") && !button.material?.trim()) found.push("material");
  if ((type === "article_id" || type === "article_view_limited") && !button.article?.trim())
    found.push("article");
  if (hasKey(type)) {
    if (byteLength(button.key ?? "") > most.key) found.push("key_long");
    const answer = button.answer;
    if (answer?.type === "text" && byteLength(answer.text) > textLimit) found.push("answer_long");
    if (answer && !isWhole(answer)) found.push("answer");
  }
  return found;
}

function isWhole(answer: NonNullable<MenuButton["answer"]>): boolean {
  switch (answer.type) {
    case "text":
      return answer.text.trim() !== "";
    case "article":
      return answer.title.trim() !== "" && isWeb(answer.url);
    case "music":
      return answer.thumb_media_id !== "" && isWeb(answer.url);
    default:
      return answer.media_id !== "";
  }
}

/** Without answers whose file is still to be chosen: the hub knows no file without an id. */
export function sendable(buttons: MenuButton[]): MenuButton[] {
  return buttons.map((button) => {
    const { answer, buttons: below, ...rest } = button;
    const isOpen =
      answer &&
      ("media_id" in answer ? answer.media_id : "thumb_media_id" in answer ? answer.thumb_media_id : "x") ===
        "";
    return {
      ...rest,
      ...(answer && !isOpen ? { answer } : {}),
      ...(below?.length ? { buttons: sendable(below) } : {}),
    };
  });
}

/** The hosts that WeChat counts: those of links, its own left out, and ours for every counted one. */
export function hostsOf(buttons: MenuButton[], own: string): string[] {
  const hosts = buttons
    .flatMap((button) => (button.buttons?.length ? button.buttons : [button]))
    .filter((button) => button.type === "view")
    .map((button) =>
      button.count_visits ? own : isWeb(button.url) ? new URL(button.url ?? "").hostname : "",
    )
    .filter((host) => host !== "" && host !== "qq.com" && !host.endsWith(".qq.com"));
  return [...new Set(hosts)];
}

/** What keeps the whole menu from being published. */
export function problemOf(buttons: MenuButton[], own: string): "empty" | "hosts" | "buttons" | null {
  if (buttons.length === 0) return "empty";
  const wrong = buttons.some(
    (button) =>
      faultsOf(button, false).length > 0 || button.buttons?.some((below) => faultsOf(below, true).length > 0),
  );
  if (wrong) return "buttons";
  return hostsOf(buttons, own).length > most.hosts ? "hosts" : null;
}
