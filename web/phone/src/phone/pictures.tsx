import type { ChatItem } from "../api/types";
import { useWords } from "../words";
import { Photo } from "./photo";

/** Several pictures of one message: a grid, and why one should look at them. */
export function Pictures({ item }: { item: ChatItem }) {
  const { t } = useWords();
  const pictures = item.pictures ?? [];
  return (
    <div className="card">
      <div className={`pictures pictures-${Math.min(pictures.length, 3)}`}>
        {pictures.map((url, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pictures of one message never move
          <Photo key={i} src={url} alt={t("item.image")} zoom className="pictures-one" />
        ))}
      </div>
      {item.text && (
        <span className="card-text">
          <b>{item.text}</b>
        </span>
      )}
    </div>
  );
}
