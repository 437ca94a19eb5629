/** Settings: a list of pages left, the page right. */
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/queries";
import { Icon, type IconName } from "@/ui/icons";
import { Page } from "@/ui/kit";
import "./settings.css";

const pages = [
  { to: "/settings/profile", name: "profile", icon: "person", team: false },
  { to: "/settings/people", name: "people", icon: "customers", team: true },
  { to: "/settings/keys", name: "keys", icon: "key", team: true },
  { to: "/settings/tags", name: "tags", icon: "tag", team: false },
  { to: "/settings/company", name: "company", icon: "building", team: false },
  { to: "/settings/sending", name: "sending", icon: "silence", team: false },
  { to: "/settings/platform", name: "platform", icon: "link", team: false },
] as const satisfies readonly { to: string; name: string; icon: IconName; team: boolean }[];

export default function SettingsLayout() {
  const { t } = useTranslation();
  const team = useCan("team:read");
  const path = useRouterState({ select: (state) => state.location.pathname });
  const list = useRef<HTMLUListElement>(null);
  // At phone width the list is one row: where one is must not lie beyond its edge.
  useEffect(() => {
    if (!path) return;
    list.current?.querySelector(".active")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  return (
    <Page title={t("nav.settings")}>
      <div className="settings">
        <nav aria-label={t("nav.settings")}>
          <ul className="settings-nav" ref={list}>
            {pages
              .filter((page) => !page.team || team)
              .map((page) => (
                <li key={page.to}>
                  <Link to={page.to} className="nav-link" activeProps={{ className: "active" }}>
                    <Icon name={page.icon} size={17} />
                    <span>{t(`settings.${page.name}`)}</span>
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
        <div className="settings-page">
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
