/** Writes a link card or a piece of music, beside how the fan will see it. It goes out with the next Enter. */
import { Button, Input, Modal, Segmented } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { MediaField } from "@/answers/MediaField";
import type { Account, CardContent } from "@/api/types";
import { byteLength } from "@/lib/text";
import { AutoText } from "@/ui/AutoText";
import { Because, Face } from "@/ui/kit";
import { AnswerBubble, Phone } from "@/ui/Phone";
import { emptyCard, faultOfCard, faultOfUrl, longestUrl, tidied } from "./cards";
import "./cards.css";

export function CardDialog({
  account,
  card: given,
  onDone,
  onClose,
}: {
  account: Account | undefined;
  card: CardContent | null;
  onDone: (card: CardContent) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [cards, setCards] = useState({
    article: given?.type === "article" ? given : emptyCard("article"),
    music: given?.type === "music" ? given : emptyCard("music"),
  });
  const [type, setType] = useState<CardContent["type"]>(given?.type ?? "article");
  const card = cards[type];
  const set = (part: object) => setCards({ ...cards, [type]: { ...card, ...part } });
  const id = useId();
  const fault = faultOfCard(card);
  const done = () => {
    if (!fault) onDone(tidied(card));
  };
  const address = (name: "url" | "picture_url" | "hq_url", label: string, more?: string) => (
    <Address
      key={`${type} ${name}`}
      label={label}
      more={more}
      value={(card as Partial<Record<typeof name, string>>)[name] ?? ""}
      onChange={(text) => set({ [name]: text })}
    />
  );
  return (
    <Modal
      open
      width={820}
      title={t("inbox.card.title")}
      onCancel={onClose}
      footer={
        <div className="row row-end">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Because reason={fault ? t(fault) : null}>
            <Button type="primary" disabled={!!fault} onClick={done}>
              {t("inbox.card.put")}
            </Button>
          </Because>
        </div>
      }
    >
      <div className="card-dialog">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            done();
          }}
        >
          <Segmented
            value={type}
            onChange={setType}
            options={(["article", "music"] as const).map((value) => ({
              value,
              label: t(`inbox.card.types.${value}`),
            }))}
          />
          <div className="card-field">
            <label htmlFor={`${id}-title`}>
              {t(type === "article" ? "inbox.card.name" : "inbox.card.name_optional")}
            </label>
            <Input
              id={`${id}-title`}
              key={type}
              autoFocus
              value={card.title}
              maxLength={200}
              onChange={(event) => set({ title: event.target.value })}
            />
          </div>
          <div className="card-field">
            <label htmlFor={`${id}-description`}>{t("inbox.card.description")}</label>
            <AutoText
              id={`${id}-description`}
              rows={2}
              maxLength={500}
              value={card.description}
              onChange={(event) => set({ description: event.target.value })}
            />
          </div>
          {type === "article" ? (
            <>
              {address("url", t("inbox.card.url"))}
              {address("picture_url", t("inbox.card.picture"), t("inbox.card.picture_more"))}
            </>
          ) : (
            <>
              {address("url", t("inbox.card.music"))}
              {address("hq_url", t("inbox.card.music_hq"))}
              <div className="card-field">
                <span>{t("inbox.card.cover")}</span>
                <MediaField
                  kind="thumb"
                  disabled={false}
                  value={card.type === "music" ? card.thumb_media_id : ""}
                  onChange={(thumb_media_id) => set({ thumb_media_id })}
                />
              </div>
            </>
          )}
          <button type="submit" hidden />
        </form>
        <Phone title={account?.nick_name ?? ""}>
          <AnswerBubble
            answer={card}
            face={
              account ? (
                <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={30} square />
              ) : undefined
            }
          />
        </Phone>
      </div>
    </Modal>
  );
}

function Address({
  label,
  more,
  value,
  onChange,
}: {
  label: string;
  more?: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const fault = faultOfUrl(value);
  const bytes = byteLength(value.trim());
  const near = bytes > longestUrl * 0.8;
  return (
    <div className="card-field">
      <span>
        <label htmlFor={id}>{label}</label>
        {near ? (
          <small className={bytes > longestUrl ? "over num" : "num"}>
            {t("answers.bytes", { used: bytes, limit: longestUrl })}
          </small>
        ) : null}
      </span>
      <Input
        id={id}
        value={value}
        inputMode="url"
        placeholder="https://"
        status={fault ? "error" : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault ? <small className="over">{t(fault)}</small> : more ? <small>{more}</small> : null}
    </div>
  );
}
