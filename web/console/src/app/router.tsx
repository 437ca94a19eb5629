/** All routes of the console, in one list. Pages load when first opened; filters live in the address. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { api, isCode, setCsrfToken, take } from "@/api/client";
import { connectLive } from "@/api/live";
import { meQuery } from "@/api/queries";
import type { ArticleState, BroadcastState, Channel, SendState, Service } from "@/api/types";
import { currentLanguage, switchLanguage, withWords } from "@/lib/i18n";
import { parseSearch, stringifySearch } from "./search";
import { NotFound, RouteError } from "./states";

interface CustomerSearch {
  query?: string;
  status?: "following" | "left" | "never";
  tag?: string;
  seen?: string;
  sort?: "last_seen" | "created";
}

interface CodeSearch {
  query?: string;
  stage?: "live" | "expired" | "making" | "archived";
  folder?: string;
  batch?: string;
  by?: "scans";
}

const broadcastStates = [
  "draft",
  "awaiting_approval",
  "scheduled",
  "missed",
  "running",
  "testing",
  "held",
  "stopped",
  "done",
] as const satisfies readonly BroadcastState[];

interface Context {
  queryClient: QueryClient;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
function oneOf<T extends string>(value: unknown, options: readonly T[]): T | undefined {
  return options.find((option) => option === value);
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  beforeLoad: async () => {
    const state = await take(api.GET("/api/v1/setup"));
    if (!state.needed) throw redirect({ to: "/" });
    return { demo: state.demo };
  },
  component: lazyRouteComponent(() => import("@/features/session/SetupPage")),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: text(search.next) }),
  beforeLoad: async () => {
    const state = await take(api.GET("/api/v1/setup"));
    if (state.needed) throw redirect({ to: "/setup" });
  },
  component: lazyRouteComponent(() => import("@/features/session/LoginPage")),
});

let settled = false;

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  validateSearch: (search: Record<string, unknown>): { account?: string } => ({
    account: text(search.account),
  }),
  search: { middlewares: [retainSearchParams(["account"])] },
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      setCsrfToken(me.csrf_token);
      if (!settled) {
        // Once per load: the person's own language goes before what this machine remembered.
        settled = true;
        if (me.person.language !== currentLanguage()) await switchLanguage(me.person.language);
      }
      // Opened while the page is still being loaded: what the page then asks for cannot be older than the news.
      connectLive();
    } catch (error) {
      if (!isCode(error, "unauthenticated")) throw error;
      const next = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/login", search: { next } });
    }
  },
  component: lazyRouteComponent(() => import("./Shell")),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/home/HomePage")),
});

const customers = createRoute({
  getParentRoute: () => signedIn,
  path: "/customers",
  validateSearch: (search: Record<string, unknown>): CustomerSearch => ({
    query: text(search.query),
    status: oneOf(search.status, ["following", "left", "never"] as const),
    tag: text(search.tag),
    seen: text(search.seen),
    sort: oneOf(search.sort, ["last_seen", "created"] as const),
  }),
  component: lazyRouteComponent(() => import("@/features/customers/CustomersPage")),
});

const customer = createRoute({
  getParentRoute: () => signedIn,
  path: "/customers/$id",
  validateSearch: (search: Record<string, unknown>): { channel?: Channel; kind?: string } => ({
    channel: oneOf(search.channel, ["wechat", "console", "api", "system"] as const),
    kind: text(search.kind),
  }),
  component: lazyRouteComponent(() => import("@/features/customers/CustomerPage")),
});

interface InboxSearch {
  whose?: "me" | "nobody";
  state?: "snoozed" | "done" | "all";
  only?: "unread" | "waiting" | "closing";
  query?: string;
}
const inbox = createRoute({
  getParentRoute: () => signedIn,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    whose: oneOf(search.whose, ["me", "nobody"] as const),
    state: oneOf(search.state, ["snoozed", "done", "all"] as const),
    only: oneOf(search.only, ["unread", "waiting", "closing"] as const),
    query: text(search.query),
  }),
  component: lazyRouteComponent(() => import("@/features/inbox/InboxPage")),
});
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: "/$id",
});

interface BroadcastSearch {
  query?: string;
  standing?: BroadcastState | "in_doubt";
  month?: string;
}
const broadcasts = createRoute({
  getParentRoute: () => signedIn,
  path: "/broadcasts",
  validateSearch: (search: Record<string, unknown>): BroadcastSearch => ({
    query: text(search.query),
    standing: oneOf(search.standing, [...broadcastStates, "in_doubt"] as const),
    month: text(search.month),
  }),
  component: lazyRouteComponent(() =>
    withWords("broadcasts", import("@/features/broadcasts/BroadcastsPage")),
  ),
});
const broadcast = createRoute({
  getParentRoute: () => signedIn,
  path: "/broadcasts/$id",
  component: lazyRouteComponent(() => withWords("broadcasts", import("@/features/broadcasts/BroadcastPage"))),
});
const broadcastCheck = createRoute({
  getParentRoute: () => signedIn,
  path: "/broadcasts/$id/check",
  validateSearch: (search: Record<string, unknown>): { at?: string } => ({ at: text(search.at) }),
  component: lazyRouteComponent(() => withWords("broadcasts", import("@/features/broadcasts/CheckPage"))),
});

const replies = createRoute({
  getParentRoute: () => signedIn,
  path: "/replies",
  validateSearch: (
    search: Record<string, unknown>,
  ): { rule?: string; view?: "unmatched"; word?: string } => ({
    rule: text(search.rule),
    view: oneOf(search.view, ["unmatched"] as const),
    word: text(search.word),
  }),
  component: lazyRouteComponent(() => import("@/features/replies/RepliesPage")),
});

const menu = createRoute({
  getParentRoute: () => signedIn,
  path: "/menu",
  validateSearch: (
    search: Record<string, unknown>,
  ): { part?: "numbers" | "some" | "history"; button?: string } => ({
    part: oneOf(search.part, ["numbers", "some", "history"] as const),
    button: text(search.button),
  }),
  component: lazyRouteComponent(() => withWords("menus", import("@/features/menus/MenusPage"))),
});

const qrcodes = createRoute({
  getParentRoute: () => signedIn,
  path: "/qrcodes",
  validateSearch: (search: Record<string, unknown>): CodeSearch => ({
    query: text(search.query),
    stage: oneOf(search.stage, ["live", "expired", "making", "archived"] as const),
    folder: text(search.folder),
    batch: text(search.batch),
    by: oneOf(search.by, ["scans"] as const),
  }),
  component: lazyRouteComponent(() => withWords("qrcodes", import("@/features/qrcodes/QrcodesPage"))),
});

const newQrcode = createRoute({
  getParentRoute: () => signedIn,
  path: "/qrcodes/new",
  component: lazyRouteComponent(() => withWords("qrcodes", import("@/features/qrcodes/NewQrcodePage"))),
});

const qrcode = createRoute({
  getParentRoute: () => signedIn,
  path: "/qrcodes/$id",
  validateSearch: (search: Record<string, unknown>): { edit?: "1" } => ({
    edit: oneOf(search.edit, ["1"] as const),
  }),
  component: lazyRouteComponent(() => withWords("qrcodes", import("@/features/qrcodes/QrcodePage"))),
});

const qrcodeBatch = createRoute({
  getParentRoute: () => signedIn,
  path: "/qrcodes/batches/$id",
  component: lazyRouteComponent(() => withWords("qrcodes", import("@/features/qrcodes/BatchPage"))),
});

const qrcodeSheet = createRoute({
  getParentRoute: () => signedIn,
  path: "/qrcodes/batches/$id/sheet",
  component: lazyRouteComponent(() => withWords("qrcodes", import("@/features/qrcodes/SheetPage"))),
});

const qrcodePoster = createRoute({
  getParentRoute: () => signedIn,
  path: "/qrcodes/$id/poster",
  component: lazyRouteComponent(() => withWords("qrcodes", import("@/features/qrcodes/PosterPage"))),
});

interface SendsSearch {
  show?: "doubt" | "ways";
  outcome?: SendState;
  service?: Service;
  customer?: string;
  days?: "1" | "7" | "30";
}
const sends = createRoute({
  getParentRoute: () => signedIn,
  path: "/sends",
  validateSearch: (search: Record<string, unknown>): SendsSearch => ({
    show: oneOf(search.show, ["doubt", "ways"] as const),
    outcome: oneOf(search.outcome, [
      "queued",
      "held",
      "cancelled",
      "sending",
      "retrying",
      "sent",
      "refused",
      "unknown",
    ] as const),
    service: oneOf(search.service, ["custom", "template", "notice"] as const),
    customer: text(search.customer),
    days: oneOf(search.days, ["1", "7", "30"] as const),
  }),
  component: lazyRouteComponent(() => withWords("sends", import("@/features/sends/SendsPage"))),
});

const templates = createRoute({
  getParentRoute: () => signedIn,
  path: "/templates",
  validateSearch: (
    search: Record<string, unknown>,
  ): {
    shelf?: "library" | "published";
    stage_of?: "draft" | "scheduled" | "missed" | "running" | "stopped" | "done";
  } => ({
    shelf: oneOf(search.shelf, ["library"] as const),
    stage_of: oneOf(search.stage_of, ["draft", "scheduled", "missed", "running", "stopped", "done"] as const),
  }),
  component: lazyRouteComponent(() => withWords("templates", import("@/features/templates/TemplatesPage"))),
});

const newCampaign = createRoute({
  getParentRoute: () => signedIn,
  path: "/templates/new",
  validateSearch: (search: Record<string, unknown>): { template?: string; like?: string } => ({
    template: text(search.template),
    like: text(search.like),
  }),
  component: lazyRouteComponent(() => withWords("templates", import("@/features/templates/NewCampaignPage"))),
});

const campaign = createRoute({
  getParentRoute: () => signedIn,
  path: "/templates/$id",
  validateSearch: (search: Record<string, unknown>): { edit?: "1" } => ({
    edit: oneOf(search.edit, ["1"] as const),
  }),
  component: lazyRouteComponent(() => withWords("templates", import("@/features/templates/CampaignPage"))),
});

interface ArticleSearch {
  query?: string;
  stands?: ArticleState;
  shelf?: "library" | "published";
}
const articles = createRoute({
  getParentRoute: () => signedIn,
  path: "/articles",
  validateSearch: (search: Record<string, unknown>): ArticleSearch => ({
    query: text(search.query),
    stands: oneOf(search.stands, ["draft", "synced", "changed", "conflict", "gone"] as const),
    shelf: oneOf(search.shelf, ["published"] as const),
  }),
  component: lazyRouteComponent(() => withWords("articles", import("@/features/articles/ArticlesPage"))),
});
const article = createRoute({
  getParentRoute: () => signedIn,
  path: "/articles/$id",
  component: lazyRouteComponent(() => withWords("articles", import("@/features/articles/ArticlePage"))),
});

const library = createRoute({
  getParentRoute: () => signedIn,
  path: "/library",
  validateSearch: (
    search: Record<string, unknown>,
  ): { query?: string; files?: "voice" | "video"; folder?: string } => ({
    query: text(search.query),
    files: oneOf(search.files, ["voice", "video"] as const),
    folder: text(search.folder),
  }),
  component: lazyRouteComponent(() => withWords("articles", import("@/features/library/LibraryPage"))),
});

const accounts = createRoute({
  getParentRoute: () => signedIn,
  path: "/accounts",
  validateSearch: (search: Record<string, unknown>): { binding?: string } => ({
    binding: text(search.binding),
  }),
  beforeLoad: ({ search }) => {
    // WeChat sends the administrator's browser back here after the scan.
    if (search.binding) throw redirect({ to: "/accounts/bind", search: { binding: search.binding } });
  },
  component: lazyRouteComponent(() => import("@/features/accounts/AccountsPage")),
});

const bind = createRoute({
  getParentRoute: () => signedIn,
  path: "/accounts/bind",
  validateSearch: (search: Record<string, unknown>): { way?: "scan" | "direct"; binding?: string } => ({
    way: oneOf(search.way, ["scan", "direct"] as const),
    binding: text(search.binding),
  }),
  component: lazyRouteComponent(() => import("@/features/accounts/BindPage")),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/accounts/$id",
  component: lazyRouteComponent(() => import("@/features/accounts/AccountPage")),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/SettingsLayout")),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile" });
  },
});
const profile = createRoute({
  getParentRoute: () => settings,
  path: "/profile",
  component: lazyRouteComponent(() => import("@/features/settings/ProfilePage")),
});
const people = createRoute({
  getParentRoute: () => settings,
  path: "/people",
  component: lazyRouteComponent(() => import("@/features/settings/PeoplePage")),
});
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/keys",
  component: lazyRouteComponent(() => import("@/features/settings/KeysPage")),
});
const tags = createRoute({
  getParentRoute: () => settings,
  path: "/tags",
  component: lazyRouteComponent(() => import("@/features/settings/TagsPage")),
});
const company = createRoute({
  getParentRoute: () => settings,
  path: "/company",
  component: lazyRouteComponent(() => import("@/features/settings/CompanyPage")),
});
const sendingSettings = createRoute({
  getParentRoute: () => settings,
  path: "/sending",
  component: lazyRouteComponent(() => import("@/features/settings/SendingPage")),
});
const platform = createRoute({
  getParentRoute: () => settings,
  path: "/platform",
  component: lazyRouteComponent(() => import("@/features/settings/PlatformPage")),
});

const routeTree = root.addChildren([
  setup,
  login,
  signedIn.addChildren([
    home,
    customers,
    customer,
    inbox.addChildren([conversation]),
    broadcasts,
    broadcast,
    broadcastCheck,
    replies,
    menu,
    qrcodes,
    newQrcode,
    qrcode,
    qrcodeBatch,
    qrcodeSheet,
    qrcodePoster,
    sends,
    templates,
    newCampaign,
    campaign,
    articles,
    article,
    library,
    accounts,
    bind,
    account,
    settings.addChildren([settingsIndex, profile, people, apiKeys, tags, company, sendingSettings, platform]),
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
