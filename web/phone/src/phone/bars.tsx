import type { ReactNode } from "react";
import { Icon } from "../ui/icons";
import { IconButton } from "../ui/kit";
import { useWords } from "../words";
import type { Places } from "./place";

/** The title bar of a screen inside the phone. */
export function TitleBar({
  title,
  sub,
  onBack,
  right,
  left,
}: {
  title: ReactNode;
  sub?: ReactNode;
  onBack?: () => void;
  left?: ReactNode;
  right?: ReactNode;
}) {
  const { t } = useWords();
  return (
    <header className="title-bar">
      <div className="title-left">
        {onBack ? <IconButton icon="back" label={t("back")} onClick={onBack} /> : left}
      </div>
      <div className="title-text">
        <h2>{title}</h2>
        {sub && <small>{sub}</small>}
      </div>
      <div className="title-right">{right}</div>
    </header>
  );
}

/** The bar at the foot of the phone's first screens. */
export function TabBar({ places }: { places: Places }) {
  const { t } = useWords();
  const { view } = places.place;
  return (
    <nav className="tab-bar" aria-label={t("tabs")}>
      <button
        type="button"
        aria-current={view === "chats" ? "page" : undefined}
        onClick={() => places.to({ view: "chats" })}
      >
        <Icon name="chats" />
        {t("tab.chats")}
      </button>
      <button
        type="button"
        data-testid="phone-scan"
        aria-current={view === "scan" ? "page" : undefined}
        onClick={() => places.to({ view: "scan" })}
      >
        <Icon name="scan" />
        {t("tab.scan")}
      </button>
      <button
        type="button"
        aria-current={view === "me" ? "page" : undefined}
        onClick={() => places.to({ view: "me" })}
      >
        <Icon name="me" />
        {t("tab.me")}
      </button>
    </nav>
  );
}
