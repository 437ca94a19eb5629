/** What was chosen for a button, with its picture; and the way for an id that no list has. */
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Bars, ShortId } from "@/ui/kit";
import type { Shown } from "./shown";
import "./pick.css";

export function Chosen({ id, shown }: { id: string; shown: Shown | null | undefined }) {
  const { t } = useTranslation();
  if (id === "") return null;
  if (shown === undefined) return <Bars rows={1} height={56} />;
  return (
    <span className="media-chosen" data-testid="menu-chosen">
      <Thumb shown={shown} />
      <span className="menu-chosen-words">
        <strong className="ellipsis">
          {shown ? shown.name || t("menus.unnamed") : t("menus.pick.unknown")}
        </strong>
        <small className="soft">
          {shown ? `${t(`menus.pick.kinds.${shown.kind}`)} · ` : ""}
          <ShortId value={id} />
        </small>
      </span>
    </span>
  );
}

export function Thumb({ shown }: { shown: Pick<Shown, "kind" | "picture"> | null }) {
  return shown?.picture ? (
    <img src={shown.picture} alt="" className="media-look" loading="lazy" />
  ) : (
    <span className="media-look">
      <Icon name={shown?.kind ?? "info"} size={20} />
    </span>
  );
}

export function OtherId({
  name,
  value,
  hint,
  disabled,
  onChange,
}: {
  name: "material" | "article";
  value: string;
  hint: string;
  disabled: boolean;
  onChange: (id: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <details className="menu-key">
      <summary>{t("menus.pick.other")}</summary>
      <Input
        id={`menu-${name}`}
        value={value}
        disabled={disabled}
        aria-label={t(`menus.fields.${name}`)}
        placeholder={hint}
        onChange={(event) => onChange(event.target.value.trim())}
      />
    </details>
  );
}
