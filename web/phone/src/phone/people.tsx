/** Who holds the phone: a button that opens a searchable list of people. */
import { useEffect, useRef, useState } from "react";
import { get, query } from "../api/client";
import type { List, Person } from "../api/types";
import { useLoad } from "../api/use-load";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { Button, Dialog, Empty, ErrorBox, Skeleton, TextInput } from "../ui/kit";
import { count } from "../ui/time";
import { useWords } from "../words";
import type { Places } from "./place";

export function PeopleButton({
  person,
  places,
  compact,
}: {
  person: Person | undefined;
  places: Places;
  compact?: boolean;
}) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const name = person?.name ?? t("people.number", { n: places.place.person });
  return (
    <>
      <button
        type="button"
        className={compact ? "who who-compact" : "who"}
        data-testid="phone-person-select"
        aria-haspopup="dialog"
        aria-label={`${t("people.holds")} ${name}. ${t("people.change")}`}
        onClick={() => setOpen(true)}
      >
        <Avatar picture={person?.avatar} name={person?.name ?? ""} size={32} />
        {!compact && (
          <span className="who-text">
            <small>{t("people.holds")}</small>
            <b>{name}</b>
          </span>
        )}
        {!compact && (
          <span className="who-change">
            {t("people.change")}
            <Icon name="chevron" size={16} />
          </span>
        )}
      </button>
      {open && <PeopleDialog places={places} onClose={() => setOpen(false)} />}
    </>
  );
}

const pageSize = 30;

function PeopleDialog({ places, onClose }: { places: Places; onClose: () => void }) {
  const { t, locale } = useWords();
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState("");
  const [limit, setLimit] = useState(pageSize);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      setWanted(typed.trim());
      setLimit(pageSize);
    }, 180);
    return () => clearTimeout(timer);
  }, [typed]);
  const people = useLoad(`people/${wanted}/${limit}`, (signal) =>
    get<List<Person>>(`/people${query({ offset: 0, limit, query: wanted })}`, signal),
  );

  const choose = (person: number) => {
    onClose();
    places.to({ person, appid: null, view: "chats" });
  };
  // Arrow keys walk the list; Enter is the buttons' own.
  const walk = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
    event.preventDefault();
  };

  return (
    <Dialog title={t("people.title")} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a help beside Tab, not the only way */}
      <div className="people" onKeyDown={walk}>
        <div className="search">
          <Icon name="search" size={18} />
          <TextInput
            data-testid="phone-person-search"
            data-first
            placeholder={t("people.search")}
            aria-label={t("people.search")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              const first = people.value?.items[0];
              if (event.key === "Enter" && !event.nativeEvent.isComposing && first) choose(first.person);
            }}
          />
        </div>
        <ErrorBox error={people.error} onRetry={people.reload} />
        {!people.value && people.loading && <Skeleton rows={7} height={52} />}
        {people.value?.items.length === 0 && <Empty icon="people" text={t("people.none")} />}
        {people.value && people.value.items.length > 0 && (
          <ul ref={list} className="people-list">
            {people.value.items.map((p) => (
              <li key={p.person}>
                <button
                  type="button"
                  data-testid={`phone-person-${p.person}`}
                  aria-current={p.person === places.place.person || undefined}
                  onClick={() => choose(p.person)}
                >
                  <Avatar picture={p.avatar} name={p.name} size={36} />
                  <span>
                    <b>{p.name}</b>
                    <small>{[p.city, t("people.number", { n: p.person })].filter(Boolean).join(" · ")}</small>
                  </span>
                  {p.person === places.place.person && <Icon name="check" />}
                </button>
              </li>
            ))}
          </ul>
        )}
        {people.value && (people.value.total ?? 0) > people.value.items.length && (
          <p className="people-more">
            <span>
              {t("people.of", {
                shown: count(people.value.items.length, locale),
                total: count(people.value.total ?? 0, locale),
              })}
            </span>
            <Button small busy={people.loading} onClick={() => setLimit(limit + pageSize * 2)}>
              {t("more")}
            </Button>
          </p>
        )}
      </div>
    </Dialog>
  );
}
