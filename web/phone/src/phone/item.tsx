/** How each kind of message looks in the chat. A kind this phone does not know is named, never hidden. */
import { type ReactNode, useState } from "react";
import type { Article, ChatItem, Person } from "../api/types";
import { safeUrl } from "../text/parse";
import { RichText } from "../text/rich";
import { AccountMark, Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { isWord, useWords } from "../words";
import type { Opened } from "./device";
import { ownArticle, ownFile } from "./near";
import { Photo } from "./photo";
import { Pictures } from "./pictures";
import { useEventText, usePreview } from "./preview";

export interface ItemActions {
  onOpen: (what: Opened) => void;
  onMenu: (id: string, content: string) => void;
}

interface Props extends ItemActions {
  item: ChatItem;
  account: { appid: string; name: string };
  person: Person | undefined;
}

export function ItemView({ item, account, person, ...actions }: Props) {
  const { t } = useWords();
  const eventText = useEventText();
  const preview = usePreview();
  const mark = { "data-testid": "chat-item", "data-kind": item.kind, "data-from": item.from };

  if (item.kind === "failure") {
    return (
      <p className="grey grey-bad" {...mark}>
        <Icon name="alert" size={14} />
        <span>
          {item.text || t("chat.failure")}
          {item.reason && <small>{item.reason}</small>}
        </span>
      </p>
    );
  }
  if (item.kind === "undelivered") {
    return (
      <p className="grey grey-bad" {...mark}>
        <Icon name="alert" size={14} />
        <span>
          {t("item.undeliveredText", { title: item.title ?? "" })}
          {item.reason && <small className="mono">{item.reason}</small>}
        </span>
      </p>
    );
  }
  if (item.kind === "event" || item.from === "system") {
    return (
      <p className="grey" {...mark}>
        <span>{item.kind === "event" ? eventText(item) : preview(item)}</span>
      </p>
    );
  }
  const from = item.from;
  return (
    <div className={`said said-${from}`} {...mark}>
      {from === "account" ? (
        <AccountMark name={account.name} appid={account.appid} size={34} />
      ) : (
        <Avatar picture={person?.avatar} name={person?.name ?? ""} size={34} />
      )}
      <div className="said-body">
        <Body item={item} {...actions} />
        <Caption item={item} />
      </div>
    </div>
  );
}

/** By which way it came, and what WeChat adds below. */
function Caption({ item }: { item: ChatItem }) {
  const { t } = useWords();
  if (item.from !== "account") return null;
  const word = `via.${item.via}`;
  const parts = [
    item.via ? (isWord(word) ? t(word) : item.via) : null,
    item.kf,
    item.ai ? t("item.byAi") : null,
  ].filter(Boolean);
  return parts.length ? <small className="via">{parts.join(" · ")}</small> : null;
}

function Body({ item, onOpen, onMenu }: ItemActions & { item: ChatItem }) {
  const { t, locale } = useWords();
  const text = {
    onLink: (url: string) => onOpen({ url }),
    onMini: (appid: string, path: string, href: string | null) =>
      onOpen({ url: href ?? "", mini: { appid, path } }),
    onMenu,
  };
  const open = (url: string | null | undefined) => {
    const safe = safeUrl(url);
    return safe ? () => onOpen({ url: safe }) : undefined;
  };
  switch (item.kind) {
    case "text":
      return (
        <div className="bubble">
          <RichText text={item.text ?? ""} {...text} />
        </div>
      );
    case "msgmenu":
      return (
        <div className="bubble bubble-menu">
          {item.menu?.head && <RichText text={item.menu.head} {...text} />}
          {item.menu?.list.map((line) => (
            <button
              type="button"
              key={line.id}
              className="rich-link"
              onClick={() => onMenu(line.id, line.content)}
            >
              {line.content}
            </button>
          ))}
          {item.menu?.tail && <RichText text={item.menu.tail} {...text} />}
        </div>
      );
    case "pictures":
      return <Pictures item={item} />;
    case "image":
      return <Photo src={item.media_url} alt={t("item.image")} zoom className="photo" />;
    case "voice":
      return <Voice item={item} />;
    case "video":
    case "shortvideo":
    case "mpvideo":
      return <Video item={item} />;
    case "music":
      return <Music item={item} />;
    case "news":
      return <Articles item={item} onOpen={onOpen} />;
    case "mpnews":
    case "mpnewsarticle":
      return (
        <Articles item={item} onOpen={(what) => onOpen({ ...what, url: ownArticle(what.url, locale) })} />
      );
    case "location":
      return (
        <Card>
          <span className="map" aria-hidden="true">
            <Icon name="place" size={26} />
          </span>
          <span className="card-text">
            <b>{item.label || t("item.location")}</b>
            <small className="mono">
              {item.latitude?.toFixed(5)}, {item.longitude?.toFixed(5)}
            </small>
          </span>
        </Card>
      );
    case "link":
      return (
        <Card onOpen={open(item.url)}>
          <span className="card-text">
            <b>{item.title || item.url}</b>
            {item.description && <span>{item.description}</span>}
            <small>{item.url}</small>
          </span>
        </Card>
      );
    case "miniprogrampage":
      return (
        <Card
          onOpen={() => onOpen({ url: "", mini: { appid: item.appid ?? "", path: item.pagepath ?? "" } })}
        >
          <span className="card-mini">
            <Icon name="mini" size={16} /> {t("item.miniprogrampage")}
          </span>
          <span className="card-text">
            <b>{item.title}</b>
          </span>
          {item.thumb_url && <Photo src={item.thumb_url} alt="" className="card-cover" />}
        </Card>
      );
    case "template":
    case "notice":
      return (
        <Card
          onOpen={
            item.appid
              ? () =>
                  onOpen({
                    url: safeUrl(item.url) ?? "",
                    mini: { appid: item.appid ?? "", path: item.pagepath ?? "" },
                  })
              : open(item.url)
          }
        >
          <span className="card-text card-notice">
            <b>{item.title || t("item.template")}</b>
            <span className="form-lines">
              {item.lines?.map((line) => (
                <span key={line.name} className={line.name ? "form-line" : "form-line form-line-bare"}>
                  {line.name && <span>{line.name}</span>}
                  <span>{line.value}</span>
                </span>
              ))}
            </span>
            {(safeUrl(item.url) || item.appid) && (
              <span className="card-more">
                {t("item.details")} <Icon name="right" size={14} />
              </span>
            )}
          </span>
        </Card>
      );
    case "wxcard":
      return (
        <Card>
          <span className="card-text">
            <b>{item.title || t("item.wxcard")}</b>
            <small className="mono">{item.text}</small>
          </span>
        </Card>
      );
    default:
      return (
        <div className="bubble bubble-unknown">
          <small>{t("item.unknown", { kind: item.kind })}</small>
          {item.text && <RichText text={item.text} {...text} />}
        </div>
      );
  }
}

function Card({ onOpen, children }: { onOpen?: () => void; children: ReactNode }) {
  return onOpen ? (
    <button type="button" className="card" onClick={onOpen}>
      {children}
    </button>
  ) : (
    <div className="card">{children}</div>
  );
}

/** Plays what the browser can play; amr, which WeChat uses, it cannot, and then says so. */
function usePlayer(src: string | null | undefined) {
  const [sound, setSound] = useState<HTMLAudioElement | null>(null);
  const [broken, setBroken] = useState(false);
  return {
    playing: sound !== null,
    broken: broken || !src,
    toggle: () => {
      if (sound) {
        sound.pause();
        setSound(null);
        return;
      }
      if (!src) return;
      const next = new Audio(src);
      next.onended = () => setSound(null);
      setSound(next);
      next.play().catch(() => {
        setBroken(true);
        setSound(null);
      });
    },
  };
}

function Voice({ item }: { item: ChatItem }) {
  const { t } = useWords();
  const player = usePlayer(ownFile(item.media_url));
  const seconds = item.duration_ms ? Math.max(1, Math.round(item.duration_ms / 1000)) : null;
  return (
    <>
      <button
        type="button"
        className="bubble bubble-voice"
        style={{ minWidth: 76 + Math.min(seconds ?? 4, 60) * 2 }}
        aria-label={`${t("item.voice")} ${seconds ?? ""}`}
        onClick={player.toggle}
      >
        <Icon name={player.playing ? "pause" : "voice"} size={18} />
        {seconds !== null && <span>{seconds}″</span>}
      </button>
      {player.broken && item.media_url && <small className="via">{t("item.cannotPlay")}</small>}
      {item.text && <div className="bubble bubble-heard">{item.text}</div>}
    </>
  );
}

function Video({ item }: { item: ChatItem }) {
  const { t } = useWords();
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  return (
    <div className="card">
      {playing && item.media_url ? (
        // biome-ignore lint/a11y/useMediaCaption: fans' and accounts' videos have no captions to show
        <video
          className="video"
          src={ownFile(item.media_url) ?? undefined}
          controls
          autoPlay
          onError={() => {
            setBroken(true);
            setPlaying(false);
          }}
        />
      ) : (
        <button
          type="button"
          className="video video-cover"
          aria-label={`${t("play")} ${item.title ?? t("item.video")}`}
          onClick={() => setPlaying(true)}
        >
          {item.thumb_url && <Photo src={item.thumb_url} alt="" className="card-cover" still />}
          <span className="video-play">
            <Icon name="play" size={26} />
          </span>
        </button>
      )}
      {(item.title || item.description || broken) && (
        <span className="card-text">
          {item.title && <b>{item.title}</b>}
          {item.description && <span>{item.description}</span>}
          {broken && <small>{t("item.cannotPlay")}</small>}
        </span>
      )}
    </div>
  );
}

function Music({ item }: { item: ChatItem }) {
  const { t } = useWords();
  const player = usePlayer(ownFile(safeUrl(item.url) ?? item.media_url));
  return (
    <button
      type="button"
      className="card card-music"
      aria-label={`${t("play")} ${item.title ?? ""}`}
      onClick={player.toggle}
    >
      <span className="card-text">
        <b>{item.title || t("item.music")}</b>
        {item.description && <span>{item.description}</span>}
        {player.broken && <small>{t("item.cannotPlay")}</small>}
      </span>
      <span className="music-cover">
        {item.thumb_url && <Photo src={item.thumb_url} alt="" still />}
        <Icon name={player.playing ? "pause" : "play"} size={22} />
      </span>
    </button>
  );
}

/** One article is a card with a wide cover; several are a stack: the first wide, the others a line each. */
function Articles({ item, onOpen }: { item: ChatItem; onOpen: (what: Opened) => void }) {
  const { t } = useWords();
  const [first, ...others] = item.articles ?? [];
  if (!first) return <div className="bubble bubble-unknown">{item.text || t("item.news")}</div>;
  const many = others.length > 0;
  return (
    <div className="articles">
      <div className={many ? "article article-over" : "article"}>
        {(many || first.pic_url) && <Photo src={first.pic_url} alt="" className="article-cover" />}
        <ArticleTitle article={first} className="article-title" onOpen={onOpen} />
        {!many && first.description && <span className="article-text">{first.description}</span>}
      </div>
      {others.map((a, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the articles of one message never move
        <div key={i} className="article-line">
          <ArticleTitle article={a} onOpen={onOpen} />
          <Photo src={a.pic_url} alt="" className="article-thumb" />
        </div>
      ))}
    </div>
  );
}

/** The title is the button, and its ground reaches over the whole card; a picture's own button stands above it. */
function ArticleTitle({
  article,
  className = "",
  onOpen,
}: {
  article: Article;
  className?: string;
  onOpen: (what: Opened) => void;
}) {
  const url = safeUrl(article.url);
  if (!url) return <span className={className}>{article.title}</span>;
  return (
    <button type="button" className={`article-open ${className}`} onClick={() => onOpen({ url })}>
      {article.title}
    </button>
  );
}
