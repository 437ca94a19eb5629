/** Files that are kept already, to be sent again. */
import { useQuery } from "@tanstack/react-query";
import { Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Media } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { fileSize } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Bars, Empty, Trouble } from "@/ui/kit";
import { libraryQuery } from "./api";

const kinds = ["image", "voice", "video"] as const;

export function Library({ onPick, onClose }: { onPick: (media: Media) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [kind, setKind] = useState<(typeof kinds)[number]>("image");
  const query = useQuery(libraryQuery(kind));
  return (
    <Modal open title={t("inbox.attach.library")} onCancel={onClose} footer={null} width={620}>
      <Segmented
        value={kind}
        onChange={(value) => setKind(value as typeof kind)}
        options={kinds.map((value) => ({ value, label: t(`messages.${value}`) }))}
      />
      {query.error && !query.data ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Bars rows={2} height={80} /> : null}
      {query.data?.length === 0 ? (
        <Empty drawing="letter" compact>
          {t("inbox.attach.empty")}
        </Empty>
      ) : null}
      <ul className="library">
        {query.data?.map((media) => (
          <li key={media.id}>
            <button type="button" onClick={() => onPick(media)}>
              {kind === "image" ? (
                <img src={media.url} alt="" loading="lazy" />
              ) : (
                <span className="library-icon">
                  <Icon name={kind} size={24} />
                </span>
              )}
              <span className="ellipsis">{media.file_name}</span>
              <small>{fileSize(media.size, language)}</small>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
