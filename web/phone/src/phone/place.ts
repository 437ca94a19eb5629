/** Where in the phone the person is; all of it is in the page's address, so a link opens the same screen. */
import { useMemo } from "react";
import { back, go, useRoute } from "../route";

export type View = "chats" | "me" | "chat" | "profile" | "scan";

export interface Place {
  person: number;
  appid: string | null;
  view: View;
  /** A code that was scanned before following: the follow carries it. */
  ticket: string | null;
}

function address(place: Partial<Place> & { person: number }): string {
  const q = new URLSearchParams({ person: String(place.person) });
  if (place.appid) q.set("appid", place.appid);
  const usual = place.appid ? "chat" : "chats";
  if (place.view && place.view !== usual) q.set("view", place.view);
  if (place.ticket) q.set("ticket", place.ticket);
  return `/?${q}`;
}

export function readPlace(query: URLSearchParams): Place {
  const n = Number(query.get("person") ?? "0");
  const person = Number.isSafeInteger(n) && n >= 0 ? n : 0;
  const appid = query.get("appid") || null;
  const asked = query.get("view");
  const view: View = appid
    ? asked === "profile"
      ? "profile"
      : "chat"
    : asked === "me" || asked === "scan"
      ? asked
      : "chats";
  return { person, appid, view, ticket: query.get("ticket") };
}

export function usePlace() {
  const { query } = useRoute();
  return useMemo(() => {
    const place = readPlace(query);
    return {
      place,
      to: (next: Partial<Place>, options?: { replace?: boolean }) =>
        go(address({ person: place.person, ...next }), options),
      back: () =>
        back(address({ person: place.person, appid: place.view === "profile" ? place.appid : null })),
    };
  }, [query]);
}

export type Places = ReturnType<typeof usePlace>;
