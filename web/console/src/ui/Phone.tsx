/** A neutral phone with the account's chat on its screen: what a fan will see. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Answer } from "@/api/types";
import { Icon } from "./icons";
import { ownPicture } from "./kit";
import "./phone.css";

export function Phone({
  title,
  children,
  foot,
  face,
}: {
  title: string;
  children: ReactNode;
  foot?: ReactNode;
  face?: ReactNode;
}) {
  return (
    <div className="phone">
      <div className="phone-bar">
        <Icon name="left" size={16} />
        <span className="phone-title">
          {face}
          <span className="ellipsis">{title}</span>
        </span>
        <Icon name="more" size={16} />
      </div>
      <div className="phone-screen">{children}</div>
      {foot ? <div className="phone-foot">{foot}</div> : null}
    </div>
  );
}

export function Bubble({
  mine,
  face,
  children,
  bare,
  note,
}: {
  mine?: boolean;
  face?: ReactNode;
  children: ReactNode;
  bare?: boolean;
  note?: ReactNode;
}) {
  return (
    <div className={mine ? "said said-mine" : "said"}>
      {face}
      <div className="said-body">
        <div className={bare ? "bubble bubble-bare" : "bubble"}>{children}</div>
        {note ? <div className="said-note">{note}</div> : null}
      </div>
    </div>
  );
}

export function ScreenLine({ children }: { children: ReactNode }) {
  return <div className="screen-line">{children}</div>;
}

/** Text as WeChat shows it: bare addresses and `<a href>` become links, everything else stays as typed. */
export function WechatText({ text }: { text: string }) {
  const parts: ReactNode[] = [];
  const pattern = /<a\s+href="([^"]*)"[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<]+)/g;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(
      <span key={match.index} className="text-link" title={match[1] ?? match[3]}>
        {match[2] ?? match[3]}
      </span>,
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return <span className="pre">{parts}</span>;
}

const fileOf = (id: string) => `/api/v1/media/${id}/file`;

export function AnswerBubble({ answer, face, note }: { answer: Answer; face?: ReactNode; note?: ReactNode }) {
  const { t } = useTranslation();
  if (answer.type === "none") return <ScreenLine>{t("answers.none_preview")}</ScreenLine>;
  if (answer.type === "text") {
    return (
      <Bubble face={face} note={note}>
        {answer.text ? (
          <WechatText text={answer.text} />
        ) : (
          <span className="dim">{t("answers.text_empty")}</span>
        )}
      </Bubble>
    );
  }
  if (answer.type === "image") {
    return (
      <Bubble face={face} bare note={note}>
        {answer.media_id ? (
          <img className="bubble-image" src={fileOf(answer.media_id)} alt={t("messages.image")} />
        ) : (
          <Blank icon="image" />
        )}
      </Bubble>
    );
  }
  if (answer.type === "voice") {
    return (
      <Bubble face={face} note={note}>
        <span className="bubble-voice">
          <Icon name="voice" /> {t("messages.voice")}
        </span>
      </Bubble>
    );
  }
  if (answer.type === "video") {
    return (
      <Bubble face={face} bare note={note}>
        <span className="bubble-video">
          <Icon name="play" size={28} />
          {answer.title ? <small>{answer.title}</small> : null}
        </span>
      </Bubble>
    );
  }
  if (answer.type === "music") {
    return (
      <Bubble face={face} bare note={note}>
        <span className="bubble-card bubble-music">
          <span>
            <strong>{answer.title || t("messages.music")}</strong>
            <small>{answer.description}</small>
          </span>
          <Icon name="music" size={24} />
        </span>
      </Bubble>
    );
  }
  return (
    <Bubble face={face} bare note={note}>
      <span className="bubble-card">
        <strong>{answer.title || t("answers.article_empty")}</strong>
        <span className="bubble-article">
          <small>{answer.description}</small>
          <Thumb url={answer.picture_url} />
        </span>
      </span>
    </Bubble>
  );
}

/** Where a picture from elsewhere cannot be shown, its place is. */
function Thumb({ url }: { url: string | undefined }) {
  const picture = ownPicture(url);
  return picture ? (
    <img src={picture} alt="" className="bubble-thumb" />
  ) : (
    <span className="bubble-thumb">
      <Icon name="image" />
    </span>
  );
}

function Blank({ icon }: { icon: "image" }) {
  return (
    <span className="bubble-blank">
      <Icon name={icon} size={28} />
    </span>
  );
}
