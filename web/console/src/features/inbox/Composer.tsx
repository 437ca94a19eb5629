/** The place to write: an answer while WeChat takes one, a note always. What is typed is kept until it is sent. */
import { useQuery } from "@tanstack/react-query";
import { Button, type GetRef, Input, Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts, useMe } from "@/api/queries";
import type { CannedAnswer, CardContent, Conversation, Media, SendContent } from "@/api/types";
import { useNarrow, useNow } from "@/lib/hooks";
import { asWechatPicture } from "@/lib/pictures";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { byteLength, textLimit } from "@/lib/text";
import { TemplateToOne } from "@/template/ToOne";
import { Icon } from "@/ui/icons";
import { Because, Note, Trouble } from "@/ui/kit";
import { cannedQuery, tellTyping, useNote, useSay, useUpload } from "./api";
import { CannedList, CannedManager, matching } from "./Canned";
import { CardDialog } from "./CardDialog";
import { Closed } from "./Closed";
import { hostOf } from "./cards";
import { dropDraft, keepDraft, readDraft } from "./drafts";
import { Library } from "./Library";
import { Tools } from "./Tools";
import { asked, filled } from "./template";

type TextArea = GetRef<typeof Input.TextArea>;
/** Told again while somebody types. */
const tellEvery = 4_000;
const largest = 10 * 1024 * 1024;

export interface ComposerHandle {
  focus: (slash?: boolean) => void;
  note: () => void;
}

export function Composer({
  conversation,
  handle,
  wantsFocus,
  onSent,
}: {
  conversation: Conversation;
  handle: React.RefObject<ComposerHandle | null>;
  /** It was opened by hand: one goes on by typing. */
  wantsFocus: React.RefObject<boolean>;
  /** After an answer; `done` when the conversation is to be closed with it. */
  onSent: (done: boolean) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow();
  const narrow = useNarrow();
  const account = useAccounts().find((one) => one.id === conversation.account_id);
  const notAllowed = useNotAllowed("messages:write");
  const { whyFunction } = useReasons();
  const over = !conversation.window || conversation.window.until <= now;
  const closed = !!conversation.why || over;
  const [mode, setMode] = useState<"answer" | "note">("answer");
  const [kept] = useState(() => readDraft(me.person.id, conversation.id));
  const [text, setText] = useState(kept.text);
  const [note, setNote] = useState(kept.note);
  const [media, setMedia] = useState<Media | null>(kept.media);
  const [card, setCard] = useState<CardContent | null>(kept.card);
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState<"canned" | "library" | "card" | "template" | null>(null);
  const [over_, setOver] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const area = useRef<TextArea>(null);
  const say = useSay(conversation);
  const keep = useNote(conversation.id);
  const upload = useUpload();
  const canned = useQuery({ ...cannedQuery, enabled: !notAllowed }).data ?? [];
  const typed = mode === "answer" ? asked(text) : null;
  const offers = typed === null ? [] : matching(canned, typed);
  const told = useRef(0);

  useEffect(() => {
    if (closed) setMode("note");
    else setMode("answer");
  }, [closed]);
  useEffect(() => {
    keepDraft(me.person.id, conversation.id, { text, note, media, card });
  }, [me.person.id, conversation.id, text, note, media, card]);
  useEffect(() => {
    // At once, so that what is typed on the heels of the key is written and not taken for more keys.
    const hold = () => {
      area.current?.focus();
      setTimeout(() => area.current?.focus({ cursor: "end" }));
    };
    handle.current = {
      focus: (slash) => {
        if (!closed) {
          setMode("answer");
          if (slash) setText((was) => was || "/");
        }
        hold();
      },
      note: () => {
        setMode("note");
        hold();
      },
    };
    return () => {
      handle.current = null;
    };
  }, [handle, closed]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    area.current?.focus({ cursor: "end" });
  }, [wantsFocus]);
  useEffect(
    () => () => {
      if (told.current) tellTyping(conversation.id, false);
    },
    [conversation.id],
  );

  const typing = (value: string) => {
    const is = value.trim() !== "" && !value.startsWith("/");
    if (!is && told.current) {
      told.current = 0;
      tellTyping(conversation.id, false);
    }
    if (is && Date.now() - told.current > tellEvery) {
      told.current = Date.now();
      tellTyping(conversation.id, true);
    }
  };
  const write = (value: string) => {
    setText(value);
    setAt(0);
    typing(value);
  };
  const names = {
    "customer.name": conversation.customer.name,
    "account.name": account?.nick_name,
    "person.name": me.person.name,
  };
  const insert = (answer: CannedAnswer) => {
    write(filled(answer.text, names));
    area.current?.focus({ cursor: "end" });
  };

  const tooLong = byteLength(text) > textLimit;
  const why = notAllowed ?? (tooLong ? t("say.too_long", { n: byteLength(text), most: textLimit }) : null);
  const nothing = mode === "note" ? !note.trim() : !text.trim() && !media && !card;

  const send = async (done: boolean) => {
    if (nothing || why || say.isPending || keep.isPending) return;
    if (mode === "note") {
      keep.mutate(note.trim(), { onSuccess: () => setNote("") });
      return;
    }
    const parts: SendContent[] = [];
    if (media) parts.push({ type: media.kind as "image", media_id: media.id });
    if (card) parts.push(card);
    if (text.trim()) parts.push({ type: "text", text: text.trim() });
    told.current = 0;
    try {
      for (const part of parts) {
        await say.mutateAsync(part);
        // What has gone is not sent again when the next part does not go.
        if (part.type === "text") setText("");
        else if (part === card) setCard(null);
        else setMedia(null);
      }
    } catch {
      // The mutation holds what went wrong, and the words are still there.
      return;
    }
    dropDraft(me.person.id, conversation.id);
    onSent(done);
  };

  const take = async (given: File | undefined) => {
    if (!given || closed || notAllowed) return;
    setWrong(null);
    const kind = given.type.startsWith("video/") ? "video" : /^audio\//.test(given.type) ? "voice" : "image";
    const ready = kind === "image" ? await asWechatPicture(given).catch(() => given) : given;
    if (ready.size > largest) return setWrong(t("inbox.attach.too_large"));
    upload.mutate({ file: ready, kind }, { onSuccess: setMedia });
  };

  /** What was chosen stands above the place to write; the next Enter sends it. */
  const back = () => {
    setOpen(null);
    area.current?.focus({ cursor: "end" });
  };

  const keys = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (offers.length > 0) {
      const one = offers[Math.min(at, offers.length - 1)];
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        setAt((at + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length);
        return;
      }
      if ((event.key === "Enter" || event.key === "Tab") && one) {
        event.preventDefault();
        return insert(one);
      }
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (typed !== null) return write("");
      area.current?.blur();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void send(event.ctrlKey || event.metaKey);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop target; the button inside does the same by keyboard
    <footer
      className={over_ ? "composer over" : "composer"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer.files[0]);
      }}
    >
      {typed !== null ? (
        <CannedList
          offers={offers}
          at={at}
          none={canned.length === 0}
          names={names}
          onPick={insert}
          onManage={() => setOpen("canned")}
        />
      ) : null}
      {closed ? <Closed conversation={conversation} onTemplate={() => setOpen("template")} /> : null}
      {say.error ? <Trouble error={say.error}>{t("inbox.kept")}</Trouble> : null}
      {keep.error ? <Trouble error={keep.error}>{t("inbox.kept")}</Trouble> : null}
      {upload.error ? <Trouble error={upload.error} /> : null}
      {wrong ? <Note tone="error">{wrong}</Note> : null}
      {card && mode === "answer" ? (
        <div className="composer-media">
          <button type="button" className="plain composer-card" onClick={() => setOpen("card")}>
            <Icon name={card.type} size={20} />
            <span className="ellipsis">{card.title || hostOf(card.url)}</span>
          </button>
          <button
            type="button"
            className="plain"
            aria-label={t("app.remove_what", { what: card.title || hostOf(card.url) })}
            onClick={() => setCard(null)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ) : null}
      {media && mode === "answer" ? (
        <div className="composer-media">
          {media.kind === "image" ? (
            <img src={media.url} alt="" />
          ) : (
            <Icon name={media.kind as "voice"} size={20} />
          )}
          <span className="ellipsis">{media.file_name}</span>
          <button
            type="button"
            className="plain"
            aria-label={t("app.remove_what", { what: media.file_name })}
            onClick={() => setMedia(null)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ) : null}
      <Input.TextArea
        ref={area}
        className={mode === "note" ? "auto-text composer-text note" : "auto-text composer-text"}
        variant="borderless"
        rows={2}
        disabled={!!notAllowed || (mode === "answer" && closed)}
        value={mode === "note" ? note : text}
        aria-label={mode === "note" ? t("inbox.note") : t("inbox.answer")}
        placeholder={
          mode === "note"
            ? t("inbox.note_placeholder")
            : narrow
              ? t("inbox.placeholder_short")
              : t("inbox.placeholder")
        }
        onChange={(event) => (mode === "note" ? setNote(event.target.value) : write(event.target.value))}
        onKeyDown={keys}
        onPaste={(event) => {
          const picture = [...event.clipboardData.files][0];
          if (!picture || mode === "note") return;
          event.preventDefault();
          void take(picture);
        }}
      />
      <div className="composer-foot">
        <Segmented
          size="small"
          value={mode}
          onChange={(value) => {
            setMode(value as "answer");
            area.current?.focus({ cursor: "end" });
          }}
          options={[
            { value: "answer", label: t("inbox.answer"), disabled: closed },
            { value: "note", label: t("inbox.note") },
          ]}
        />
        <Tools
          off={closed || !!notAllowed}
          note={mode === "note"}
          busy={upload.isPending}
          onCanned={() => {
            write("/");
            area.current?.focus({ cursor: "end" });
          }}
          onFile={(given) => void take(given)}
          onLibrary={() => setOpen("library")}
          onCard={() => setOpen("card")}
          onTemplate={
            !closed && account && !whyFunction(account, "template") ? () => setOpen("template") : undefined
          }
        />
        <Because reason={why}>
          <Button
            type="primary"
            icon={<Icon name={mode === "note" ? "note" : "send"} size={14} />}
            disabled={!!why || nothing}
            loading={say.isPending || keep.isPending}
            onClick={() => void send(false)}
          >
            {mode === "note" ? t("inbox.keep_note") : t("say.send")}
          </Button>
        </Because>
      </div>
      {open === "canned" ? <CannedManager onClose={() => setOpen(null)} /> : null}
      {open === "library" ? (
        <Library
          onClose={() => setOpen(null)}
          onPick={(picked) => {
            setMedia(picked);
            back();
          }}
        />
      ) : null}
      {open === "card" ? (
        <CardDialog
          account={account}
          card={card}
          onClose={() => setOpen(null)}
          onDone={(written) => {
            setCard(written);
            back();
          }}
        />
      ) : null}
      {open === "template" && account ? (
        <TemplateToOne account={account} customer={conversation.customer.id} onClose={() => setOpen(null)} />
      ) : null}
    </footer>
  );
}
