/** Who the fan is, beside the chat: profile, tags, and what happened lately. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { customerQuery, timelineQuery } from "@/person/api";
import { Profile } from "@/person/Profile";
import { Tags } from "@/person/Tags";
import { eventIcon, useEventWords } from "@/ui/events";
import { Icon } from "@/ui/icons";
import { Bars, Face, Trouble, When } from "@/ui/kit";

const shown = 12;

export function Side({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const { sentence } = useEventWords();
  const id = conversation.customer.id;
  const query = useQuery(customerQuery(id));
  const story = useInfiniteQuery(timelineQuery(id, {}));
  const customer = query.data;
  const events = story.data?.pages[0]?.items.slice(0, shown);
  return (
    <aside
      className="inbox-side"
      aria-label={t("inbox.about", { name: nameOf(conversation.customer.display_name) })}
    >
      <div className="inbox-side-head">
        <Face
          id={id}
          name={conversation.customer.display_name}
          src={conversation.customer.avatar_url}
          size={48}
        />
        <div>
          <strong>{nameOf(conversation.customer.display_name)}</strong>
          <small>
            {t("customers.last_seen")} <When at={customer?.last_seen_at} empty="—" />
          </small>
        </div>
      </div>
      <Link to="/customers/$id" params={{ id }} className="inbox-whole small">
        {t("inbox.whole_story")} <Icon name="right" size={13} />
      </Link>
      {query.error && !customer ? <Trouble error={query.error} /> : null}
      {!customer && !query.error ? <Bars rows={6} height={24} /> : null}
      {customer ? (
        <>
          <Tags customer={customer} />
          <Profile customer={customer} />
        </>
      ) : null}
      <h3>{t("timeline.title")}</h3>
      {!events ? <Bars rows={4} height={20} /> : null}
      <ol className="inbox-story">
        {events?.map((event) => (
          <li key={event.id}>
            <Icon name={eventIcon(event)} size={13} />
            <span className="grow">{sentence(event)}</span>
            <small>
              <When at={event.at} />
            </small>
          </li>
        ))}
      </ol>
    </aside>
  );
}
