/**
 * The phone page: a phone, and beside it what WeChat's side of the sandbox sees. At phone width the phone is the
 * screen and the other side opens as a sheet.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { get } from "../api/client";
import { useEvents, useLive } from "../api/live";
import type { PersonPage } from "../api/types";
import { useLater, useLoad } from "../api/use-load";
import { Drawer } from "../drawer/drawer";
import { Header } from "../ui/header";
import { IconButton, useFocusBack, useMedia } from "../ui/kit";
import { useWords } from "../words";
import { Device } from "./device";
import { PeopleButton } from "./people";
import { usePlace } from "./place";

export function PhonePage() {
  const { t } = useWords();
  const small = useMedia("(max-width: 760px)");
  const places = usePlace();
  const { person, appid } = places.place;
  const { state } = useLive();
  const mine = useLoad(`person/${person}`, (signal) => get<PersonPage>(`/people/${person}`, signal));
  const [sheet, setSheet] = useState(false);

  const refresh = useLater(mine.reload, 120);
  useEvents((event) => {
    const touched = event.type === "open" || event.type === "account" || event.type === "mass";
    if (touched || (event.type === "chat" && event.person === person)) refresh();
  });

  // The pages this person opens in the phone's browser learn by this cookie who is browsing.
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `sandbox_person=${person}; path=/; samesite=lax`;
  }, [person]);

  const chat = mine.value?.chats.find((c) => c.appid === appid);
  const drawer = (
    <Drawer
      appid={appid}
      openid={chat?.openid ?? null}
      account={state.value?.accounts.find((a) => a.appid === appid) ?? null}
    />
  );
  const device = <Device places={places} mine={mine} small={small} onSheet={() => setSheet(true)} />;

  if (small) {
    return (
      <div className="phone-page phone-page-small">
        <main>
          <h1 className="unseen">{t("title.phone")}</h1>
          {device}
        </main>
        {sheet && (
          <Sheet title={t("drawer.title")} onClose={() => setSheet(false)}>
            {drawer}
          </Sheet>
        )}
      </div>
    );
  }
  return (
    <div className="phone-page">
      <Header page="phone" />
      <main className="phone-columns">
        <h1 className="unseen">{t("title.phone")}</h1>
        <section className="phone-column" aria-label={t("nav.phone")}>
          <PeopleButton person={mine.value} places={places} />
          {device}
        </section>
        <section className="drawer-column" aria-label={t("drawer.title")}>
          {drawer}
        </section>
      </main>
    </div>
  );
}

function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useWords();
  const head = useRef<HTMLElement>(null);
  useFocusBack();
  useEffect(() => {
    head.current?.querySelector("button")?.focus();
  }, []);
  return (
    <section className="sheet" aria-label={title} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header className="sheet-head" ref={head}>
        <h1>{title}</h1>
        <IconButton icon="close" label={t("close")} onClick={onClose} />
      </header>
      {children}
    </section>
  );
}
