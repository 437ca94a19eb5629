/** What just happened, newest first; comes by itself. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "@/api/queries";
import type { RecentEvent } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { eventIcon, useEventWords } from "@/ui/events";
import { Icon } from "@/ui/icons";
import { Bars, Card, Empty, Face, When } from "@/ui/kit";

export function Recent({ events }: { events: RecentEvent[] | undefined }) {
  const { t } = useTranslation();
  const { sentence } = useEventWords();
  const nameOf = usePersonName();
  const accounts = useQuery(accountsQuery).data ?? [];
  return (
    <Card title={t("home.recent")} flush>
      {!events ? (
        <div className="needs-wait">
          <Bars rows={5} height={32} />
        </div>
      ) : events.length === 0 ? (
        <Empty drawing="pond" compact>
          {t("home.quiet")}
        </Empty>
      ) : (
        <ul className="recent">
          {events.map((event) => {
            const account = accounts.find((one) => one.id === event.account_id);
            const body = (
              <>
                {event.customer ? (
                  <Face
                    id={event.customer.id}
                    name={event.customer.display_name}
                    src={event.customer.avatar_url}
                    size={32}
                  />
                ) : (
                  <span className="palette-icon" />
                )}
                <span className="recent-body">
                  <span className="recent-line">
                    <strong>{nameOf(event.customer?.display_name ?? "")}</strong>
                    <span className="ellipsis">
                      <Icon name={eventIcon(event)} size={14} /> {sentence(event)}
                    </span>
                  </span>
                  <small>
                    {account && accounts.length > 1 ? `${account.nick_name} · ` : ""}
                    <When at={event.at} />
                  </small>
                </span>
              </>
            );
            return (
              <li key={event.id}>
                {event.customer ? (
                  <Link to="/customers/$id" params={{ id: event.customer.id }}>
                    {body}
                  </Link>
                ) : (
                  <div>{body}</div>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
