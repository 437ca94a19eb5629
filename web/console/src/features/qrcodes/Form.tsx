/** One code as a form beside the phone. What is typed of a new one stays on this machine until it is made. */
import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Checkbox, Input, InputNumber, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Account, Code, CodeBody, Content } from "@/api/types";
import { Card, Face } from "@/ui/kit";
import { AnswerBubble, Phone, ScreenLine } from "@/ui/Phone";
import { overviewQuery } from "./api";
import { Contents, emptyContent, problemOf } from "./Contents";
import { PictureField } from "./PictureField";

export interface Draft {
  name: string;
  source: string;
  /** The source is a tag too. */
  tag_source: boolean;
  folder: string;
  note: string;
  permanent: boolean;
  days: number;
  /** Ids of tags, and names of tags to be made. */
  tags: string[];
  /** `null` inherits the welcome. */
  new_fans: Content[] | null;
  following: Content[] | null;
  logo: string | null;
}

export const emptyDraft: Draft = {
  name: "",
  source: "",
  tag_source: true,
  folder: "",
  note: "",
  permanent: true,
  days: 30,
  tags: [],
  new_fans: null,
  following: null,
  logo: null,
};

export function draftOf(code: Code): Draft {
  return {
    name: code.name,
    source: code.source ?? "",
    tag_source: false,
    folder: code.folder ?? "",
    note: code.note ?? "",
    permanent: code.permanent,
    days: 30,
    tags: code.tags.map((tag) => tag.id),
    new_fans: code.on_scan.new_fans,
    following: code.on_scan.following.length > 0 ? code.on_scan.following : null,
    logo: code.logo_media_id,
  };
}

/** What is told to the hub; `known` are the ids of tags there are. */
export function bodyOf(draft: Draft, known: Set<string>): Omit<CodeBody, "permanent" | "days"> {
  const source = draft.source.trim();
  const names = draft.tags.filter((tag) => !known.has(tag));
  if (source && draft.tag_source) names.push(source.slice(0, 30));
  return {
    name: draft.name.trim(),
    source: source || null,
    folder: draft.folder.trim() || null,
    note: draft.note.trim() || null,
    tag_ids: draft.tags.filter((tag) => known.has(tag)),
    tag_names: [...new Set(names)],
    on_scan: { new_fans: draft.new_fans, following: draft.following ?? [] },
    logo_media_id: draft.logo,
  };
}

/** The reason why it cannot be saved, as a key of words. */
export function faultOf(draft: Draft) {
  if (!draft.name.trim()) return "qrcodes.need.name" as const;
  const problem = problemOf([...(draft.new_fans ?? []), ...(draft.following ?? [])]);
  if (problem === "text") return "qrcodes.need.text" as const;
  if (problem === "picture") return "qrcodes.need.picture" as const;
  if (problem === "card") return "qrcodes.need.card" as const;
  return null;
}

export function CodeForm({
  account,
  draft,
  onChange,
  isNew,
  onSubmit,
}: {
  account: Account;
  draft: Draft;
  onChange: (draft: Draft) => void;
  isNew: boolean;
  onSubmit: () => void;
}) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery).data ?? [];
  const overview = useQuery(overviewQuery(account.id)).data;
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part });
  const options = (values: string[] | undefined, typed: string) =>
    (values ?? [])
      .filter((value) => value !== typed && value.toLowerCase().includes(typed.trim().toLowerCase()))
      .map((value) => ({ value }));
  return (
    <div className="code-form">
      <Card>
        <div className="stack">
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the field is inside */}
          <label className="code-field">
            <span>{t("qrcodes.name")}</span>
            <Input
              autoFocus
              value={draft.name}
              maxLength={60}
              placeholder={t("qrcodes.name_hint")}
              onChange={(event) => set({ name: event.target.value })}
              onPressEnter={onSubmit}
            />
          </label>
          <div className="code-pair">
            <div className="code-field">
              <span>{t("qrcodes.source")}</span>
              <AutoComplete
                aria-label={t("qrcodes.source")}
                value={draft.source}
                maxLength={40}
                placeholder={t("qrcodes.source_hint")}
                options={options(overview?.sources, draft.source)}
                onChange={(source) => set({ source })}
              />
            </div>
            <div className="code-field">
              <span>{t("qrcodes.folder")}</span>
              <AutoComplete
                aria-label={t("qrcodes.folder")}
                value={draft.folder}
                maxLength={40}
                placeholder={t("qrcodes.folder_hint")}
                options={options(
                  overview?.folders.map((folder) => folder.name),
                  draft.folder,
                )}
                onChange={(folder) => set({ folder })}
              />
            </div>
          </div>
          <div className="code-field">
            <span>{t("qrcodes.tags")}</span>
            <Select
              mode="tags"
              value={draft.tags}
              aria-label={t("qrcodes.tags")}
              placeholder={t("qrcodes.tags_hint")}
              showSearch={{ optionFilterProp: "label" }}
              tokenSeparators={[",", "，"]}
              options={tags.map((tag) => ({ value: tag.id, label: tag.name }))}
              onChange={(values: string[]) =>
                set({
                  // A name that is typed whole is the tag of that name.
                  tags: values.map((value) => tags.find((tag) => tag.name === value)?.id ?? value),
                })
              }
            />
            {draft.source.trim() ? (
              <Checkbox
                checked={draft.tag_source}
                onChange={(event) => set({ tag_source: event.target.checked })}
              >
                {t("qrcodes.tag_source", { name: draft.source.trim() })}
              </Checkbox>
            ) : null}
          </div>
          {isNew ? (
            <div className="code-field">
              <span>{t("qrcodes.life")}</span>
              <div className="row row-wrap">
                <Segmented
                  value={draft.permanent ? "permanent" : "temporary"}
                  onChange={(value) => set({ permanent: value === "permanent" })}
                  options={[
                    { value: "permanent", label: t("qrcodes.permanent") },
                    { value: "temporary", label: t("qrcodes.temporary") },
                  ]}
                />
                {draft.permanent ? (
                  <span className="small soft">{t("qrcodes.permanent_more")}</span>
                ) : (
                  <InputNumber
                    min={1}
                    max={30}
                    precision={0}
                    value={draft.days}
                    aria-label={t("qrcodes.days")}
                    suffix={t("qrcodes.days")}
                    onChange={(days) => set({ days: days ?? 30 })}
                  />
                )}
              </div>
            </div>
          ) : null}
        </div>
      </Card>
      <Card title={t("qrcodes.after_scan")}>
        <div className="stack">
          <div className="code-field">
            <span className="row row-between row-wrap">
              {t("qrcodes.for_new")}
              <Segmented
                size="small"
                value={draft.new_fans === null ? "welcome" : draft.new_fans.length === 0 ? "nothing" : "own"}
                onChange={(value) =>
                  set({
                    new_fans: value === "welcome" ? null : value === "nothing" ? [] : [emptyContent("text")],
                  })
                }
                options={[
                  { value: "welcome", label: t("qrcodes.inherit") },
                  { value: "own", label: t("qrcodes.own") },
                  { value: "nothing", label: t("qrcodes.nothing") },
                ]}
              />
            </span>
            {draft.new_fans && draft.new_fans.length > 0 ? (
              <Contents
                label={t("qrcodes.for_new")}
                value={draft.new_fans}
                onChange={(new_fans) => set({ new_fans })}
              />
            ) : null}
          </div>
          <div className="code-field">
            <span className="row row-between row-wrap">
              {t("qrcodes.for_following")}
              <Segmented
                size="small"
                value={draft.following === null ? "nothing" : "own"}
                onChange={(value) => set({ following: value === "own" ? [emptyContent("text")] : null })}
                options={[
                  { value: "nothing", label: t("qrcodes.nothing") },
                  { value: "own", label: t("qrcodes.own") },
                ]}
              />
            </span>
            {draft.following ? (
              <Contents
                label={t("qrcodes.for_following")}
                value={draft.following}
                onChange={(following) => set({ following })}
              />
            ) : null}
          </div>
        </div>
      </Card>
      <Card title={t("qrcodes.look")}>
        <div className="stack">
          <div className="code-field">
            <span>{t("qrcodes.logo")}</span>
            <PictureField value={draft.logo} clearable onChange={(logo) => set({ logo })} />
          </div>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the field is inside */}
          <label className="code-field">
            <span>{t("qrcodes.note")}</span>
            <Input
              value={draft.note}
              maxLength={200}
              placeholder={t("qrcodes.note_hint")}
              onChange={(event) => set({ note: event.target.value })}
            />
          </label>
        </div>
      </Card>
    </div>
  );
}

export function CodePhone({ account, draft }: { account: Account; draft: Draft }) {
  const { t } = useTranslation();
  const face = <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={30} square />;
  const said = (contents: Content[]) =>
    contents.map((content, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a picture of the list, nothing lives in it
      <AnswerBubble key={index} answer={content} face={face} />
    ));
  return (
    <Phone title={account.nick_name}>
      <ScreenLine>{t("qrcodes.preview_new")}</ScreenLine>
      {draft.new_fans === null ? (
        <ScreenLine>{t("qrcodes.preview_welcome")}</ScreenLine>
      ) : draft.new_fans.length === 0 ? (
        <ScreenLine>{t("qrcodes.preview_nothing")}</ScreenLine>
      ) : (
        said(draft.new_fans)
      )}
      <ScreenLine>{t("qrcodes.preview_following")}</ScreenLine>
      {draft.following ? said(draft.following) : <ScreenLine>{t("qrcodes.preview_nothing")}</ScreenLine>}
    </Phone>
  );
}
