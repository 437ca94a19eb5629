/**
 * A picture in a message. Pictures of this machine are shown; one from a foreign host is only fetched when the person
 * asks for it, so that looking at a chat calls nobody.
 */
import { useState } from "react";
import { Icon } from "../ui/icons";
import { Dialog } from "../ui/kit";
import { useWords } from "../words";
import { isNear, ownFile } from "./near";

export function Photo({
  src: given,
  alt,
  className = "",
  zoom,
  still,
}: {
  src: string | null | undefined;
  alt: string;
  className?: string;
  zoom?: boolean;
  /** Inside a button: nothing of its own to press. */
  still?: boolean;
}) {
  const { t } = useWords();
  const [broken, setBroken] = useState(false);
  const [wanted, setWanted] = useState(false);
  const [large, setLarge] = useState(false);
  const src = ownFile(given);
  const near = src ? isNear(src, location.href) : null;

  if (!src || !near || broken) {
    return (
      <span className={`${className} photo-none`}>
        <Icon name="picture" size={22} />
        {broken && !still && <small>{t("photo.broken")}</small>}
      </span>
    );
  }
  if (near.foreign && !wanted) {
    return (
      <span className={`${className} photo-none`}>
        {still ? (
          <Icon name="picture" size={22} />
        ) : (
          <button
            type="button"
            className="photo-ask"
            aria-label={t("photo.ask", { host: near.host })}
            onClick={() => setWanted(true)}
          >
            <Icon name="picture" size={20} />
            <small>{t("photo.ask", { host: near.host })}</small>
          </button>
        )}
      </span>
    );
  }
  const picture = (
    <img
      className={className}
      src={src}
      alt={alt}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
  if (!zoom) return picture;
  return (
    <>
      <button
        type="button"
        className="photo-button"
        aria-label={t("photo.zoom")}
        onClick={() => setLarge(true)}
      >
        {picture}
      </button>
      {large && (
        <Dialog title={alt} wide onClose={() => setLarge(false)}>
          <img className="photo-large" src={src} alt={alt} referrerPolicy="no-referrer" />
        </Dialog>
      )}
    </>
  );
}
