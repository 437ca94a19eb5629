/** The phone itself: frame, status bar, and the screen the address asks for. */
import { useState } from "react";
import { useNow } from "../api/live";
import type { PersonPage } from "../api/types";
import type { Loaded } from "../api/use-load";
import { clock, exact } from "../ui/time";
import { useWords } from "../words";
import { Browser } from "./browser";
import { ChatScreen } from "./chat";
import { ChatsScreen } from "./chats";
import { MeScreen } from "./me";
import type { Places } from "./place";
import { ProfileScreen } from "./profile";
import { ScanScreen } from "./scan";

export interface Opened {
  url: string;
  /** A mini program cannot run here; the sheet tells what would open. */
  mini?: { appid: string; path: string };
}

export interface ScreenProps {
  places: Places;
  mine: Loaded<PersonPage>;
  small: boolean;
  onOpen: (what: Opened) => void;
  onSheet: () => void;
}

export function Device(props: Omit<ScreenProps, "onOpen">) {
  const { places, small } = props;
  const [opened, setOpened] = useState<Opened | null>(null);
  const screen: ScreenProps = { ...props, onOpen: setOpened };
  const { view, appid, person } = places.place;

  return (
    <div className={small ? "device device-bare" : "device"}>
      <div className="device-screen">
        <StatusBar />
        <div className="screen">
          {view === "chats" && <ChatsScreen {...screen} />}
          {view === "me" && <MeScreen {...screen} />}
          {view === "scan" && <ScanScreen {...screen} />}
          {view === "profile" && appid && (
            <ProfileScreen key={`${person}/${appid}`} {...screen} appid={appid} />
          )}
          {view === "chat" && appid && <ChatScreen key={`${person}/${appid}`} {...screen} appid={appid} />}
          {opened && <Browser opened={opened} onClose={() => setOpened(null)} />}
        </div>
        <div className="home-line" aria-hidden="true" />
      </div>
    </div>
  );
}

function StatusBar() {
  const { t, locale } = useWords();
  const now = useNow();
  return (
    <div className="status-bar">
      {now === undefined ? (
        <span className="status-clock">--:--</span>
      ) : (
        <time className="status-clock" dateTime={new Date(now).toISOString()} title={exact(now, locale)}>
          {clock(now, locale)}
        </time>
      )}
      <span className="status-label">{t("sandbox")}</span>
      <span className="status-signs" aria-hidden="true">
        <i className="sign-bars">
          <b />
          <b />
          <b />
          <b />
        </i>
        <i className="sign-battery">
          <b />
        </i>
      </span>
    </div>
  );
}
