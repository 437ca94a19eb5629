/** One box to find a person, an account or a reply, and to go or do without the mouse. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Modal } from "antd";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { useAccounts, useCan } from "@/api/queries";
import { useDebounced } from "@/lib/hooks";
import { switchLanguage } from "@/lib/i18n";
import { usePersonName } from "@/lib/names";
import { usePrefs } from "@/lib/prefs";
import { shorten } from "@/lib/text";
import { Icon, type IconName } from "@/ui/icons";
import { Face, Kbd, Trouble } from "@/ui/kit";

interface Hit {
  key: string;
  group: string;
  icon: ReactNode;
  title: string;
  detail?: string;
  run: () => void;
}

export default function Palette({
  open,
  onClose,
  onHelp,
}: {
  open: boolean;
  onClose: () => void;
  onHelp: () => void;
}) {
  const [text, setText] = useState("");
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      width={600}
      className="palette"
      destroyOnHidden
      afterClose={() => setText("")}
      centered={false}
      style={{ top: "12vh" }}
    >
      <PaletteBody text={text} setText={setText} onClose={onClose} onHelp={onHelp} />
    </Modal>
  );
}

function PaletteBody({
  text,
  setText,
  onClose,
  onHelp,
}: {
  text: string;
  setText: (text: string) => void;
  onClose: () => void;
  onHelp: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const accounts = useAccounts();
  const canBind = useCan("accounts:bind");
  const { language, theme, setTheme } = usePrefs();
  const personName = usePersonName();
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const query = useDebounced(text.trim(), 180);
  const search = useQuery({
    queryKey: ["search", query],
    queryFn: ({ signal }) => take(api.GET("/api/v1/search", { params: { query: { query } }, signal })),
    enabled: query.length > 0,
    placeholderData: keepPreviousData,
  });

  useEffect(() => {
    // The dialog takes focus itself while it opens; ask for it after that.
    const timer = setTimeout(() => box.current?.focus(), 60);
    return () => clearTimeout(timer);
  }, []);

  const hits = useMemo<Hit[]>(() => {
    const typed = text.trim().toLowerCase();
    const line = (icon: IconName) => (
      <span className="palette-icon">
        <Icon name={icon} size={16} />
      </span>
    );
    const commands: Hit[] = (
      [
        ["home", "home", t("nav.home"), () => navigate({ to: "/" })],
        ["customers", "customers", t("nav.customers"), () => navigate({ to: "/customers" })],
        ["replies", "replies", t("nav.replies"), () => navigate({ to: "/replies" })],
        ["menu", "tap", t("nav.menu"), () => navigate({ to: "/menu" })],
        ["articles", "article", t("nav.articles"), () => navigate({ to: "/articles" })],
        ["library", "image", t("nav.library"), () => navigate({ to: "/library" })],
        [
          "unmatched",
          "ear",
          t("replies.unmatched"),
          () => navigate({ to: "/replies", search: (s) => ({ ...s, view: "unmatched" as const }) }),
        ],
        ["accounts", "accounts", t("nav.accounts"), () => navigate({ to: "/accounts" })],
        ...(canBind ? [["bind", "scan", t("accounts.bind"), () => navigate({ to: "/accounts/bind" })]] : []),
        ["profile", "person", t("settings.profile"), () => navigate({ to: "/settings/profile" })],
        ["tags", "tag", t("settings.tags"), () => navigate({ to: "/settings/tags" })],
        ["people", "customers", t("settings.people"), () => navigate({ to: "/settings/people" })],
        [
          "dark",
          theme === "dark" ? "sun" : "moon",
          theme === "dark" ? t("app.theme_light") : t("app.theme_dark"),
          () => setTheme(theme === "dark" ? "light" : "dark"),
        ],
        [
          "language",
          "language",
          t("app.switch_language"),
          () => switchLanguage(language === "zh-CN" ? "en-US" : "zh-CN"),
        ],
        ["help", "keyboard", t("nav.keys"), onHelp],
      ] as [string, IconName, string, () => unknown][]
    )
      .filter(([key, , title]) => typed === "" || title.toLowerCase().includes(typed) || key.includes(typed))
      .map(([key, icon, title, run]) => ({
        key: `go-${key}`,
        group: t("palette.go"),
        icon: line(icon),
        title,
        run: () => void run(),
      }));
    if (typed === "" || !search.data) return commands;
    const nameOf = (id: string) => accounts.find((account) => account.id === id)?.nick_name;
    return [
      ...search.data.customers.map<Hit>((customer) => ({
        key: `c-${customer.id}`,
        group: t("palette.customers"),
        icon: <Face id={customer.id} name={customer.display_name} src={customer.avatar_url} size={28} />,
        title: personName(customer.display_name),
        detail: customer.match?.text
          ? `${t(`match.${customer.match.field}` as "match.name", { defaultValue: customer.match.field })} ${customer.match.field === "openid" ? shorten(customer.match.text) : customer.match.text}`
          : (customer.city ?? undefined),
        run: () => void navigate({ to: "/customers/$id", params: { id: customer.id } }),
      })),
      ...search.data.accounts.map<Hit>((account) => ({
        key: `a-${account.id}`,
        group: t("palette.accounts"),
        icon: <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={28} square />,
        title: account.nick_name,
        detail: t(`accounts.kinds.${account.kind}`),
        run: () => void navigate({ to: "/accounts/$id", params: { id: account.id } }),
      })),
      ...search.data.replies.map<Hit>((rule) => ({
        key: `r-${rule.id}`,
        group: t("palette.replies"),
        icon: line("replies"),
        title: rule.name,
        detail: [rule.trigger.words.slice(0, 4).join("、"), nameOf(rule.account_id)]
          .filter(Boolean)
          .join(" · "),
        run: () => void navigate({ to: "/replies", search: { account: rule.account_id, rule: rule.id } }),
      })),
      ...commands,
    ];
  }, [text, search.data, accounts, navigate, t, theme, setTheme, language, canBind, onHelp, personName]);

  const chosen = Math.min(at, hits.length - 1);
  const run = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    hit.run();
  };

  let group = "";
  return (
    <div className="palette-body">
      <div className="palette-input">
        <Icon name="search" size={18} />
        <input
          ref={box}
          value={text}
          placeholder={t("palette.hint")}
          aria-label={t("palette.open")}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === "ArrowDown") setAt(Math.min(hits.length - 1, chosen + 1));
            else if (event.key === "ArrowUp") setAt(Math.max(0, chosen - 1));
            else if (event.key === "Enter") run(hits[chosen]);
            else return;
            event.preventDefault();
          }}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div className="palette-hits">
        {search.error && query ? <Trouble error={search.error} /> : null}
        {hits.map((hit, index) => {
          const head = hit.group === group ? null : <div className="palette-group">{hit.group}</div>;
          group = hit.group;
          return (
            <div key={hit.key}>
              {head}
              <button
                type="button"
                tabIndex={-1}
                className={index === chosen ? "palette-hit on" : "palette-hit"}
                ref={
                  index === chosen ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined
                }
                onMouseMove={() => setAt(index)}
                onClick={() => run(hit)}
              >
                {hit.icon}
                <span className="ellipsis">{hit.title}</span>
                {hit.detail ? <small className="ellipsis">{hit.detail}</small> : null}
              </button>
            </div>
          );
        })}
        {hits.length === 0 && !search.isFetching ? (
          <p className="palette-none">{t("palette.none", { text: text.trim() })}</p>
        ) : null}
      </div>
    </div>
  );
}
