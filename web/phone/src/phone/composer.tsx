/**
 * The foot of a chat: the account's menu, or the keyboard, and what can be attached. An account without a menu has the
 * keyboard only. Buttons that open something in WeChat (a page, the camera, the album, the map) open it here too, and
 * the tap is told to the sandbox with what came of it.
 */
import { useEffect, useRef, useState } from "react";
import type { Button as MenuButton } from "../api/types";
import { safeUrl } from "../text/parse";
import { Icon } from "../ui/icons";
import { IconButton } from "../ui/kit";
import { useWords } from "../words";
import { AskDialog, type Asked } from "./ask";
import { AttachPanel } from "./attach";
import type { Opened } from "./device";
import { ownArticle } from "./near";

interface Props {
  menu: MenuButton[];
  busy: boolean;
  /** Text that could not be sent and should stand in the box again. */
  draft: string | null;
  onSay: (text: string) => Promise<boolean>;
  onSend: (body: object) => Promise<boolean>;
  onTap: (body: object) => Promise<boolean>;
  onOpen: (what: Opened) => void;
}

export function Composer({ menu, busy, draft, onSay, onSend, onTap, onOpen }: Props) {
  const { t, locale } = useWords();
  const hasMenu = menu.length > 0;
  const [keys, setKeys] = useState(!hasMenu);
  const [attach, setAttach] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    if (!hasMenu) setKeys(true);
  }, [hasMenu]);

  const tap = (button: MenuButton, path: number[]) => {
    const url = safeUrl(button.url);
    switch (button.type) {
      case "view":
        void onTap({ path });
        if (url) onOpen({ url });
        break;
      case "view_limited":
      case "article_view_limited":
        void onTap({ path });
        if (url) onOpen({ url: ownArticle(url, locale) });
        break;
      case "miniprogram":
        void onTap({ path });
        onOpen({ url: url ?? "", mini: { appid: button.appid ?? "", path: button.pagepath ?? "" } });
        break;
      case "scancode_push":
      case "scancode_waitmsg":
        setAsked({ what: "scan", name: button.name, done: (scan) => void onTap({ path, ...scan }) });
        break;
      case "pic_sysphoto":
      case "pic_photo_or_album":
      case "pic_weixin":
        setAsked({
          what: "pictures",
          name: button.name,
          done: (pictures) => void onTap({ path, ...pictures }),
        });
        break;
      case "location_select":
        setAsked({ what: "location", name: button.name, done: (place) => void onTap({ path, ...place }) });
        break;
      default:
        void onTap({ path });
    }
  };

  return (
    <div className="composer">
      {keys ? (
        <Keys
          busy={busy}
          draft={draft}
          onSay={onSay}
          onMenu={hasMenu ? () => setKeys(false) : undefined}
          attach={attach}
          onAttach={setAttach}
        />
      ) : (
        <MenuBar
          menu={menu}
          onTap={tap}
          onKeys={() => {
            setKeys(true);
            setAttach(false);
          }}
        />
      )}
      {keys && attach && (
        <AttachPanel
          onAsk={setAsked}
          onSend={async (body) => {
            const ok = await onSend(body);
            if (ok) setAttach(false);
            return ok;
          }}
        />
      )}
      {asked && <AskDialog asked={asked} onClose={() => setAsked(null)} />}
      <span className="unseen" role="status">
        {busy ? t("chat.sending") : ""}
      </span>
    </div>
  );
}

function Keys({
  busy,
  draft,
  onSay,
  onMenu,
  attach,
  onAttach,
}: Pick<Props, "busy" | "draft" | "onSay"> & {
  onMenu?: () => void;
  attach: boolean;
  onAttach: (open: boolean) => void;
}) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (draft !== null) setText((now) => now || draft);
  }, [draft]);
  // The box grows with the text, up to five lines (the limit is in the style sheet).
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${el.scrollHeight}px`;
  }, [text]);

  const send = async () => {
    const said = text.trim();
    if (!said || busy) return;
    setText("");
    await onSay(said);
    box.current?.focus();
  };
  return (
    <form
      className="keys"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {onMenu && (
        <IconButton icon="menu" label={t("chat.toMenu")} data-testid="phone-to-menu" onClick={onMenu} />
      )}
      <textarea
        ref={box}
        rows={1}
        data-testid="phone-input"
        aria-label={t("chat.input")}
        placeholder={t("chat.input")}
        value={text}
        enterKeyHint="send"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            void send();
          }
        }}
      />
      <IconButton
        icon="plus"
        label={t("chat.attach")}
        data-testid="phone-attach"
        aria-expanded={attach}
        onClick={() => onAttach(!attach)}
      />
      <button
        type="submit"
        className="send"
        data-testid="phone-send"
        aria-disabled={!text.trim() || undefined}
        aria-label={t("send")}
        title={t("send")}
      >
        <Icon name="send" size={18} />
      </button>
    </form>
  );
}

function MenuBar({
  menu,
  onTap,
  onKeys,
}: {
  menu: MenuButton[];
  onTap: (button: MenuButton, path: number[]) => void;
  onKeys: () => void;
}) {
  const { t } = useWords();
  const [open, setOpen] = useState<number | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open === null) return;
    const away = (event: PointerEvent) => {
      if (!bar.current?.contains(event.target as Node)) setOpen(null);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes the sub-menu wherever the focus is in the bar
    <div
      className="menu-bar"
      ref={bar}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || open === null) return;
        setOpen(null);
        bar.current?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
      }}
    >
      <IconButton icon="keyboard" label={t("chat.toKeys")} data-testid="phone-to-keys" onClick={onKeys} />
      {menu.map((button, i) => {
        const subs = button.sub_button ?? [];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a menu's buttons are known by their place
          <div className="menu-slot" key={i}>
            <button
              type="button"
              data-testid={`phone-menu-${i}`}
              aria-expanded={subs.length > 0 ? open === i : undefined}
              onClick={() => {
                if (subs.length > 0) setOpen(open === i ? null : i);
                else {
                  setOpen(null);
                  onTap(button, [i]);
                }
              }}
            >
              {subs.length > 0 && <span className="menu-sign" aria-hidden="true" />}
              <span>{button.name}</span>
            </button>
            {open === i && subs.length > 0 && (
              <div className="submenu">
                {subs.map((sub, j) => (
                  <button
                    // biome-ignore lint/suspicious/noArrayIndexKey: a menu's buttons are known by their place
                    key={j}
                    type="button"
                    data-testid={`phone-submenu-${i}-${j}`}
                    onClick={() => {
                      setOpen(null);
                      onTap(sub, [i, j]);
                    }}
                  >
                    {sub.name}
                  </button>
                ))}
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}
