/** A file at a glance: its picture, or what it is. */
import type { MediaKind } from "@/api/types";
import { Icon } from "@/ui/icons";

export function Look({ id, kind, size = 20 }: { id: string; kind: MediaKind; size?: number }) {
  if (kind === "image" || kind === "thumb")
    return <img src={`/api/v1/media/${id}/file`} alt="" className="media-look" loading="lazy" />;
  return (
    <span className="media-look">
      <Icon name={kind} size={size} />
    </span>
  );
}
