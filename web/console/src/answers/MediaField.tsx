/** A file of the library, chosen, uploaded or deleted; rules of WeChat are checked before anything is sent. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Media, MediaKind, MediaUses } from "@/api/types";
import { asWechatPicture } from "@/lib/pictures";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { count, fileSize } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Bars, Because, Empty, Note, Trouble, When } from "@/ui/kit";
import { isPendingDelete, useUndoableDelete } from "@/ui/undo";
import { deleteMedia, mediaQuery, mediaUses, useUpload } from "./api";

const MB = 1024 * 1024;
/** WeChat's limits for temporary and permanent material. */
const rules: Record<MediaKind, { accept: string; types: RegExp; size: number }> = {
  image: {
    accept: "image/jpeg,image/png,image/gif,image/webp",
    types: /\.(jpe?g|png|gif)$/i,
    size: 10 * MB,
  },
  voice: { accept: ".mp3,.amr,audio/mpeg,audio/amr", types: /\.(mp3|amr)$/i, size: 2 * MB },
  video: { accept: ".mp4,video/mp4", types: /\.mp4$/i, size: 10 * MB },
  thumb: { accept: "image/jpeg", types: /\.jpe?g$/i, size: 64 * 1024 },
};

export function MediaField({
  kind,
  value,
  onChange,
  disabled,
  chooseNow = false,
}: {
  kind: MediaKind;
  value: string;
  onChange: (id: string) => void;
  disabled: boolean;
  chooseNow?: boolean;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(chooseNow && value === "");
  const media = useQuery({ ...mediaQuery(kind), enabled: value !== "" || open }).data;
  const chosen = media?.find((one) => one.id === value);
  return (
    <div className="media-field">
      {value ? (
        <span className="media-chosen">
          <Look id={value} kind={kind} />
          <span className="ellipsis">{chosen?.file_name ?? ""}</span>
        </span>
      ) : null}
      <Button
        size={value ? "small" : "middle"}
        disabled={disabled}
        icon={<Icon name={kind === "thumb" ? "image" : kind} size={14} />}
        onClick={() => setOpen(true)}
      >
        {value ? t("media.change") : t(`media.choose.${kind}`)}
      </Button>
      {open ? (
        <Picker
          kind={kind}
          value={value}
          onClose={() => setOpen(false)}
          onPick={(id) => {
            onChange(id);
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}

function Look({ id, kind }: { id: string; kind: MediaKind }) {
  if (kind === "image" || kind === "thumb")
    return <img src={`/api/v1/media/${id}/file`} alt="" className="media-look" loading="lazy" />;
  return (
    <span className="media-look">
      <Icon name={kind} size={20} />
    </span>
  );
}

function Picker({
  kind,
  value,
  onPick,
  onClose,
}: {
  kind: MediaKind;
  value: string;
  onPick: (id: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const query = useQuery(mediaQuery(kind));
  const upload = useUpload(kind);
  const file = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const rule = rules[kind];
  const { inUse, remove } = useRemove(kind);
  const notAllowed = useNotAllowed("replies:write");
  const shown = query.data?.filter((media) => !isPendingDelete(pathOf(media)));

  const take = async (given: File | undefined) => {
    if (!given) return;
    setWrong(null);
    const ready = kind === "image" ? await asWechatPicture(given).catch(() => given) : given;
    if (!rule.types.test(ready.name)) return setWrong(t(`media.types.${kind}`));
    if (ready.size > rule.size) {
      return setWrong(
        t("media.too_big", { size: fileSize(ready.size, language), limit: fileSize(rule.size, language) }),
      );
    }
    upload.mutate(ready, { onSuccess: (media) => onPick(media.id) });
  };

  return (
    <Modal open title={t(`media.choose.${kind}`)} onCancel={onClose} footer={null} width={640}>
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
        <Button
          type="primary"
          icon={<Icon name="plus" />}
          loading={upload.isPending}
          onClick={() => file.current?.click()}
        >
          {t("media.upload")}
        </Button>
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
      {wrong ? <Note tone="error">{wrong}</Note> : null}
      {upload.error ? <Trouble error={upload.error} /> : null}
      {inUse ? <InUse {...inUse} /> : null}
      {query.error && !query.data ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Bars rows={3} height={60} /> : null}
      {shown?.length === 0 ? (
        <Empty drawing="letter" compact>
          {t("media.empty")}
        </Empty>
      ) : null}
      <ul className="media-grid">
        {shown?.map((media) => (
          <li key={media.id} className="media-cell">
            <button
              type="button"
              className={media.id === value ? "media-item on" : "media-item"}
              onClick={() => onPick(media.id)}
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
    </Modal>
  );
}

const pathOf = (media: Media) => `/api/v1/media/${media.id}`;

interface Used {
  media: Media;
  uses: MediaUses;
}

/** Deletes with a way back, or says what the file is still needed for. */
function useRemove(kind: MediaKind) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const removeLater = useUndoableDelete();
  const [inUse, setInUse] = useState<Used | null>(null);
  const key = mediaQuery(kind).queryKey;
  const failed = (error: unknown) => void message.error(problemText(error));

  const remove = async (media: Media) => {
    setInUse(null);
    try {
      const uses = await mediaUses(media.id);
      if (uses.rules.length + uses.menus.length + uses.codes.length + uses.waiting > 0)
        return setInUse({ media, uses });
    } catch (error) {
      return failed(error);
    }
    removeLater({
      path: pathOf(media),
      text: t("media.deleted", { name: media.file_name }),
      remove: () => deleteMedia(media.id),
      hide: () =>
        queryClient.setQueryData(key, (items: Media[] | undefined) =>
          items?.filter((one) => one.id !== media.id),
        ),
      restore: () => void queryClient.invalidateQueries({ queryKey: key }),
      failed,
    });
  };
  return { inUse, remove };
}

function InUse({ media, uses }: Used) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const accounts = useAccounts();
  const name = media.file_name;
  const nameOf = (id: string) => accounts.find((one) => one.id === id)?.nick_name ?? t("app.gone_account");
  return (
    <Note tone="warning">
      {uses.rules.length > 0 || uses.codes.length > 0 ? t("media.used", { name }) : null}
      <ul className="bullets">
        {uses.rules.map((rule) => (
          <li key={rule.rule_id}>
            <Link to="/replies" search={{ account: rule.account_id, rule: rule.rule_id }}>
              {rule.name || t("replies.unnamed")}
            </Link>{" "}
            <span className="soft">
              {t(`replies.kinds.${rule.kind}`)} · {nameOf(rule.account_id)}
            </span>
          </li>
        ))}
        {uses.codes.map((code) => (
          <li key={code.qrcode_id}>
            <Link
              to="/qrcodes/$id"
              params={{ id: code.qrcode_id }}
              search={{ account: code.account_id, edit: undefined }}
            >
              {code.name}
            </Link>{" "}
            <span className="soft">
              {t("nav.qrcodes")} · {nameOf(code.account_id)}
            </span>
          </li>
        ))}
      </ul>
      {uses.menus.length > 0 ? t("media.used_by_menu", { name }) : null}
      {uses.menus.length > 0 ? (
        <ul className="bullets">
          {uses.menus.map((menu) => (
            <li key={menu.account_id}>
              <Link to="/menu" search={{ account: menu.account_id }}>
                {nameOf(menu.account_id)}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      {uses.waiting > 0 ? t("media.waiting", { name, n: count(uses.waiting, language) }) : null}
    </Note>
  );
}
