import { useLive } from "../api/live";
import { linkTo } from "../route";
import { Avatar } from "../ui/avatar";
import { LangSwitch, ThemeSwitch } from "../ui/header";
import { Icon } from "../ui/icons";
import { ErrorBox, IconButton, Skeleton } from "../ui/kit";
import { useWords } from "../words";
import { TabBar, TitleBar } from "./bars";
import type { ScreenProps } from "./device";
import { PeopleButton } from "./people";

/** Who the fan is, and at phone width the settings that live in the header elsewhere. */
export function MeScreen({ places, mine, small, onSheet }: ScreenProps) {
  const { t } = useWords();
  const { connected } = useLive();
  const person = mine.value;
  const following = person?.chats.filter((c) => c.following).length ?? 0;
  return (
    <>
      <TitleBar
        title={t("tab.me")}
        left={small ? <PeopleButton person={person} places={places} compact /> : undefined}
        right={small ? <IconButton icon="eye" label={t("drawer.title")} onClick={onSheet} /> : undefined}
      />
      <div className="scroll">
        <ErrorBox error={mine.error} onRetry={mine.reload} />
        {!person && mine.loading && <Skeleton rows={1} height={96} />}
        {person && (
          <div className="me-card">
            <Avatar picture={person.avatar} name={person.name} size={64} />
            <div>
              <b>{person.name}</b>
              <small>
                {[person.city, t("people.number", { n: person.person })].filter(Boolean).join(" · ")}
              </small>
              <small>{t("me.following", { n: following })}</small>
            </div>
          </div>
        )}
        <p className="me-note">{t("me.note")}</p>
        <ul className="lines">
          {small && (
            <li className="line">
              <span>{t("me.settings")}</span>
              <span className="line-end">
                <LangSwitch />
                <ThemeSwitch />
              </span>
            </li>
          )}
          <li>
            <a className="line" {...linkTo("/control")}>
              <span>{t("me.control")}</span>
              <Icon name="right" size={18} />
            </a>
          </li>
          {small && (
            <li className="line">
              <span>{t("me.connection")}</span>
              <span className={connected === false ? "line-value line-bad" : "line-value"}>
                {connected ? t("live.on") : connected === false ? t("live.off") : t("live.first")}
              </span>
            </li>
          )}
        </ul>
      </div>
      <TabBar places={places} />
    </>
  );
}
