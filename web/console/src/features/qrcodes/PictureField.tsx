/** A picture of the library, chosen or uploaded. */
import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Empty, Trouble } from "@/ui/kit";
import { picturesQuery, useUploadPicture } from "./api";

const fileOf = (id: string) => `/api/v1/media/${id}/file`;

export function PictureField({
  value,
  onChange,
  clearable,
}: {
  value: string | null;
  onChange: (id: string | null) => void;
  clearable?: boolean;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="row">
      {value ? <img src={fileOf(value)} alt="" className="code-picture-small" /> : null}
      <Button
        size={value ? "small" : "middle"}
        icon={<Icon name="image" size={14} />}
        onClick={() => setOpen(true)}
      >
        {value ? t("qrcodes.picture_change") : t("qrcodes.picture_choose")}
      </Button>
      {value && clearable ? (
        <Button size="small" type="text" onClick={() => onChange(null)}>
          {t("qrcodes.picture_none")}
        </Button>
      ) : null}
      {open ? (
        <Picker
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

function Picker({
  value,
  onPick,
  onClose,
}: {
  value: string | null;
  onPick: (id: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const query = useQuery(picturesQuery);
  const upload = useUploadPicture();
  const file = useRef<HTMLInputElement>(null);
  const notAllowed = useNotAllowed("replies:write");
  return (
    <Modal open title={t("qrcodes.picture_choose")} onCancel={onClose} footer={null} width={600}>
      <div className="stack">
        <div className="row">
          <Because reason={notAllowed}>
            <Button
              type="primary"
              disabled={!!notAllowed}
              loading={upload.isPending}
              icon={<Icon name="plus" />}
              onClick={() => file.current?.click()}
            >
              {t("qrcodes.picture_upload")}
            </Button>
          </Because>
          <span className="small soft">{t("qrcodes.picture_kinds")}</span>
        </div>
        <input
          ref={file}
          type="file"
          hidden
          accept="image/jpeg,image/png,image/gif"
          onChange={(event) => {
            const given = event.target.files?.[0];
            if (given) upload.mutate(given, { onSuccess: (media) => onPick(media.id) });
            event.target.value = "";
          }}
        />
        {upload.error ? <Trouble error={upload.error} /> : null}
        {query.error && !query.data ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : null}
        {!query.data && !query.error ? <Bars rows={2} height={80} /> : null}
        {query.data?.length === 0 ? (
          <Empty drawing="letter" compact>
            {t("qrcodes.picture_empty")}
          </Empty>
        ) : null}
        <ul className="code-pictures">
          {query.data?.map((media) => (
            <li key={media.id}>
              <button
                type="button"
                className={media.id === value ? "on" : ""}
                title={media.file_name}
                onClick={() => onPick(media.id)}
              >
                <img src={fileOf(media.id)} alt={media.file_name} loading="lazy" />
                <span className="ellipsis">{media.file_name}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}
