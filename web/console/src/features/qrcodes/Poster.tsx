/** A poster of a code: a headline, a picture, the code and what to do with it. One design for all codes of a table. */
import { Input, Segmented, Switch } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Code } from "@/api/types";
import { pictureOf } from "./api";
import { PictureField } from "./PictureField";
import "./poster.css";

/** A poster is paper: its colours are the same by night. */
const tones = ["white", "teal", "red", "ink"] as const;

export interface PosterDesign {
  headline: string;
  text: string;
  /** A picture of the library. */
  picture: string | null;
  tone: (typeof tones)[number];
  /** Whether each says the name of its code. */
  named: boolean;
}

/** The design, kept on this machine at every letter: the next code of the account begins with it. */
export function usePosterDesign(account: string, begin: PosterDesign) {
  const key = `hy.draft.poster.${account}`;
  const [design, setDesign] = useState<PosterDesign>(() => {
    try {
      return { ...begin, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<PosterDesign>) };
    } catch {
      return begin;
    }
  });
  useEffect(() => localStorage.setItem(key, JSON.stringify(design)), [key, design]);
  return [design, (part: Partial<PosterDesign>) => setDesign((now) => ({ ...now, ...part }))] as const;
}

export function PosterForm({
  design,
  change,
}: {
  design: PosterDesign;
  change: (part: Partial<PosterDesign>) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="card card-body poster-form sheet-hidden">
      <div className="field">
        <label className="field-label" htmlFor={`${id}-headline`}>
          {t("qrcodes.poster.headline")}
        </label>
        <Input
          id={`${id}-headline`}
          value={design.headline}
          maxLength={40}
          placeholder={t("qrcodes.poster.headline_like")}
          onChange={(event) => change({ headline: event.target.value })}
        />
      </div>
      <div className="field">
        <label className="field-label" htmlFor={`${id}-text`}>
          {t("qrcodes.poster.text")}
        </label>
        <Input
          id={`${id}-text`}
          value={design.text}
          maxLength={60}
          onChange={(event) => change({ text: event.target.value })}
        />
      </div>
      <div className="field">
        <span className="field-label">{t("qrcodes.poster.picture")}</span>
        <PictureField value={design.picture} onChange={(picture) => change({ picture })} clearable />
      </div>
      <div className="field">
        <span className="field-label">{t("qrcodes.poster.tone")}</span>
        <Segmented
          value={design.tone}
          onChange={(tone) => change({ tone })}
          options={tones.map((tone) => ({
            value: tone,
            label: (
              <span className="poster-tone">
                <i className={`poster-${tone}`} /> {t(`qrcodes.poster.tones.${tone}`)}
              </span>
            ),
          }))}
        />
      </div>
      <div className="row">
        <Switch id={`${id}-named`} checked={design.named} onChange={(named) => change({ named })} />
        <label htmlFor={`${id}-named`}>{t("qrcodes.poster.named")}</label>
      </div>
    </div>
  );
}

export function Poster({
  account,
  code,
  design,
  onDrawn,
}: {
  account: Account;
  code: Code;
  design: PosterDesign;
  onDrawn: () => void;
}) {
  const { t } = useTranslation();
  return (
    <section className={`poster poster-${design.tone}`} aria-label={code.name}>
      {design.picture ? (
        <img className="poster-picture" src={`/api/v1/media/${design.picture}/file`} alt="" />
      ) : null}
      <div className="poster-words">
        <h2>{design.headline || code.name}</h2>
        <div className="poster-code">
          <img src={pictureOf(account.id, code.id, "format=svg")} alt="" onLoad={onDrawn} />
        </div>
        {design.text ? <p>{design.text}</p> : null}
        {design.named && design.headline ? <p className="poster-name">{code.name}</p> : null}
        <p className="poster-account">{t("qrcodes.poster.account", { name: account.nick_name })}</p>
      </div>
    </section>
  );
}
