/** Permanent material for a button: a file of the library, which is handed up to WeChat when it is not there yet, or what WeChat has. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MediaPicker } from "@/answers/MediaPicker";
import type { Id, WechatMaterialKind } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Trouble } from "@/ui/kit";
import { AtWechat } from "./AtWechat";
import { useMaterial } from "./api";
import { Chosen, OtherId } from "./Chosen";
import { useMaterialShown } from "./shown";

const files = ["image", "voice", "video"] as const;
const all: WechatMaterialKind[] = [...files, "news"];
const news: WechatMaterialKind[] = ["news"];

export function MaterialField({
  account,
  value,
  newsOnly,
  disabled,
  onChange,
}: {
  account: Id;
  value: string;
  /** `view_limited` opens news and nothing else, which the library has none of. */
  newsOnly: boolean;
  disabled: boolean;
  onChange: (material: string) => void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<(typeof files)[number] | "wechat" | null>(null);
  const handing = useMaterial(account);
  const shown = useMaterialShown(account, value, newsOnly ? news : all);
  return (
    <div className="field">
      <span className="field-label">{t(newsOnly ? "menus.pick.kinds.article" : "menus.pick.material")}</span>
      <Chosen id={value} shown={shown} />
      <div className="answer-kinds">
        {newsOnly
          ? null
          : files.map((kind) => (
              <Button
                key={kind}
                size="small"
                disabled={disabled || handing.isPending}
                icon={<Icon name={kind} size={14} />}
                onClick={() => setOpen(kind)}
              >
                {t(`media.choose.${kind}`)}
              </Button>
            ))}
        <Button
          size="small"
          disabled={disabled || handing.isPending}
          icon={<Icon name="search" size={14} />}
          onClick={() => setOpen("wechat")}
        >
          {t(newsOnly ? "menus.pick.news_at_wechat" : "menus.pick.at_wechat")}
        </Button>
      </div>
      <span className="field-more" role="status">
        {handing.isPending
          ? t("menus.pick.handing_up")
          : t(newsOnly ? "menus.pick.news_more" : "menus.pick.material_more")}
      </span>
      {handing.error ? (
        <Trouble
          error={handing.error}
          retry={() =>
            handing.mutate(handing.variables ?? "", { onSuccess: (made) => onChange(made.material) })
          }
        />
      ) : null}
      <OtherId
        name="material"
        value={value}
        hint={t("menus.material_hint")}
        disabled={disabled}
        onChange={onChange}
      />
      {open === "wechat" ? (
        <AtWechat
          account={account}
          kinds={newsOnly ? news : all}
          value={value}
          onClose={() => setOpen(null)}
          onPick={(material) => {
            handing.reset();
            onChange(material);
            setOpen(null);
          }}
        />
      ) : open ? (
        <MediaPicker
          kind={open}
          value={shown?.media ?? ""}
          onClose={() => setOpen(null)}
          onPick={(media) => {
            setOpen(null);
            handing.mutate(media.id, { onSuccess: (made) => onChange(made.material) });
          }}
        />
      ) : null}
    </div>
  );
}
