/** What a fan can send besides text: a picture of one's own or a sample, a place, a link, sample sound and video. */
import { useRef, useState } from "react";
import { Icon, type IconName } from "../ui/icons";
import { type Translate, useWords } from "../words";
import type { Asked } from "./ask";
import { shrink } from "./shrink";

export function AttachPanel({
  onSend,
  onAsk,
}: {
  onSend: (body: object) => Promise<boolean>;
  onAsk: (asked: Asked) => void;
}) {
  const { t } = useWords();
  const file = useRef<HTMLInputElement>(null);
  const [bad, setBad] = useState(false);
  const items: { icon: IconName; word: Parameters<Translate>[0]; go: () => void; id: string }[] = [
    { id: "picture", icon: "picture", word: "attach.picture", go: () => file.current?.click() },
    { id: "sample", icon: "picture", word: "attach.sample", go: () => void onSend({ type: "image" }) },
    {
      id: "location",
      icon: "place",
      word: "item.location",
      go: () =>
        onAsk({
          what: "location",
          name: t("item.location"),
          done: (place) => void onSend({ type: "location", scale: 15, ...place }),
        }),
    },
    { id: "voice", icon: "voice", word: "item.voice", go: () => void onSend({ type: "voice" }) },
    { id: "video", icon: "video", word: "item.video", go: () => void onSend({ type: "video" }) },
    {
      id: "link",
      icon: "link",
      word: "item.link",
      go: () =>
        onAsk({ what: "link", name: t("item.link"), done: (link) => void onSend({ type: "link", ...link }) }),
    },
  ];
  return (
    <div className="attach">
      {items.map((item) => (
        <button key={item.id} type="button" data-testid={`phone-attach-${item.id}`} onClick={item.go}>
          <span>
            <Icon name={item.icon} size={24} />
          </span>
          {t(item.word)}
        </button>
      ))}
      {bad && (
        <p className="attach-bad" role="alert">
          {t("attach.notPicture")}
        </p>
      )}
      <input
        ref={file}
        type="file"
        hidden
        accept="image/*"
        data-testid="phone-attach-file"
        onChange={async (event) => {
          const chosen = event.target.files?.[0];
          event.target.value = "";
          if (!chosen) return;
          const data = await shrink(chosen);
          setBad(data === null);
          if (data) await onSend({ type: "image", data });
        }}
      />
    </div>
  );
}
