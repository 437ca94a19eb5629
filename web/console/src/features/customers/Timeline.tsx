/** Everything that happened with one person, newest first, endless and live; messages stand as bubbles. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select, Tooltip } from "antd";
import { Fragment, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { refresh } from "@/api/news";
import { useAccounts } from "@/api/queries";
import type { Customer, Event, SendLine } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { clockTime, dayOf, exactTime, isoDay } from "@/lib/time";
import { timelineQuery } from "@/person/api";
import { eventIcon, filledIn, text, useEventWords } from "@/ui/events";
import { Icon } from "@/ui/icons";
import { Bars, Card, Empty, Trouble } from "@/ui/kit";
import { WechatText } from "@/ui/Phone";
import { isUnderWay, sentQuery } from "./api";

const kinds = [
  "message_in",
  "message_out",
  "follow",
  "unfollow",
  "scan",
  "menu_tap",
  "import",
  "profile_change",
  "tag_add",
  "tag_remove",
] as const;
const channels = ["wechat", "console", "api", "system"] as const;

export function Timeline({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { channel, kind } = useSearch({ from: "/signed-in/customers/$id" });
  const query = useInfiniteQuery(timelineQuery(customer.id, { channel, kind }));
  const events = query.data?.pages.flatMap((page) => page.items);
  const sent = useQuery(sentQuery(customer.id)).data;
  const told = new Set(events?.map((event) => text(event.properties.send_id)));
  // What is on its way is no event yet.
  const coming = channel || kind ? [] : (sent ?? []).filter((send) => isUnderWay(send) && !told.has(send.id));

  useLive("event", ({ customer_id }) => {
    if (customer_id !== customer.id) return;
    void refresh(queryClient, { queryKey: ["sends", "of", customer.id] });
    void refresh(queryClient, { queryKey: ["timeline", customer.id] });
    void refresh(queryClient, { queryKey: ["customer", customer.id] });
  });

  const set = (part: { channel?: (typeof channels)[number]; kind?: string }) =>
    void navigate({
      to: "/customers/$id",
      params: { id: customer.id },
      search: (s) => ({ ...s, ...part }),
      replace: true,
    });

  const end = useRef<HTMLDivElement>(null);
  const load = useRef(() => {});
  load.current = () => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  useEffect(() => {
    if (!end.current || !query.hasNextPage) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), {
      rootMargin: "400px",
    });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [query.hasNextPage]);

  let day = "";
  return (
    <Card
      className="timeline-card"
      title={t("timeline.title")}
      extra={
        <>
          <Select
            size="small"
            allowClear
            className="timeline-filter"
            popupMatchSelectWidth={false}
            placeholder={t("timeline.any_kind")}
            aria-label={t("timeline.any_kind")}
            value={kind}
            onChange={(value) => set({ kind: value })}
            options={kinds.map((value) => ({ value, label: t(`timeline.kinds.${value}`) }))}
          />
          <Select
            size="small"
            allowClear
            className="timeline-filter"
            popupMatchSelectWidth={false}
            placeholder={t("timeline.any_channel")}
            aria-label={t("timeline.any_channel")}
            value={channel}
            onChange={(value) => set({ channel: value })}
            options={channels.map((value) => ({ value, label: t(`timeline.channels.${value}`) }))}
          />
        </>
      }
    >
      {query.error && !events ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!events && !query.error ? <Bars rows={7} height={44} /> : null}
      {events?.length === 0 && coming.length === 0 ? (
        <Empty drawing="pond" compact>
          {channel || kind ? t("timeline.none_found") : t("timeline.empty")}
        </Empty>
      ) : null}
      <ol className="timeline">
        {events ? coming.map((send) => <Coming key={send.id} send={send} />) : null}
        {events?.map((event) => {
          const today = isoDay(event.at, zone);
          const head =
            today === day ? null : <li className="timeline-day">{dayOf(event.at, language, zone)}</li>;
          day = today;
          return (
            <Fragment key={event.id}>
              {head}
              <Line
                event={event}
                delivery={sent?.find((send) => send.id === event.properties.send_id)?.delivery ?? null}
              />
            </Fragment>
          );
        })}
      </ol>
      {query.hasNextPage ? (
        <div ref={end} className="list-more">
          <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("app.load_more")}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

/** Something that has not gone out yet. */
function Coming({ send }: { send: SendLine }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const { content } = send;
  const words =
    filledIn({ ...content }) ||
    (content.type === "text" ? content.text : `[${t(`messages.${content.type as "image"}`)}]`);
  return (
    <li className="timeline-line timeline-said out" data-send={send.id}>
      <Tooltip title={exactTime(send.due_at, language, zone)}>
        <time className="timeline-time" dateTime={new Date(send.due_at).toISOString()}>
          {clockTime(send.due_at, language, zone)}
        </time>
      </Tooltip>
      <div className="timeline-bubble-wrap">
        <div className="timeline-bubble">{words}</div>
        <small>
          {[t(`timeline.via.${send.service}`), send.by].filter(Boolean).join(" · ")}
          <span className={`send-${send.state}`}>
            {" · "}
            {t(`timeline.states.${send.state as "queued"}`, { defaultValue: send.state })}
          </span>
        </small>
      </div>
    </li>
  );
}

function Line({ event, delivery }: { event: Event; delivery: SendLine["delivery"] }) {
  const { t, i18n } = useTranslation();
  const { language, zone } = usePrefs();
  const { sentence, message } = useEventWords();
  const accounts = useAccounts();
  const account =
    accounts.length > 1 ? accounts.find((one) => one.id === event.account_id)?.nick_name : undefined;
  const p = event.properties;
  const said = event.kind === "message_in" || event.kind === "message_out";
  const state = text(p.state);
  const reason = text(p.reason);
  const time = (
    <Tooltip title={exactTime(event.at, language, zone)}>
      <time className="timeline-time" dateTime={new Date(event.at).toISOString()}>
        {clockTime(event.at, language, zone)}
      </time>
    </Tooltip>
  );
  if (said) {
    const out = event.kind === "message_out";
    const notes = [
      out && p.via && !p.broadcast_id
        ? t(`timeline.via.${text(p.via) as "passive"}`, { defaultValue: text(p.via) })
        : null,
      out ? text(p.by) || null : null,
      account ?? null,
    ].filter(Boolean);
    return (
      <li className={out ? "timeline-line timeline-said out" : "timeline-line timeline-said"}>
        {time}
        <div className="timeline-bubble-wrap">
          <div className="timeline-bubble">
            {text(p.text) ? <WechatText text={text(p.text)} /> : message(event)}
          </div>
          <small>
            {text(p.broadcast_id) ? (
              <>
                <Link to="/broadcasts/$id" params={{ id: text(p.broadcast_id) }}>
                  {t("timeline.via.broadcast")}
                </Link>
                {notes.length > 0 ? " · " : ""}
              </>
            ) : null}
            {notes.join(" · ")}
            {out && state && state !== "sent" ? (
              <span className={`send-${state}`}>
                {notes.length > 0 || p.broadcast_id ? " · " : ""}
                {t(`timeline.states.${state as "queued"}`, { defaultValue: state })}
                {reason
                  ? ` · ${i18n.exists(`send_reasons.${reason}`) ? t(`send_reasons.${reason}` as "send_reasons.window_closed") : reason}`
                  : ""}
              </span>
            ) : null}
            {out && delivery ? (
              <span className={`send-${delivery}`} data-delivery={delivery}>
                {" · "}
                {t(`timeline.delivery.${delivery}`)}
              </span>
            ) : null}
          </small>
        </div>
      </li>
    );
  }
  return (
    <li className="timeline-line">
      {time}
      <span className="timeline-icon">
        <Icon name={eventIcon(event)} size={14} />
      </span>
      <span className="grow">
        {sentence(event)}
        <small>
          {[
            account,
            event.channel !== "wechat" ? t(`timeline.channels.${event.channel}`) : null,
            text(p.by) || null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </span>
    </li>
  );
}
