/** One file: its name and folder, what needs it, how long WeChat keeps its copy, and the way out. */
import { useQuery } from "@tanstack/react-query";
import { App, AutoComplete, Button, Drawer, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isUsed, usesQuery } from "@/answers/api";
import { Look } from "@/answers/Look";
import { InUse, UsesList, useRemove } from "@/answers/remove";
import { useAccounts } from "@/api/queries";
import type { Media } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { fileSize } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { AccountName, Bars, Because, Facts, Trouble, When } from "@/ui/kit";
import { useChangeMedia } from "./api";
import { lengthOf } from "./LibraryPage";

interface Props {
  media: Media;
  folders: string[];
  notAllowed: string | null;
  onClose: () => void;
}

export function FileDrawer({ media, folders, notAllowed, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language } = usePrefs();
  const accounts = useAccounts();
  const uses = useQuery(usesQuery(media.id));
  const change = useChangeMedia(media.id);
  const { inUse, remove } = useRemove();
  const [name, setName] = useState(media.file_name);
  const [folder, setFolder] = useState(media.folder);
  const save = (part: { file_name?: string; folder?: string }) =>
    change.mutate(part, { onError: (error) => void message.error(problemText(error)) });
  const keepName = () => {
    const next = name.trim();
    if (next === "" || next === media.file_name) return setName(media.file_name);
    save({ file_name: next });
  };
  const keepFolder = (to = folder) => {
    const next = to.trim();
    if (next !== media.folder) save({ folder: next });
  };
  const copies = uses.data?.copies ?? [];

  return (
    <Drawer
      open
      onClose={onClose}
      title={t(`messages.${media.kind === "thumb" ? "image" : media.kind}`)}
      size={400}
    >
      <div className="stack file-drawer">
        <div className="file-look">
          {media.kind === "video" ? (
            // biome-ignore lint/a11y/useMediaCaption: a file as it was given; it has none
            <video src={media.url} controls preload="metadata" />
          ) : media.kind === "voice" && media.content_type === "audio/mpeg" ? (
            // biome-ignore lint/a11y/useMediaCaption: a file as it was given; it has none
            <audio src={media.url} controls preload="metadata" />
          ) : (
            <Look id={media.id} kind={media.kind} size={36} />
          )}
        </div>
        <div className="field">
          <label className="field-label" htmlFor={`name-${media.id}`}>
            {t("library.name")}
          </label>
          <Input
            id={`name-${media.id}`}
            value={name}
            maxLength={120}
            disabled={!!notAllowed}
            onChange={(event) => setName(event.target.value)}
            onBlur={keepName}
            onPressEnter={(event) => event.currentTarget.blur()}
          />
        </div>
        <div className="field">
          <label className="field-label" htmlFor={`folder-${media.id}`}>
            {t("library.folder")}
          </label>
          <AutoComplete
            id={`folder-${media.id}`}
            value={folder}
            disabled={!!notAllowed}
            allowClear
            placeholder={t("library.no_folder")}
            options={folders.filter((one) => one.includes(folder.trim())).map((value) => ({ value }))}
            onChange={(value: string | undefined) => setFolder(value ?? "")}
            onSelect={(value: string | undefined) => keepFolder(value ?? "")}
            onBlur={() => keepFolder()}
          />
        </div>
        <Facts
          items={[
            [
              t("library.size"),
              `${fileSize(media.size, language)}${media.duration_ms ? ` · ${lengthOf(media.duration_ms)}` : ""}`,
            ],
            [t("library.added"), <When key="when" at={media.created_at} />],
          ]}
        />
        <section>
          <h3 className="file-part">{t("library.copies")}</h3>
          {uses.data ? (
            copies.length === 0 ? (
              <p className="small soft">{t("library.no_copies")}</p>
            ) : (
              <ul className="file-copies">
                {copies.map((copy) => (
                  <li key={copy.account_id}>
                    <AccountName account={accounts.find((one) => one.id === copy.account_id)} />
                    <span className="small soft">
                      {copy.expires_at < Date.now() ? t("library.expired") : t("library.expires")}{" "}
                      <When at={copy.expires_at} />
                    </span>
                  </li>
                ))}
              </ul>
            )
          ) : null}
          <p className="field-more">{t("library.copies_more")}</p>
        </section>
        <section>
          <h3 className="file-part">{t("library.used")}</h3>
          {uses.error ? <Trouble error={uses.error} retry={() => void uses.refetch()} /> : null}
          {!uses.data && !uses.error ? <Bars rows={2} height={18} /> : null}
          {uses.data ? (
            isUsed(uses.data) ? (
              <UsesList media={media} uses={uses.data} />
            ) : (
              <p className="small soft">{t("library.unused")}</p>
            )
          ) : null}
        </section>
        {inUse ? <InUse {...inUse} /> : null}
        <div className="row">
          <Button href={media.url} download={media.file_name} icon={<Icon name="download" size={14} />}>
            {t("library.download")}
          </Button>
          <Because reason={notAllowed ?? (uses.data && isUsed(uses.data) ? t("library.used_reason") : null)}>
            <Button
              danger
              disabled={!!notAllowed || !uses.data || isUsed(uses.data)}
              icon={<Icon name="trash" size={14} />}
              onClick={() => {
                void remove(media);
                onClose();
              }}
            >
              {t("library.delete")}
            </Button>
          </Because>
        </div>
      </div>
    </Drawer>
  );
}
