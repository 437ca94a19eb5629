/** The navigation at phone width. */
import { Drawer } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Seal } from "@/ui/mark";

export default function NavDrawer({
  open,
  onClose,
  children,
}: {
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      open={open}
      onClose={onClose}
      placement="left"
      size={280}
      closable={false}
      className="nav-drawer"
      title={
        <span className="brand">
          <Seal size={28} />
          <span>{t("app.name")}</span>
        </span>
      }
    >
      {children}
    </Drawer>
  );
}
