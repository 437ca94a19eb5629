/** Three columns of five: where each button stands. Dragged by hand, or moved by Alt and an arrow key. */
import { Button, Tooltip } from "antd";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuButton } from "@/api/types";
import { Icon, type IconName } from "@/ui/icons";
import { Because } from "@/ui/kit";
import { addBelow, addTop, faultsOf, most, moveTo, newButton, type Place, step } from "./shape";

export const kindIcons: Record<NonNullable<MenuButton["type"]>, IconName> = {
  click: "replies",
  view: "link",
  miniprogram: "duplicate",
  scancode_push: "scan",
  scancode_waitmsg: "scan",
  pic_sysphoto: "image",
  pic_photo_or_album: "image",
  pic_weixin: "image",
  location_select: "location",
  media_id: "video",
  view_limited: "article",
  article_id: "article",
  article_view_limited: "article",
  console: "lock",
};

interface Props {
  buttons: MenuButton[];
  chosen: string | undefined;
  changed: Map<string, string>;
  disabled: boolean;
  onChoose: (id: string) => void;
  change: (next: (buttons: MenuButton[]) => MenuButton[]) => void;
}

export function Board({ buttons, chosen, changed, disabled, onChoose, change }: Props) {
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);

  const add = (under?: MenuButton) => {
    const made = newButton();
    change((now) => (under ? addBelow(now, under.id, made) : addTop(now, made)));
    onChoose(made.id);
  };
  const drop = (place: Place) => {
    if (dragged) change((now) => moveTo(now, dragged, place));
    setDragged(null);
    setOver(null);
  };
  const target = (name: string, place: Place) => ({
    onDragOver: (event: DragEvent) => {
      if (!dragged) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(name);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      drop(place);
    },
  });
  const card = (button: MenuButton, place: Place) => {
    const below = place.length === 2;
    const faults = faultsOf(button, below);
    const mark = changed.get(button.id);
    const icon = button.buttons?.length ? "menu" : button.type ? kindIcons[button.type] : "alert";
    return (
      <button
        key={button.id}
        type="button"
        data-button={button.id}
        draggable={!disabled}
        className={[
          below ? "slot slot-below" : "slot slot-top",
          button.id === chosen ? "on" : "",
          button.id === dragged ? "dragged" : "",
          over === button.id && dragged !== button.id ? "over" : "",
        ].join(" ")}
        aria-current={button.id === chosen}
        onClick={() => onChoose(button.id)}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = "move";
          event.dataTransfer.setData("text/plain", button.id);
          setDragged(button.id);
        }}
        onDragEnd={() => {
          setDragged(null);
          setOver(null);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (disabled || !event.altKey || !event.key.startsWith("Arrow")) return;
          event.preventDefault();
          change((now) => step(now, button.id, event.key));
        }}
        {...target(button.id, place)}
      >
        <Icon name={icon} size={14} />
        <span className="ellipsis grow">{button.name || t("menus.unnamed")}</span>
        {faults.length > 0 ? (
          <Tooltip title={t(`menus.faults.${faults[0] ?? "type"}`)}>
            <span className="slot-fault">
              <Icon name="alert" size={13} />
            </span>
          </Tooltip>
        ) : mark ? (
          <Tooltip title={mark}>
            <span className="slot-changed" />
          </Tooltip>
        ) : null}
      </button>
    );
  };

  return (
    <div className="board">
      <div className="board-columns">
        {[0, 1, 2].map((i) => {
          const top = buttons[i];
          if (!top) {
            const next = i === buttons.length;
            return (
              <div
                key={i}
                className={over === `new${i}` ? "column over" : "column"}
                {...target(`new${i}`, [i])}
              >
                {next ? (
                  <Button
                    type="dashed"
                    block
                    disabled={disabled}
                    icon={<Icon name="plus" size={14} />}
                    onClick={() => add()}
                  >
                    {t("menus.add")}
                  </Button>
                ) : (
                  <div className="column-blank" />
                )}
              </div>
            );
          }
          const below = top.buttons ?? [];
          const full = below.length >= most.below;
          const adding = (
            <Because reason={disabled ? null : full ? t("menus.full") : null}>
              <Button
                type="text"
                size="small"
                className="slot-add"
                disabled={disabled || full}
                icon={<Icon name="plus" size={13} />}
                onClick={() => add(top)}
                {...(below.length > 0 ? target(`end${i}`, [i, below.length]) : {})}
              >
                {t("menus.add_below")}
              </Button>
            </Because>
          );
          return (
            <div key={top.id} className="column">
              {card(top, [i])}
              {below.map((one, j) => card(one, [i, j]))}
              {adding}
            </div>
          );
        })}
      </div>
      <p className="field-more">{t("menus.how_to_move")}</p>
    </div>
  );
}
