/** The sheets of a draft: each article that was opened keeps its editor, and with it what can be undone. */
import { useEffect, useRef, useState } from "react";
import { MediaPicker } from "@/answers/MediaPicker";
import type { Account, ArticleItem, Media } from "@/api/types";
import { ItemForm } from "./ItemForm";
import type { Item } from "./items";
import { fileOf } from "./pictures";
import { fromHtml, type Lost } from "./text/read";
import type { Picked } from "./text/TextEditor";
import { usePictures } from "./upload";

interface Props {
  account: Account;
  items: Item[];
  item: Item;
  /** Counts how often the articles came anew from elsewhere. */
  edition: number;
  disabled: boolean;
  onChange: (key: string, part: Partial<ArticleItem>) => void;
}

export function Slots({ account, items, item, edition, disabled, onChange }: Props) {
  const pictures = usePictures();

  // What an article of elsewhere would lose by being edited here, until somebody says that it may.
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const begun = useRef(new Map<string, Lost[]>());
  const lostOf = (one: Item) => {
    if (accepted.has(one.key)) return [];
    const known = begun.current.get(one.key);
    if (known) return known;
    const lost: Lost[] = one.wechat?.kind === "newspic" ? ["drawing"] : fromHtml(one.html).lost;
    begun.current.set(one.key, lost);
    return lost;
  };

  const [opened, setOpened] = useState<string[]>([]);
  useEffect(() => setOpened((now) => (now.includes(item.key) ? now : [...now, item.key])), [item.key]);

  // The library opened from an editor: what is picked goes where the cursor was.
  const [picking, setPicking] = useState<((picked: Picked | null) => void) | null>(null);
  const pick = () => new Promise<Picked | null>((done) => setPicking(() => done));
  const picked = (media: Media | null) => {
    picking?.(media ? { src: fileOf(media.id), alt: "" } : null);
    setPicking(null);
  };

  return (
    <>
      {items
        .filter((one) => one === item || opened.includes(one.key))
        .map((one) => (
          <div
            key={`${edition}-${one.key}-${accepted.has(one.key)}`}
            className="item-slot"
            hidden={one !== item}
          >
            <ItemForm
              account={account.id}
              item={one}
              first={items[0] === one}
              alone={items.length === 1}
              disabled={disabled}
              lost={lostOf(one)}
              onAccept={() => setAccepted((now) => new Set([...now, one.key]))}
              onChange={(part) => onChange(one.key, part)}
              upload={pictures.upload}
              pick={pick}
              isUploading={pictures.isUploading}
            />
          </div>
        ))}
      {picking ? <MediaPicker kind="image" value="" onClose={() => picked(null)} onPick={picked} /> : null}
    </>
  );
}
