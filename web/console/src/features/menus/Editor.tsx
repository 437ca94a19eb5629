/** The draft beside the phone: the board, the chosen button, what publishing would change. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Drawer, Dropdown } from "antd";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, MenuView } from "@/api/types";
import { useMedia, useNow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";
import { problemText, wechatText } from "@/lib/problems";
import { whenText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Badge, Because, Empty, Note, Page, Trouble, When } from "@/ui/kit";
import { useDeleteMenu, useImport, usePublish, useRollback } from "./api";
import { Board } from "./Board";
import { ButtonForm } from "./ButtonForm";
import { Changes, changeText, useChangeWords } from "./Changes";
import { DeleteMenu } from "./DeleteMenu";
import { useMenuDraft } from "./draft";
import { PhoneMenu } from "./PhoneMenu";
import { ScheduleDialog, Schedules } from "./Schedules";
import { addTop, change, find, most, newButton, placeOf, problemOf, remove } from "./shape";

export interface MenuProps {
  account: Account;
  view: MenuView;
  /** The person may not change menus. */
  notAllowed: string | null;
  /** The account may not have one. */
  off: string | null;
  tabs: ReactNode;
  warning: ReactNode;
}

export function Editor({ account, view, notAllowed, off, tabs, warning }: MenuProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language, zone } = usePrefs();
  const now = useNow();
  const navigate = useNavigate();
  const { button: asked } = useSearch({ from: "/signed-in/menu" });
  const beside = useMedia("(min-width: 1180px)");
  const [phone, setPhone] = useState(false);
  const [dialog, setDialog] = useState<"schedule" | "delete" | null>(null);
  const draft = useMenuDraft(account.id, view, !notAllowed);
  const publishing = usePublish(account.id);
  const taking = useImport(account.id);
  const rolling = useRollback(account.id);
  const deleting = useDeleteMenu(account.id);
  const words = useChangeWords();
  const { buttons } = draft;
  const disabled = !!notAllowed;

  const choose = (id: string | undefined) =>
    void navigate({ to: "/menu", search: (s) => ({ account: s.account, button: id }), replace: true });
  const button = find(buttons, asked) ?? buttons[0];
  const place = button ? placeOf(buttons, button.id) : null;

  // A menu that was made elsewhere is looked for once, so that nobody publishes over it unseen.
  const looked = useRef(false);
  const take = taking.mutate;
  useEffect(() => {
    if (looked.current || view.live || view.draft.revision > 0 || notAllowed || off) return;
    looked.current = true;
    take(true);
  }, [view.live, view.draft.revision, notAllowed, off, take]);

  const problem = problemOf(buttons, view.link_host);
  const isSame = !draft.isUnsaved && view.changes.length === 0 && view.live !== null;
  const blocked =
    notAllowed ??
    off ??
    (view.publishing ? t("menus.on_its_way") : null) ??
    (problem ? t(`menus.problems.${problem}`) : null) ??
    (isSame ? t("menus.nothing_changed") : null);
  const publish = async () => {
    if (blocked || publishing.isPending) return;
    try {
      publishing.mutate(await draft.flush());
    } catch {
      // The draft says what is wrong.
    }
  };
  useKeys({ "mod+s": () => void draft.flush().catch(() => {}) });

  const undo = () => {
    if (view.undo?.version_id) rolling.mutate(view.undo.version_id);
    else deleting.mutate();
  };
  const changed = useMemo(
    () => new Map(view.changes.map((one) => [one.button, changeText(words, one)])),
    [view.changes, words],
  );
  const failed = publishing.error ?? rolling.error ?? deleting.error;

  const state = view.publishing ? (
    <Badge tone="warning">{t("menus.state.publishing")}</Badge>
  ) : isSame ? (
    <Badge tone="ok">{t("menus.state.live")}</Badge>
  ) : view.live?.buttons.length ? (
    <Badge tone="warning">{t("menus.state.changed")}</Badge>
  ) : (
    <Badge>{t("menus.state.none")}</Badge>
  );
  const saved = draft.isUnsaved
    ? draft.error
      ? problemText(draft.error)
      : t("menus.saving")
    : view.draft.updated_at
      ? t("menus.saved", { when: whenText(view.draft.updated_at, language, zone, now) })
      : null;

  const picture = <PhoneMenu account={account} buttons={buttons} chosen={button?.id} onChoose={choose} />;
  return (
    <Page
      wide
      title={t("nav.menu")}
      note={
        <span className="menu-state" role="status">
          {state}
          {saved ? <span className="soft small">{saved}</span> : null}
        </span>
      }
      actions={
        <>
          {beside ? null : (
            <Button icon={<Icon name="phone" />} onClick={() => setPhone(true)}>
              {t("menus.preview")}
            </Button>
          )}
          <Dropdown
            trigger={["click"]}
            menu={{
              onClick: ({ key }) => {
                if (key === "import") {
                  taking.mutate(true, {
                    onSuccess: ({ found }) => void message.success(t(`menus.found.${found}`)),
                  });
                }
                if (key === "schedule" || key === "delete") setDialog(key);
              },
              items: [
                {
                  key: "import",
                  label: t("menus.import"),
                  icon: <Icon name="import" />,
                  disabled: disabled || !!off,
                  title: notAllowed ?? off ?? "",
                },
                {
                  key: "schedule",
                  label: t("menus.schedule"),
                  icon: <Icon name="clock" />,
                  disabled: disabled || !!off || !!problem,
                  title: notAllowed ?? off ?? (problem ? t(`menus.problems.${problem}`) : ""),
                },
                { type: "divider" },
                {
                  key: "delete",
                  danger: true,
                  label: t("menus.delete"),
                  icon: <Icon name="trash" />,
                  disabled: disabled || !!off || !view.live?.buttons.length,
                  title: notAllowed ?? off ?? (view.live?.buttons.length ? "" : t("menus.state.none")),
                },
              ],
            }}
          >
            <Button aria-label={t("menus.more")} icon={<Icon name="more" />} loading={taking.isPending} />
          </Dropdown>
          <Because reason={blocked}>
            <Button
              type="primary"
              disabled={!!blocked}
              loading={publishing.isPending || !!view.publishing}
              onClick={() => void publish()}
            >
              {t("menus.publish")}
            </Button>
          </Because>
        </>
      }
    >
      {warning}
      {tabs}
      <div className="menu-notes">
        {draft.clash ? (
          <Note
            tone="warning"
            action={
              <span className="row">
                <Button size="small" onClick={draft.takeTheirs}>
                  {t("menus.take_theirs")}
                </Button>
                <Button size="small" onClick={() => void draft.keepMine()}>
                  {t("menus.keep_mine")}
                </Button>
              </span>
            }
          >
            {t("menus.clash", { name: String(draft.clash.params.updated_by ?? t("menus.somebody")) })}
          </Note>
        ) : null}
        {failed ? <Trouble error={failed} /> : null}
        {taking.error ? <Trouble error={taking.error} retry={() => taking.mutate(true)} /> : null}
        {view.failed && !view.publishing ? (
          <Note tone="error">
            {t(`menus.failed.${view.failed.problem ?? "wechat_refused"}` as "menus.failed.wechat_refused")}{" "}
            {wechatText(view.failed.errcode) ?? (view.failed.errcode ? `(${view.failed.errcode})` : "")}{" "}
            {t("menus.kept")}
          </Note>
        ) : null}
        {view.live?.problem ? (
          <Note tone="warning">
            {t(`menus.live_problem.${view.live.problem}` as "menus.live_problem.differs")}
          </Note>
        ) : null}
        {view.undo && view.live && !view.publishing ? (
          <Note
            tone="ok"
            action={
              <Because reason={notAllowed ?? off}>
                <Button
                  size="small"
                  icon={<Icon name="undo" size={14} />}
                  disabled={!!notAllowed || !!off}
                  loading={rolling.isPending}
                  onClick={undo}
                >
                  {view.undo.number ? t("menus.undo_to", { number: view.undo.number }) : t("menus.undo")}
                </Button>
              </Because>
            }
          >
            {t("menus.published", { number: view.live.number, name: view.live.made_by ?? t("menus.clock") })}{" "}
            <When at={view.live.published_at} /> · {t("menus.delay")}
          </Note>
        ) : null}
      </div>
      <div className="menu-editor">
        <div className="menu-left">
          {buttons.length === 0 && taking.isPending ? <Note>{t("menus.looking")}</Note> : null}
          {buttons.length === 0 ? (
            <div className="card">
              <Empty
                drawing="talk"
                action={
                  <Because reason={notAllowed}>
                    <Button
                      type="primary"
                      disabled={disabled}
                      onClick={() => {
                        const made = newButton();
                        draft.change((now) => (now.length < most.buttons ? addTop(now, made) : now));
                        choose(made.id);
                      }}
                    >
                      {t("menus.first")}
                    </Button>
                  </Because>
                }
              >
                {t("menus.empty")}
              </Empty>
            </div>
          ) : (
            <section className="card menu-card" aria-label={t("menus.editor")}>
              <Board
                buttons={buttons}
                chosen={button?.id}
                changed={changed}
                disabled={disabled}
                onChoose={choose}
                change={draft.change}
              />
              {button && place ? (
                <ButtonForm
                  key={button.id}
                  account={account.id}
                  button={button}
                  below={place.length === 2}
                  buttons={buttons}
                  linkHost={view.link_host}
                  disabled={disabled}
                  onChange={(next) => draft.change((now) => change(now, button.id, next))}
                  onRemove={() => {
                    draft.change((now) => remove(now, button.id));
                    choose(undefined);
                  }}
                />
              ) : null}
            </section>
          )}
          <Changes view={view} isUnsaved={draft.isUnsaved} onOpen={choose} />
          <Schedules account={account} view={view} notAllowed={notAllowed} />
        </div>
        {beside ? <aside className="menu-phone">{picture}</aside> : null}
      </div>
      {beside ? null : (
        <Drawer open={phone} onClose={() => setPhone(false)} title={t("menus.preview")} size={380}>
          {picture}
        </Drawer>
      )}
      {dialog === "schedule" ? (
        <ScheduleDialog account={account} flush={draft.flush} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === "delete" ? (
        <DeleteMenu
          account={account}
          conditional={view.conditional.length}
          isPending={deleting.isPending}
          onDelete={() => deleting.mutate(undefined, { onSuccess: () => setDialog(null) })}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </Page>
  );
}
