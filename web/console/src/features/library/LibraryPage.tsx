/** Pictures, recordings and videos that are kept: by kind and folder, searched, added by dropping them here. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { foldersQuery, mediaPath, mediaQuery } from "@/answers/api";
import { Look } from "@/answers/Look";
import { fileRules } from "@/answers/rules";
import type { Media, MediaKind } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { count, fileSize } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Bars, Because, Empty, Page, Trouble } from "@/ui/kit";
import { SearchBox } from "@/ui/SearchBox";
import { isPendingDelete } from "@/ui/undo";
import { FileDrawer } from "./FileDrawer";
import { Uploads, useUploads } from "./Uploads";
import "@/answers/answers.css";
import "./library.css";
import { More } from "@/ui/More";

const kinds = ["image", "voice", "video"] as const satisfies readonly MediaKind[];

export default function LibraryPage() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/library" });
  const kind: (typeof kinds)[number] = search.files ?? "image";
  const notAllowed = useNotAllowed("replies:write");
  const filters = { kind, query: search.query, folder: search.folder };
  const query = useInfiniteQuery(mediaQuery(filters));
  const folders = (useQuery(foldersQuery).data ?? []).filter((one) => one.folder !== "");
  const files = query.data?.pages
    .flatMap((page) => page.items)
    .filter((one) => !isPendingDelete(mediaPath(one.id)));
  const [open, setOpen] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const uploads = useUploads(search.folder);
  const shown = files?.find((one) => one.id === open);
  const filtered = !!(search.query || search.folder);
  const set = (part: Partial<typeof search>) =>
    void navigate({ to: "/library", search: (s) => ({ ...s, ...part }), replace: true });
  const rule = fileRules[kind];

  const choose = (
    <Because reason={notAllowed}>
      <Button
        type="primary"
        icon={<Icon name="plus" />}
        disabled={!!notAllowed}
        onClick={() => input.current?.click()}
      >
        {t("library.upload")}
      </Button>
    </Because>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop target; the button does the same by keyboard
    <div
      className={over ? "library-page over" : "library-page"}
      onDragOver={(event: DragEvent) => {
        if (notAllowed || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(false);
        if (!notAllowed) void uploads.add([...event.dataTransfer.files]);
      }}
    >
      <Page title={t("nav.library")} note={<span>{t("library.lead")}</span>} actions={choose}>
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept={kinds.map((one) => fileRules[one].accept).join(",")}
          data-testid="library-file"
          onChange={(event) => {
            void uploads.add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <Uploads uploads={uploads} />
        <div className="filters">
          <Segmented
            value={kind}
            aria-label={t("library.kinds")}
            onChange={(value) => {
              setOpen(null);
              set({ files: value === "image" ? undefined : value });
            }}
            options={kinds.map((value) => ({ value, label: t(`messages.${value}`) }))}
          />
          <SearchBox
            value={search.query}
            label={t("media.search")}
            onChange={(text) => set({ query: text })}
          />
          <Select
            allowClear
            className="filter"
            placeholder={t("media.any_folder")}
            aria-label={t("media.any_folder")}
            value={search.folder}
            onChange={(folder) => set({ folder })}
            showSearch={{ optionFilterProp: "label" }}
            notFoundContent={t("library.no_folders")}
            options={folders.map((one) => ({
              value: one.folder,
              label: `${one.folder} (${count(one.files, language)})`,
            }))}
          />
          <span className="library-rule small soft">
            {t(`media.types.${kind}`)} · {t("media.limit", { limit: fileSize(rule.size, language) })}
          </span>
        </div>
        {query.error && !files ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
        {!files && !query.error ? <Bars rows={4} height={110} /> : null}
        {files?.length === 0 ? (
          <div className="card">
            {filtered ? (
              <Empty
                drawing="search"
                action={
                  <Button onClick={() => set({ query: undefined, folder: undefined })}>
                    {t("library.clear")}
                  </Button>
                }
              >
                {t("media.none_found")}
              </Empty>
            ) : (
              <Empty drawing="letter" action={choose}>
                {t(`library.empty.${kind}`)}
              </Empty>
            )}
          </div>
        ) : null}
        <ul className="library-grid" aria-label={t("nav.library")}>
          {files?.map((media) => (
            <li key={media.id}>
              <FileCard media={media} isOpen={media.id === open} onOpen={() => setOpen(media.id)} />
            </li>
          ))}
        </ul>
        <More query={query} />
      </Page>
      {over ? (
        <div className="library-over" aria-hidden="true">
          <Icon name="import" size={28} />
          {search.folder ? t("library.drop_into", { folder: search.folder }) : t("library.drop")}
        </div>
      ) : null}
      {shown ? (
        <FileDrawer
          key={shown.id}
          media={shown}
          folders={folders.map((one) => one.folder)}
          notAllowed={notAllowed}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </div>
  );
}

function FileCard({ media, isOpen, onOpen }: { media: Media; isOpen: boolean; onOpen: () => void }) {
  const { language } = usePrefs();
  return (
    <button
      type="button"
      className={isOpen ? "file-card on" : "file-card"}
      aria-pressed={isOpen}
      onClick={onOpen}
    >
      <Look id={media.id} kind={media.kind} size={28} />
      <span className="file-name ellipsis" title={media.file_name}>
        {media.file_name}
      </span>
      <small className="num">
        {fileSize(media.size, language)}
        {media.duration_ms ? ` · ${lengthOf(media.duration_ms)}` : ""}
        {media.folder ? ` · ${media.folder}` : ""}
      </small>
    </button>
  );
}

export function lengthOf(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
