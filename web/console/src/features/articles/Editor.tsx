/** The draft while it is written, with everything that can be done with it. */
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Drawer, Dropdown } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Article } from "@/api/types";
import { useMedia } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Note, Page, Trouble } from "@/ui/kit";
import { Back } from "./ArticlePage";
import { useDeleteArticle, useResolve } from "./api";
import { Both } from "./Both";
import { Clash } from "./Clash";
import { Comments } from "./Comments";
import { CopyDialog } from "./CopyDialog";
import { DeleteDialog } from "./DeleteDialog";
import { forgetDraft, useArticleDraft } from "./draft";
import { Faults } from "./Faults";
import { faultText } from "./faultText";
import { added, bare, changed, type Item, moved, removed } from "./items";
import { allFaults, type Fault } from "./lint";
import { Out } from "./Out";
import { PhoneArticle } from "./PhoneArticle";
import { PreviewDialog } from "./PreviewDialog";
import { PublishDialog } from "./PublishDialog";
import { PushProblem } from "./PushProblem";
import { isGoingOut, isOut, StateBadge } from "./parts";
import { canShow } from "./pictures";
import { Rail } from "./Rail";
import { Saved } from "./Saved";
import { Slots } from "./Slots";
import { NotPushed, useSending } from "./sending";

type Dialog = "preview" | "publish" | "copy" | "delete" | "comments";

export function Editor({ article, account }: { article: Article; account: Account }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const beside = useMedia("(min-width: 1280px)");
  const notAllowed = useNotAllowed("replies:write");
  const mayNotSend = useNotAllowed("messages:write");
  const [again, setAgain] = useState(false);
  const { whyFunction } = useReasons();
  const off = whyFunction(account, "materials");
  const noPublish = whyFunction(account, "broadcast");

  const draft = useArticleDraft(article, !notAllowed);
  const { items } = draft;
  const [chosen, setChosen] = useState<string | null>(null);
  const item = items.find((one) => one.key === chosen) ?? (items[0] as Item);
  const [view, setView] = useState<"read" | "chat">("read");
  const [phone, setPhone] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { step, failed, setFailed, ready, save, send } = useSending(article, draft);
  const resolve = useResolve(article.id);
  const remove = useDeleteArticle();

  const faults = useMemo(() => allFaults(bare(items), canShow), [items]);
  const errors = faults.filter((fault) => fault.level === "error");
  const wrong = useMemo(() => new Set(errors.map((fault) => fault.item)), [errors]);

  const publishing = isGoingOut(article);
  const out = isOut(article) && !again;
  const { publication } = article;
  const conflict = article.state === "conflict" && article.theirs !== null;
  const locked =
    notAllowed ??
    (publishing ? t("articles.is_publishing") : null) ??
    (article.wish === "copy" ? t("articles.is_copying") : null) ??
    (article.wish === "delete" ? t("articles.is_deleting") : null) ??
    (out ? t("articles.is_out") : null);
  const fault = errors[0];
  const blocked =
    locked ??
    off ??
    (conflict ? t("articles.decide_first") : null) ??
    (fault ? faultText(t, fault, items.length > 1) : null);
  const isSame = article.state === "synced" && !draft.isUnsaved;
  const cannotPush = blocked ?? (isSame ? t("articles.nothing_new") : null);
  const cannotPublish = blocked ?? mayNotSend ?? noPublish;

  useKeys({ "mod+s": () => void draft.flush().catch(() => {}) });

  const drop = (key: string) => {
    const before = items;
    const gone = items.find((one) => one.key === key);
    draft.change((now) => removed(now, key));
    const name = `part-${key}`;
    void message.open({
      key: name,
      duration: 7,
      content: (
        <span className="undo">
          {t("articles.part_removed", { name: gone?.title.trim() || t("articles.untitled") })}
          <Button
            type="link"
            size="small"
            onClick={() => {
              message.destroy(name);
              draft.change((now) => {
                const at = before.findIndex((one) => one.key === key);
                if (!gone || now.length >= 8 || now.some((one) => one.key === key)) return now;
                return [...now.slice(0, at), gone, ...now.slice(at)];
              });
            }}
          >
            {t("app.undo")}
          </Button>
        </span>
      ),
    });
  };
  const go = (to: Fault) => {
    setChosen(items[to.item]?.key ?? null);
    setTimeout(() => {
      const place = document.querySelector<HTMLElement>(
        to.field === "body"
          ? ".item-slot:not([hidden]) .article-body"
          : `.item-slot:not([hidden]) [data-field="${to.field}"]`,
      );
      place?.scrollIntoView({ block: "center" });
      place?.focus();
    }, 60);
  };

  const seen = (
    <PhoneArticle
      account={account}
      items={items}
      item={item}
      at={publication?.finished_at ?? article.updated_at}
      view={view}
      onView={setView}
      onChoose={setChosen}
    />
  );
  const title = items[0]?.title.trim() || t("articles.untitled");
  return (
    <Page
      wide
      title={title}
      back={<Back />}
      note={
        <span className="article-state" role="status">
          <StateBadge article={article} />
          <Saved draft={draft} at={article.updated_at} />
        </span>
      }
      actions={
        <>
          {beside ? null : (
            <Button icon={<Icon name="phone" />} onClick={() => setPhone(true)}>
              <span className="wide-only">{t("articles.phone")}</span>
            </Button>
          )}
          <Dropdown
            trigger={["click"]}
            menu={{
              onClick: ({ key }) => {
                setFailed(null);
                setDialog(key as Dialog);
              },
              items: [
                {
                  key: "preview",
                  label: t("articles.preview"),
                  icon: <Icon name="phone" />,
                  disabled: !!(blocked ?? mayNotSend),
                  title: blocked ?? mayNotSend ?? "",
                },
                {
                  key: "copy",
                  label: t("articles.copy_to"),
                  icon: <Icon name="duplicate" />,
                  disabled: !!notAllowed,
                  title: notAllowed ?? "",
                },
                { type: "divider" },
                {
                  key: "delete",
                  danger: true,
                  label: t("articles.delete"),
                  icon: <Icon name="trash" />,
                  disabled: !!notAllowed || publishing,
                  title: notAllowed ?? (publishing ? t("articles.is_publishing") : ""),
                },
              ],
            }}
          >
            <Button aria-label={t("app.more")} icon={<Icon name="more" />} />
          </Dropdown>
          {out ? null : (
            <>
              <Because reason={cannotPush}>
                <Button
                  disabled={!!cannotPush}
                  loading={step !== null && dialog === null}
                  icon={<Icon name="cloud" />}
                  onClick={() => void save()}
                >
                  {t("articles.push")}
                </Button>
              </Because>
              <Because reason={cannotPublish}>
                <Button
                  type="primary"
                  disabled={!!cannotPublish}
                  loading={publishing}
                  onClick={() => {
                    setFailed(null);
                    setDialog("publish");
                  }}
                >
                  {t("articles.publish")}
                </Button>
              </Because>
            </>
          )}
        </>
      }
    >
      <div className="article-notes">
        {off ? (
          <Note tone="warning">
            {t("articles.off")} {off}
          </Note>
        ) : null}
        {failed && dialog === null && !(failed instanceof NotPushed) ? (
          <Trouble error={failed}>{t("articles.kept")}</Trouble>
        ) : null}
        {article.problem && !article.wish ? <PushProblem article={article} many={items.length > 1} /> : null}
        {article.state === "gone" && !publication ? (
          <Note tone="warning">{t("articles.gone_more")}</Note>
        ) : null}
        {publication ? (
          <Out
            publication={publication}
            notAllowed={notAllowed ?? mayNotSend}
            onAgain={out ? () => setAgain(true) : null}
            onComments={() => setDialog("comments")}
          />
        ) : null}
      </div>
      {draft.clash ? (
        <Clash draft={draft} clash={draft.clash} article={article} />
      ) : conflict ? (
        <Both
          ours={bare(items)}
          theirs={article.theirs ?? []}
          names={{ ours: t("articles.here"), theirs: t("articles.at_wechat") }}
          lead={t("articles.conflict")}
          reason={notAllowed}
          isPending={resolve.isPending}
          onTake={(side) => {
            setFailed(null);
            void draft
              .flush()
              .then(() => resolve.mutateAsync(side))
              .then((decided) => {
                if (side === "theirs") draft.adopt(decided);
              })
              .catch(setFailed);
          }}
        />
      ) : null}
      <div className={beside ? "article-editor with-phone" : "article-editor"}>
        <Rail
          items={items}
          chosen={item.key}
          wrong={wrong}
          disabled={!!locked}
          onChoose={setChosen}
          onMove={(key, to) => draft.change((now) => moved(now, key, to))}
          onAdd={() => {
            const next = added(items);
            draft.change(() => next);
            setChosen(next.at(-1)?.key ?? null);
          }}
          onRemove={drop}
        />
        <div className="article-middle">
          <Slots
            account={account}
            items={items}
            item={item}
            edition={draft.edition}
            disabled={!!locked}
            onChange={(key, part) => draft.change((now) => changed(now, key, part))}
          />
          {out ? null : <Faults faults={faults} many={items.length > 1} onGo={go} />}
        </div>
        {beside ? <aside className="article-beside">{seen}</aside> : null}
      </div>
      {beside ? null : (
        <Drawer open={phone} onClose={() => setPhone(false)} title={t("articles.phone")} size={390}>
          {seen}
        </Drawer>
      )}
      {dialog === "preview" ? (
        <PreviewDialog account={account} article={article} ready={ready} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === "publish" ? (
        <PublishDialog
          account={account}
          items={items}
          warnings={faults.filter((one) => one.level === "warning")}
          step={step}
          error={failed}
          notPushed={
            failed instanceof NotPushed ? <PushProblem article={article} many={items.length > 1} /> : null
          }
          onPublish={() =>
            void send().then((isOnItsWay) => {
              if (!isOnItsWay) return;
              setAgain(false);
              setDialog(null);
            })
          }
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === "copy" ? (
        <CopyDialog article={article} flush={draft.flush} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === "comments" && publication ? (
        <Comments publication={publication} notAllowed={mayNotSend} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === "delete" ? (
        <DeleteDialog
          article={article}
          isPending={remove.isPending}
          error={remove.error}
          onDelete={(at_wechat) =>
            remove.mutate(
              { id: article.id, at_wechat },
              {
                onSuccess: () => {
                  forgetDraft(article.id);
                  void navigate({ to: "/articles" });
                },
              },
            )
          }
          onClose={() => setDialog(null)}
        />
      ) : null}
    </Page>
  );
}
