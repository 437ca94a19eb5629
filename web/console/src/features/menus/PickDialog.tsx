/** A dialog in which one of many is found by its name and picture, and chosen. */
import { Input, Modal } from "antd";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Bars, Trouble, When } from "@/ui/kit";
import { More } from "@/ui/More";
import { Thumb } from "./Chosen";

export interface Pick {
  key: string;
  shown: ComponentProps<typeof Thumb>["shown"];
  name: string;
  /** Before the time. */
  more?: string | null;
  at: number;
  /** It is the one that is chosen now. */
  isOn: boolean;
  pick: () => void;
}

export function PickDialog({
  title,
  by,
  words,
  onWords,
  filters,
  query,
  isLooking,
  empty,
  picks,
  onClose,
  children,
}: {
  title: string;
  /** What the words are looked for in. */
  by: string;
  words: string;
  onWords: (words: string) => void;
  filters?: ReactNode;
  query: ComponentProps<typeof More>["query"] & { error: unknown; refetch: () => unknown };
  /** Further pages are being gone through for the words. */
  isLooking: boolean;
  /** Stands there when there is nothing to choose. */
  empty: ReactNode;
  /** None while they are being fetched. */
  picks: Pick[] | undefined;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Modal open title={title} onCancel={onClose} footer={null} width={620}>
      <div className="menu-pick-filters">
        {filters}
        <Input
          allowClear
          prefix={<Icon name="search" size={15} />}
          placeholder={by}
          aria-label={by}
          value={words}
          onChange={(event) => onWords(event.target.value)}
        />
      </div>
      {query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!picks && !query.error ? <Bars rows={3} height={56} /> : null}
      {picks?.length === 0 && !isLooking ? empty : null}
      <ul className="menu-picks">
        {picks?.map((one) => (
          <li key={one.key}>
            <button type="button" className={one.isOn ? "menu-pick on" : "menu-pick"} onClick={one.pick}>
              <Thumb shown={one.shown} />
              <span className="menu-chosen-words">
                <strong className="ellipsis">{one.name || t("menus.unnamed")}</strong>
                <small className="soft">
                  {one.more ? `${one.more} · ` : ""}
                  <When at={one.at} />
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {isLooking ? <Bars rows={1} height={56} /> : <More query={query} />}
      {children}
    </Modal>
  );
}
