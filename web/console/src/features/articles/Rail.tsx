/** The articles of the draft, as they will stand in the message: the first large, the others below it. */
import { Button, Tooltip } from "antd";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Because } from "@/ui/kit";
import type { Item } from "./items";
import { most } from "./lint";
import { Cover, coverOf } from "./parts";

interface Props {
  items: Item[];
  chosen: string;
  /** Errors by article. */
  wrong: ReadonlySet<number>;
  disabled: boolean;
  onChoose: (key: string) => void;
  onMove: (key: string, to: number) => void;
  onAdd: () => void;
  onRemove: (key: string) => void;
}

export function Rail({ items, chosen, wrong, disabled, onChoose, onMove, onAdd, onRemove }: Props) {
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const full = items.length >= most.items ? t("articles.full") : null;

  const keys = (event: KeyboardEvent, item: Item, index: number) => {
    if (disabled) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowLeft")) {
      event.preventDefault();
      onMove(item.key, index - 1);
    }
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowRight")) {
      event.preventDefault();
      onMove(item.key, index + 1);
    }
  };

  return (
    <section className="rail" aria-label={t("articles.parts")}>
      <ol className="rail-list">
        {items.map((item, index) => (
          <li
            key={item.key}
            className={[
              "rail-item",
              index === 0 ? "rail-first" : "",
              item.key === chosen ? "on" : "",
              dragged === item.key ? "dragged" : "",
              over === item.key && dragged !== item.key ? "over" : "",
            ].join(" ")}
            onDragOver={(event: DragEvent) => {
              if (!dragged) return;
              event.preventDefault();
              setOver(item.key);
            }}
            onDrop={(event: DragEvent) => {
              event.preventDefault();
              if (dragged) onMove(dragged, index);
              setDragged(null);
              setOver(null);
            }}
          >
            <button
              type="button"
              draggable={!disabled}
              aria-current={item.key === chosen}
              title={disabled || items.length < 2 ? undefined : t("articles.how_to_move")}
              onClick={() => onChoose(item.key)}
              onKeyDown={(event) => keys(event, item, index)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", item.key);
                setDragged(item.key);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
            >
              <Cover src={coverOf(item)} />
              <span className="rail-title">{item.title.trim() || t("articles.untitled")}</span>
              {wrong.has(index) ? (
                <span className="rail-wrong" title={t("articles.has_faults")}>
                  <Icon name="alert" size={13} />
                </span>
              ) : null}
            </button>
            {items.length > 1 && !disabled ? (
              <Tooltip title={t("articles.remove_part")}>
                <Button
                  size="small"
                  type="text"
                  className="rail-remove"
                  aria-label={t("articles.remove_named", {
                    name: item.title.trim() || t("articles.untitled"),
                  })}
                  icon={<Icon name="close" size={12} />}
                  onClick={() => onRemove(item.key)}
                />
              </Tooltip>
            ) : null}
          </li>
        ))}
      </ol>
      {disabled ? null : (
        <Because reason={full}>
          <Button type="dashed" block icon={<Icon name="plus" size={14} />} disabled={!!full} onClick={onAdd}>
            {t("articles.add_part")}
          </Button>
        </Because>
      )}
    </section>
  );
}
