/** One line of a chat: what was said and how it went out, what happened, what people left beside it. */
import { Link } from "@tanstack/react-router";
import { Tooltip } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChatLine, Conversation, Event, Id, Params, ReceivedFile } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { fileSize } from "@/lib/text";
import { clockTime, exactTime, shortTime } from "@/lib/time";
import { eventIcon, messageIcon, text, useEventWords } from "@/ui/events";
import { Icon } from "@/ui/icons";
import { Face } from "@/ui/kit";
import { WechatText } from "@/ui/Phone";
import { Card, FilledForm } from "./CardLine";
import { Place } from "./place/Place";
import { SafeText } from "./SafeText";
import { Voice } from "./Voice";

export function Line({ line, conversation }: { line: ChatLine; conversation: Conversation }) {
  if (line.entry) return <Beside line={line} />;
  const out = line.send !== null || line.event?.kind === "message_out";
  if (out || line.event?.kind === "message_in") return <Said line={line} conversation={conversation} />;
  return line.event ? <Happened event={line.event} /> : null;
}

function Time({ at }: { at: number }) {
  const { language, zone } = usePrefs();
  return (
    <Tooltip title={exactTime(at, language, zone)} mouseEnterDelay={0.3}>
      <time dateTime={new Date(at).toISOString()}>{clockTime(at, language, zone)}</time>
    </Tooltip>
  );
}

function Said({ line, conversation }: { line: ChatLine; conversation: Conversation }) {
  const { t } = useTranslation();
  const p: Params = line.send ? (line.send.content as unknown as Params) : (line.event?.properties ?? {});
  const out = line.send !== null || line.event?.kind === "message_out";
  const by = text(line.send?.by ?? p.by);
  const rule = line.rule ? line.rule.name || t("replies.unnamed") : null;
  const who = by || (rule ? t("inbox.by_rule", { name: rule }) : null);
  const broadcast = text(p.broadcast_id);
  return (
    <li className={out ? "chat-line mine" : "chat-line"} data-line={line.id}>
      {out ? null : (
        <Face
          id={conversation.customer.id}
          name={conversation.customer.display_name}
          src={conversation.customer.avatar_url}
          size={30}
        />
      )}
      <div className="chat-body">
        {broadcast && line.event ? (
          <Told event={line.event} />
        ) : (
          <Content properties={p} file={line.file} account={conversation.account_id} />
        )}
        <div className="chat-foot">
          {broadcast ? (
            <Link to="/broadcasts/$id" params={{ id: broadcast }}>
              {t("timeline.via.broadcast")}
            </Link>
          ) : null}
          {out && who ? <span className={by ? "" : "chat-rule"}>{who}</span> : null}
          <Time at={line.at} />
          {out ? <Fate line={line} properties={p} /> : null}
        </div>
        {out && !broadcast && text(p.state) === "unknown" ? (
          <p className="chat-doubt">{t("inbox.doubt")}</p>
        ) : null}
      </div>
    </li>
  );
}

/** How it stands with something we said. */
function Fate({ line, properties: p }: { line: ChatLine; properties: Params }) {
  const { t, i18n } = useTranslation();
  const state = line.send?.state ?? text(p.state);
  const reason = text(p.reason);
  const why = reason
    ? i18n.exists(`send_reasons.${reason}`)
      ? t(`send_reasons.${reason}` as "send_reasons.window_closed")
      : reason
    : null;
  const words = t(`timeline.states.${state as "queued"}`, { defaultValue: state });
  const icons = {
    sent: "check",
    queued: "clock",
    sending: "clock",
    held: "pause",
    submitted: "clock",
    awaiting_confirmation: "clock",
    withdrawn: "undo",
  } as const;
  const bad = state === "refused" || state === "unknown";
  // WeChat took it and told afterwards that it did not get there.
  const lost = line.delivery === "blocked" || line.delivery === "failed";
  const icon = (lost ? null : icons[state as "sent"]) ?? "alert";
  return (
    <Tooltip title={bad && line.evidence ? <div className="chat-evidence">{line.evidence}</div> : null}>
      <span
        className={`chat-state chat-${lost ? "refused" : state}`}
        data-state={state}
        data-delivery={line.delivery ?? undefined}
      >
        <Icon name={icon} size={12} />
        {words}
        {why ? ` · ${why}` : ""}
        {line.delivery ? ` · ${t(`timeline.delivery.${line.delivery}`)}` : ""}
      </span>
    </Tooltip>
  );
}

/** What a broadcast told them, with many others. */
function Told({ event }: { event: Event }) {
  const { t } = useTranslation();
  const p = event.properties;
  const type = text(p.type);
  if (type === "text") {
    return (
      <Bubble>
        <WechatText text={text(p.text)} />
      </Bubble>
    );
  }
  return (
    <Bubble bare>
      <span className="chat-card">
        <Icon name={messageIcon(type)} size={20} />
        <span>
          <strong>{text(p.name)}</strong>
          <small>{t(`messages.${type as "article"}`)}</small>
        </span>
      </span>
    </Bubble>
  );
}

const number = (value: unknown) => Number(text(value));

function Content({
  properties: p,
  file,
  account,
}: {
  properties: Params;
  file: ReceivedFile | null;
  account: Id;
}) {
  const { t } = useTranslation();
  const type = text(p.type);
  const own = text(p.media_id) || text(p.thumb_media_id);
  const ours = own ? `/api/v1/media/${own}/file` : null;
  if (type === "text") return <Bubble>{<SafeText text={text(p.text)} />}</Bubble>;
  if (type === "location") {
    return (
      <Bubble bare>
        <Place latitude={number(p.latitude)} longitude={number(p.longitude)} label={text(p.label)} />
      </Bubble>
    );
  }
  if (p.data && typeof p.data === "object") {
    return (
      <Bubble bare>
        <FilledForm properties={p} account={account} />
      </Bubble>
    );
  }
  if (type === "link" || type === "article" || type === "music") {
    return (
      <Bubble bare>
        <Card type={type} properties={p} cover={type === "music" ? ours : null} />
      </Bubble>
    );
  }
  if (type === "image" || type === "voice" || type === "video") {
    const url = ours ?? file?.url ?? null;
    if (!url) return <Bubble>{<Missing type={type} file={file} />}</Bubble>;
    const name = `${type}-${own || file?.id}`;
    if (type === "image") {
      return (
        <Bubble bare>
          <a href={url} target="_blank" rel="noreferrer" className="chat-picture">
            <img src={url} alt={t("messages.image")} loading="lazy" decoding="async" />
          </a>
        </Bubble>
      );
    }
    if (type === "voice") {
      return (
        <Bubble>
          <Voice url={url} name={`${name}.${file?.content_type === "audio/mpeg" ? "mp3" : "amr"}`} />
          {text(p.text) ? <span className="chat-heard">{text(p.text)}</span> : null}
        </Bubble>
      );
    }
    return (
      <Bubble bare>
        <span className="chat-film">
          {/* biome-ignore lint/a11y/useMediaCaption: what a fan films has no captions */}
          <video src={url} controls preload="metadata" />
          <a href={url} download={`${name}.mp4`} className="small">
            <Icon name="download" size={13} /> {t("inbox.file.save")}
          </a>
        </span>
      </Bubble>
    );
  }
  return <Bubble>{`[${type || t("messages.other")}]`}</Bubble>;
}

/** A file that is not here: on its way, or gone, and why. */
function Missing({ type, file }: { type: "image" | "voice" | "video"; file: ReceivedFile | null }) {
  const { t, i18n } = useTranslation();
  const { language } = usePrefs();
  const why =
    file?.state === "gone" && file.problem && i18n.exists(`inbox.file.gone.${file.problem}`)
      ? t(`inbox.file.gone.${file.problem}` as "inbox.file.gone.expired")
      : null;
  return (
    <span className="chat-missing">
      <Icon name={type} size={16} />
      <span>
        {t(`messages.${type}`)}
        <small>
          {file?.state === "gone" ? (why ?? t("inbox.file.lost")) : t("inbox.file.coming")}
          {file?.size ? ` · ${fileSize(file.size, language)}` : ""}
        </small>
      </span>
    </span>
  );
}

function Bubble({ bare, children }: { bare?: boolean; children: ReactNode }) {
  return <div className={bare ? "chat-bubble bare" : "chat-bubble"}>{children}</div>;
}

/** Follows, scans, taps: a grey line. */
function Happened({ event }: { event: Event }) {
  const { sentence } = useEventWords();
  return (
    <li className="chat-event">
      <Icon name={eventIcon(event)} size={13} />
      <span>{sentence(event)}</span>
      <Time at={event.at} />
    </li>
  );
}

function Beside({ line }: { line: ChatLine }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const entry = line.entry;
  if (!entry) return null;
  if (entry.kind === "note") {
    return (
      <li className="chat-note">
        <div>
          <SafeText text={entry.text} />
        </div>
        <div className="chat-foot">
          <span>{t("inbox.note_by", { name: entry.by })}</span>
          <Time at={line.at} />
        </div>
      </li>
    );
  }
  const words =
    entry.kind === "assigned"
      ? entry.to
        ? t("inbox.log.assigned", { by: entry.by, to: entry.to })
        : t("inbox.log.unassigned", { by: entry.by })
      : entry.state === "snoozed" && entry.until
        ? t("inbox.log.snoozed", { by: entry.by, until: shortTime(entry.until, language, zone, line.at) })
        : t(`inbox.log.${entry.state as "done"}`, { by: entry.by });
  return (
    <li className="chat-event">
      <Icon
        name={entry.kind === "assigned" ? "hand" : entry.state === "done" ? "check" : "clock"}
        size={13}
      />
      <span>
        {words}
        {entry.kind === "assigned" && entry.text ? <em>“{entry.text}”</em> : null}
      </span>
      <Time at={line.at} />
    </li>
  );
}
