/** What publishing would change, button by button. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { MenuChange, MenuView } from "@/api/types";
import { Icon, type IconName } from "@/ui/icons";
import { Card } from "@/ui/kit";

const icons: Record<MenuChange["change"], IconName> = {
  added: "plus",
  removed: "trash",
  changed: "edit",
  moved: "grip",
};

export function useChangeWords() {
  return useTranslation().t;
}

export function changeText(t: TFunction, one: MenuChange): string {
  const name = one.name || t("menus.unnamed");
  if (one.change !== "changed") return t(`menus.change.${one.change}`, { name });
  const fields = one.fields.map((field) => t(`menus.changed_fields.${field}` as "menus.changed_fields.name"));
  const what = fields.join(t("app.comma"));
  return one.name_before
    ? t("menus.change.renamed", { name, before: one.name_before, what })
    : t("menus.change.changed", { name, what });
}

export function Changes({
  view,
  isUnsaved,
  onOpen,
}: {
  view: MenuView;
  isUnsaved: boolean;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  if (view.changes.length === 0 && !isUnsaved) return null;
  return (
    <Card title={t("menus.changes")} className="menu-changes">
      {isUnsaved ? <p className="field-more">{t("menus.comparing")}</p> : null}
      <ul>
        {view.changes.map((one) => (
          <li key={`${one.button}-${one.change}`} className={`change change-${one.change}`}>
            <Icon name={icons[one.change]} size={14} />
            {one.change === "removed" ? (
              <span>{changeText(t, one)}</span>
            ) : (
              <button type="button" className="plain" onClick={() => onOpen(one.button)}>
                {changeText(t, one)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
