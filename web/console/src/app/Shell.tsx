/** The frame around every signed-in page: navigation, account switcher, search, live news, keyboard, session. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Button, Dropdown, Tooltip } from "antd";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, setCsrfToken, whenSessionExpires } from "@/api/client";
import { connectLive, disconnectLive, useLive, useLiveState } from "@/api/live";
import { followNews, refresh } from "@/api/news";
import { inboxQuery, meQuery, useCan, useMe } from "@/api/queries";
import { useNarrow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { Icon, type IconName } from "@/ui/icons";
import { Face, Kbd } from "@/ui/kit";
import { Seal } from "@/ui/mark";
import { LanguageSwitch, ThemeSwitch } from "@/ui/switches";
import { Switcher } from "./Switcher";

// What opens over the page comes after the page itself.
const overlays = {
  palette: () => import("./Palette"),
  help: () => import("./KeysHelp"),
  again: () => import("./SignInAgain"),
  drawer: () => import("./NavDrawer"),
};
const Palette = lazy(overlays.palette);
const KeysHelp = lazy(overlays.help);
const SignInAgain = lazy(overlays.again);
const NavDrawer = lazy(overlays.drawer);

const places = [
  { to: "/", name: "home", icon: "home", key: "h" },
  { to: "/inbox", name: "inbox", icon: "inbox", key: "i" },
  { to: "/customers", name: "customers", icon: "customers", key: "c" },
  { to: "/replies", name: "replies", icon: "replies", key: "r" },
  { to: "/menu", name: "menu", icon: "tap", key: "m" },
  { to: "/qrcodes", name: "qrcodes", icon: "qrcode", key: "q" },
  { to: "/articles", name: "articles", icon: "article", key: "t" },
  { to: "/library", name: "library", icon: "image", key: "l" },
  { to: "/accounts", name: "accounts", icon: "accounts", key: "a" },
  { to: "/settings", name: "settings", icon: "settings", key: "s" },
] as const satisfies readonly { to: string; name: string; icon: IconName; key: string }[];

/** How many conversations somebody has to look at. */
function InboxCount() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery({ ...inboxQuery(), enabled: useCan("messages:read") });
  const wait = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useLive("conversations", () => {
    wait.current ??= setTimeout(() => {
      wait.current = undefined;
      void refresh(client, { queryKey: ["inbox"] });
    }, 500);
  });
  useEffect(() => () => clearTimeout(wait.current), []);
  if (!data?.unread) return null;
  return (
    <span className="nav-count" role="status" aria-label={t("inbox.unread_count", { count: data.unread })}>
      {data.unread > 99 ? "99+" : data.unread}
    </span>
  );
}

function Nav({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav aria-label={t("nav.label")}>
      <ul className="nav">
        {places.map((place) => {
          const active = place.to === "/" ? path === "/" : path.startsWith(place.to);
          return (
            <li key={place.to}>
              <Link
                to={place.to}
                className={active ? "nav-link active" : "nav-link"}
                aria-current={active ? "page" : undefined}
                onClick={onGo}
              >
                <Icon name={place.icon} size={18} />
                <span>{t(`nav.${place.name}`)}</span>
                {place.name === "inbox" ? <InboxCount /> : null}
                <span className="nav-key" aria-hidden="true">
                  g {place.key}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function SideFoot() {
  const { t } = useTranslation();
  const me = useMe();
  if (!me.sandbox_url) return null;
  return (
    <a className="sandbox-link" href={me.sandbox_url} target="_blank" rel="noreferrer">
      <Icon name="phone" size={18} />
      <span className="grow">
        {t("nav.sandbox")}
        <small>{t("nav.sandbox_more")}</small>
      </span>
      <Icon name="external" size={14} />
    </a>
  );
}

function PersonMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const leave = async () => {
    try {
      await api.DELETE("/api/v1/session");
    } finally {
      disconnectLive();
      queryClient.clear();
      await navigate({ to: "/login" });
    }
  };
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        onClick: ({ key }) => {
          if (key === "leave") void leave();
          if (key === "profile") void navigate({ to: "/settings/profile" });
        },
        items: [
          {
            key: "who",
            type: "group",
            label: (
              <div className="who">
                <strong>{me.person.name}</strong>
                <span>{me.person.email}</span>
                <span>
                  {me.tenant.name} · {t(`roles.${me.role}`)}
                </span>
              </div>
            ),
          },
          { type: "divider" },
          { key: "profile", label: t("settings.profile"), icon: <Icon name="person" /> },
          { key: "leave", label: t("session.leave"), icon: <Icon name="leave" /> },
        ],
      }}
    >
      <button
        type="button"
        className="plain person-button"
        aria-label={t("app.me", { name: me.person.name })}
      >
        <Face id={me.person.id} name={me.person.name} size={28} />
      </button>
    </Dropdown>
  );
}

export default function Shell() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const live = useLiveState();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const loading = useRouterState({ select: (state) => state.isLoading });
  const [drawer, setDrawer] = useState<boolean | null>(null);
  const [palette, setPalette] = useState<boolean | null>(null);
  const [help, setHelp] = useState<boolean | null>(null);
  // `null` until first needed.
  const [expired, setExpired] = useState<boolean | null>(null);
  useEffect(() => followNews(queryClient), [queryClient]);

  useEffect(() => whenSessionExpires(() => setExpired(true)), []);
  useEffect(() => {
    // Fetched while nobody waits, so that the first press of `/` opens at once, and a lost session can be mended offline.
    const timer = setTimeout(() => {
      for (const load of Object.values(overlays)) void load().catch(() => {});
    }, 2_500);
    return () => clearTimeout(timer);
  }, []);
  useKeys({
    "/": () => setPalette(true),
    "mod+k": () => setPalette(true),
    "?": () => setHelp(true),
    ...Object.fromEntries(places.map((place) => [`g ${place.key}`, () => void navigate({ to: place.to })])),
    escape: () => {
      const above = path.split("/").slice(0, -1).join("/");
      if (/^\/(customers|accounts|qrcodes|articles|inbox)\/./.test(path))
        void navigate({ to: above as "/customers" });
    },
  });

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("app.skip")}
      </a>
      {narrow ? null : (
        <aside className="side">
          <Link to="/" className="brand">
            <Seal size={30} />
            <span>{t("app.name")}</span>
          </Link>
          <Switcher />
          <Nav />
          <div className="side-foot">
            <SideFoot />
            <button type="button" className="plain nav-link nav-quiet" onClick={() => setHelp(true)}>
              <Icon name="keyboard" size={18} />
              <span>{t("nav.keys")}</span>
              <span className="nav-key">?</span>
            </button>
          </div>
        </aside>
      )}
      <div className="shell-main">
        <header className="bar">
          {narrow ? (
            <>
              <Button
                type="text"
                className="bar-button"
                aria-label={t("nav.open")}
                icon={<Icon name="menu" size={20} />}
                onClick={() => setDrawer(true)}
              />
              <Link to="/" className="brand brand-small" aria-label={t("app.name")}>
                <Seal size={26} />
              </Link>
              <span className="grow" />
              <Button
                type="text"
                className="bar-button"
                aria-label={t("palette.open")}
                icon={<Icon name="search" size={19} />}
                onClick={() => setPalette(true)}
              />
            </>
          ) : (
            <>
              <button type="button" className="search-box" onClick={() => setPalette(true)}>
                <Icon name="search" size={16} />
                <span>{t("palette.hint")}</span>
                <Kbd>/</Kbd>
              </button>
              <span className="grow" />
            </>
          )}
          {live === "connecting" ? (
            <Tooltip title={t("app.live_off")}>
              <span className="live-off" role="status" aria-label={t("app.live_off")} />
            </Tooltip>
          ) : null}
          <LanguageSwitch />
          <ThemeSwitch />
          <PersonMenu />
        </header>
        <div className={loading ? "loading-line on" : "loading-line"} aria-hidden="true" />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {narrow && drawer !== null ? (
          <NavDrawer open={drawer} onClose={() => setDrawer(false)}>
            <Switcher onPick={() => setDrawer(false)} />
            <Nav onGo={() => setDrawer(false)} />
            <div className="side-foot">
              <SideFoot />
            </div>
          </NavDrawer>
        ) : null}
        {palette !== null ? (
          <Palette open={palette} onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />
        ) : null}
        {help !== null ? <KeysHelp open={help} onClose={() => setHelp(false)} /> : null}
        {expired !== null ? (
          <SignInAgain
            open={expired}
            onDone={(me) => {
              setCsrfToken(me.csrf_token);
              queryClient.setQueryData(meQuery.queryKey, me);
              setExpired(false);
              disconnectLive();
              connectLive();
              void queryClient.invalidateQueries();
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
