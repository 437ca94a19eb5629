/** The library, opened to pick one file of a kind: searched, by folder, or with something new. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Select } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Media, MediaKind } from "@/api/types";
import { useDebounced } from "@/lib/hooks";
import { asWechatPicture } from "@/lib/pictures";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { fileSize } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Bars, Because, Empty, Note, Trouble, When } from "@/ui/kit";
import { isPendingDelete } from "@/ui/undo";
import { foldersQuery, mediaPath, mediaQuery, useUpload } from "./api";
import { Look } from "./Look";
import { InUse, useRemove } from "./remove";
import { fileRules, secondsOf, wrongWith } from "./rules";
import "./answers.css";
import { More } from "@/ui/More";

interface Props {
  kind: MediaKind;
  value: string;
  onPick: (media: Media) => void;
  onClose: () => void;
}

export function MediaPicker({ kind, value, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [words, setWords] = useState("");
  const [folder, setFolder] = useState<string | undefined>();
  const asked = useDebounced(words.trim(), 250);
  const query = useInfiniteQuery(mediaQuery({ kind, query: asked || undefined, folder }));
  const folders = (useQuery(foldersQuery).data ?? []).filter((one) => one.folder !== "");
  const upload = useUpload(kind);
  const file = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const rule = fileRules[kind];
  const { inUse, remove } = useRemove();
  const notAllowed = useNotAllowed("replies:write");
  const shown = query.data?.pages
    .flatMap((page) => page.items)
    .filter((media) => !isPendingDelete(mediaPath(media.id)));
  const filtered = asked !== "" || folder !== undefined;

  const take = async (given: File | undefined) => {
    if (!given) return;
    setWrong(null);
    const ready = kind === "image" ? await asWechatPicture(given).catch(() => given) : given;
    const why = wrongWith(kind, ready, t, language);
    if (why) return setWrong(why);
    const seconds = rule.long ? await secondsOf(ready) : null;
    if (rule.long && seconds !== null && seconds > rule.long + 0.5)
      return setWrong(t("media.too_long", { n: Math.round(seconds), most: rule.long }));
    upload.mutate(ready, { onSuccess: onPick });
  };

  return (
    <Modal open title={t(`media.choose.${kind}`)} onCancel={onClose} footer={null} width={680}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a drop target; the button inside does the same by keyboard */}
      <div
        className={over ? "media-drop over" : "media-drop"}
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
        <Because reason={notAllowed}>
          <Button
            type="primary"
            icon={<Icon name="plus" />}
            disabled={!!notAllowed}
            loading={upload.isPending}
            onClick={() => file.current?.click()}
          >
            {t("media.upload")}
          </Button>
        </Because>
        <span className="small soft">
          {t("media.drop")} · {t(`media.types.${kind}`)}{" "}
          {t("media.limit", { limit: fileSize(rule.size, language) })}
        </span>
        <input
          ref={file}
          type="file"
          hidden
          accept={rule.accept}
          data-testid="media-file"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      <div className="media-filters">
        <Input
          allowClear
          prefix={<Icon name="search" size={15} />}
          placeholder={t("media.search")}
          aria-label={t("media.search")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        {folders.length > 0 ? (
          <Select
            allowClear
            placeholder={t("media.any_folder")}
            aria-label={t("media.any_folder")}
            value={folder}
            onChange={setFolder}
            showSearch={{ optionFilterProp: "label" }}
            options={folders.map((one) => ({ value: one.folder, label: one.folder }))}
          />
        ) : null}
      </div>
      {wrong ? <Note tone="error">{wrong}</Note> : null}
      {upload.error ? <Trouble error={upload.error} /> : null}
      {inUse ? <InUse {...inUse} /> : null}
      {query.error && !query.data ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Bars rows={3} height={60} /> : null}
      {shown?.length === 0 ? (
        <Empty drawing={filtered ? "search" : "letter"} compact>
          {filtered ? t("media.none_found") : t("media.empty")}
        </Empty>
      ) : null}
      <ul className="media-grid">
        {shown?.map((media) => (
          <li key={media.id} className="media-cell">
            <button
              type="button"
              className={media.id === value ? "media-item on" : "media-item"}
              onClick={() => onPick(media)}
            >
              <Look id={media.id} kind={kind} />
              <span className="ellipsis">{media.file_name}</span>
              <small>
                {fileSize(media.size, language)} · <When at={media.created_at} />
              </small>
            </button>
            <span className="media-remove">
              <Because reason={notAllowed ?? (media.id === value ? t("media.chosen") : null)}>
                <Button
                  size="small"
                  aria-label={t("media.delete", { name: media.file_name })}
                  icon={<Icon name="trash" size={14} />}
                  disabled={!!notAllowed || media.id === value}
                  onClick={() => void remove(media)}
                />
              </Because>
            </span>
          </li>
        ))}
      </ul>
      <More query={query} />
    </Modal>
  );
}
