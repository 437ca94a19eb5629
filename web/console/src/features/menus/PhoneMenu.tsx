/** The phone with its menu: the bar below the chat, and the list above a button that has others below it. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Id, MenuButton } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Face } from "@/ui/kit";
import { AnswerBubble, Bubble, Phone, ScreenLine } from "@/ui/Phone";
import { find, hasKey, placeOf } from "./shape";
import { type Shown, useArticleShown, useMaterialShown } from "./shown";

interface Props {
  account: Account;
  buttons: MenuButton[];
  chosen?: string | undefined;
  onChoose?: ((id: string) => void) | undefined;
  /** Instead of the chat: what the screen shows. */
  screen?: ReactNode;
  /** 0 to 1, how warm a button is; its number beside it. */
  heat?: ((id: string) => { warmth: number; label: string } | null) | undefined;
}

export function PhoneMenu({ account, buttons, chosen, onChoose, screen, heat }: Props) {
  const { t } = useTranslation();
  const face = <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={24} square />;
  const place = chosen ? placeOf(buttons, chosen) : null;
  const [opened, setOpened] = useState<string | null>(null);
  const open = buttons.find((button) => button.id === opened) ?? (place ? buttons[place[0]] : undefined);
  const button = find(buttons, chosen);

  const cell = (one: MenuButton, className: string, isOpen: boolean) => {
    const warm = heat?.(one.id);
    return (
      <button
        key={one.id}
        type="button"
        className={[className, one.id === chosen ? "on" : "", isOpen ? "open" : ""].join(" ")}
        aria-pressed={one.id === chosen}
        onClick={() => {
          setOpened(one.buttons?.length ? one.id : null);
          onChoose?.(one.id);
        }}
      >
        {warm ? <span className={`menu-warm warm-${Math.ceil(warm.warmth * 5)}`} aria-hidden="true" /> : null}
        {one.buttons?.length ? <Icon name="menu" size={11} /> : null}
        <span className="ellipsis">{one.name || t("menus.unnamed")}</span>
        {warm ? <b className="num menu-count">{warm.label}</b> : null}
      </button>
    );
  };

  return (
    <Phone
      title={account.nick_name}
      face={face}
      foot={
        <section className="menu-bar" aria-label={t("menus.on_phone")}>
          {open?.buttons?.length ? (
            <div className={`menu-pop menu-pop-${buttons.indexOf(open)} of-${buttons.length}`}>
              {open.buttons.map((below) => cell(below, "menu-item", false))}
            </div>
          ) : null}
          <span className="menu-keys">
            <Icon name="keyboard" size={16} />
          </span>
          {buttons.length === 0 ? (
            <span className="menu-none">{t("menus.none_on_phone")}</span>
          ) : (
            buttons.map((one) => cell(one, "menu-cell", one === open && !!one.buttons?.length))
          )}
        </section>
      }
    >
      {screen ??
        (button ? (
          <Tapped account={account.id} button={button} face={face} />
        ) : (
          <ScreenLine>{t("menus.try")}</ScreenLine>
        ))}
    </Phone>
  );
}

/** What a fan sees after tapping. */
function Tapped({ account, button, face }: { account: Id; button: MenuButton; face: ReactNode }) {
  const { t } = useTranslation();
  if (button.buttons?.length) return null;
  if (hasKey(button.type) && button.answer) {
    return (
      <>
        <ScreenLine>{t("menus.tapped", { name: button.name || t("menus.unnamed") })}</ScreenLine>
        <AnswerBubble answer={button.answer} face={face} />
      </>
    );
  }
  if (button.type === "view" || button.type === "miniprogram") {
    return (
      <Bubble face={face} bare>
        <span className="bubble-card">
          <strong>{t(button.type === "view" ? "menus.opens" : "menus.opens_app")}</strong>
          <small className="menu-url">{button.url || "—"}</small>
        </span>
      </Bubble>
    );
  }
  if (!button.type) return null;
  if (button.material && (button.type === "media_id" || button.type === "view_limited"))
    return <Material account={account} button={button} material={button.material} face={face} />;
  if (button.article && (button.type === "article_id" || button.type === "article_view_limited"))
    return <Article account={account} button={button} article={button.article} face={face} />;
  return <ScreenLine>{t(`menus.seen.${button.type}`)}</ScreenLine>;
}

function Material({
  account,
  button,
  material,
  face,
}: {
  account: Id;
  button: MenuButton;
  material: string;
  face: ReactNode;
}) {
  const shown = useMaterialShown(
    account,
    material,
    button.type === "view_limited" ? ["news"] : ["image", "voice", "video", "news"],
  );
  return <Sent button={button} shown={shown} face={face} />;
}

function Article({
  account,
  button,
  article,
  face,
}: {
  account: Id;
  button: MenuButton;
  article: string;
  face: ReactNode;
}) {
  return <Sent button={button} shown={useArticleShown(account, article)} face={face} />;
}

/** What WeChat itself sends or opens. */
function Sent({
  button,
  shown,
  face,
}: {
  button: MenuButton;
  shown: Shown | null | undefined;
  face: ReactNode;
}) {
  const { t } = useTranslation();
  if (!button.type) return null;
  const line = <ScreenLine>{t(`menus.seen.${button.type}`)}</ScreenLine>;
  if (!shown) return line;
  return (
    <>
      {line}
      <SentBubble shown={shown} face={face} />
    </>
  );
}

function SentBubble({ shown, face }: { shown: Shown; face: ReactNode }) {
  if (shown.kind === "article")
    return (
      <Bubble face={face} bare>
        <span className="bubble-card">
          {shown.picture ? <img src={shown.picture} alt="" className="menu-cover" /> : null}
          <strong>{shown.name}</strong>
        </span>
      </Bubble>
    );
  if (shown.kind === "image" && shown.picture)
    return (
      <Bubble face={face} bare>
        <img className="bubble-image" src={shown.picture} alt={shown.name} />
      </Bubble>
    );
  const media_id = shown.media ?? "";
  if (shown.kind === "voice") return <AnswerBubble answer={{ type: "voice", media_id }} face={face} />;
  if (shown.kind === "video")
    return <AnswerBubble answer={{ type: "video", media_id, title: shown.name }} face={face} />;
  return <AnswerBubble answer={{ type: "image", media_id }} face={face} />;
}
