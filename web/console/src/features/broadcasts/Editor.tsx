/** A broadcast is written beside the phone: what, to whom, when; then one button leads to the check. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Checkbox, Drawer, Dropdown, Input, Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Broadcast } from "@/api/types";
import { useKept, useMedia, useNow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { problemText } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Badge, Because, Card, Note, Page } from "@/ui/kit";
import { useUndoableDelete } from "@/ui/undo";
import { Audience } from "./Audience";
import { deleteBroadcast, useMake } from "./api";
import { Back } from "./BroadcastPage";
import { Content } from "./Content";
import { forgetDraft, timeKey, useBroadcastDraft } from "./draft";
import { PhoneOf } from "./PhoneOf";
import { PreviewDialog } from "./PreviewDialog";
import { Saved } from "./Saved";
import { gapsOf, letterOf } from "./shape";
import { TestFields } from "./TestFields";
import { TimeField } from "./TimeField";
import "./words";

export default function Editor({ account, broadcast }: { account: Account; broadcast: Broadcast }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const beside = useMedia("(min-width: 1180px)");
  const now = useNow();
  const notAllowed = useNotAllowed("messages:write");
  const off = useReasons().whyFunction(account, "broadcast");
  const draft = useBroadcastDraft(broadcast, !notAllowed);
  const [at, setAt] = useKept<number | null>(timeKey(broadcast.id), broadcast.starts_at);
  const [variant, setVariant] = useState(0);
  const [phone, setPhone] = useState(false);
  const [preview, setPreview] = useState(false);
  const make = useMake();
  const removeLater = useUndoableDelete();
  const { body } = draft;
  const shown = Math.min(variant, body.contents.length - 1);
  const disabled = !!notAllowed;
  const gaps = gapsOf(body, at, now);
  const [first] = gaps;
  const ofVariant = (n: number) => (body.contents.length > 1 ? `${letterOf(n)}: ` : "");
  const missing = first ? `${ofVariant(first.variant)}${t(`broadcasts.gaps.${first.gap}`)}` : null;
  const blocked = notAllowed ?? off ?? missing;
  const isNew = useRef(broadcast.version <= 1 && !broadcast.started_at).current;

  // The check page leads back to what it found fault with.
  useEffect(() => {
    const place = location.hash.slice(1);
    if (place) document.getElementById(place)?.scrollIntoView({ block: "center" });
  }, []);

  const check = async () => {
    if (blocked) return;
    try {
      await draft.flush();
    } catch {
      // The page says what is wrong.
      return;
    }
    void navigate({
      to: "/broadcasts/$id/check",
      params: { id: broadcast.id },
      search: (s) => ({ account: s.account, at: at === null ? undefined : String(at) }),
    });
  };
  useKeys({ "mod+s": () => void draft.flush().catch(() => {}), "mod+enter": () => void check() });

  const remove = () => {
    void navigate({ to: "/broadcasts", search: (s) => ({ account: s.account }) });
    removeLater({
      path: `/api/v1/broadcasts/${broadcast.id}`,
      text: t("broadcasts.deleted", { name: body.name }),
      remove: () => deleteBroadcast(broadcast.id).then(() => forgetDraft(broadcast.id)),
      hide: () => void queryClient.invalidateQueries({ queryKey: ["broadcasts"] }),
      restore: () => void queryClient.invalidateQueries({ queryKey: ["broadcasts"] }),
      failed: (error) => void message.error(problemText(error)),
    });
  };
  const copy = async () => {
    await draft.flush().catch(() => {});
    make.mutate(
      { ...body, name: t("broadcasts.copy_name", { name: body.name.slice(0, 50) }) },
      {
        onSuccess: ({ id }) =>
          void navigate({
            to: "/broadcasts/$id",
            params: { id },
            search: (s) => ({ account: s.account }),
          }),
        onError: (error) => void message.error(problemText(error)),
      },
    );
  };

  const picture = <PhoneOf account={account} content={body.contents[shown]} at={at} />;
  const gapOfVariant = gaps.find((one) => one.part === "what" && one.variant === shown)?.gap ?? null;
  return (
    <Page
      wide
      title={body.name.trim() || t("broadcasts.unnamed")}
      back={<Back />}
      note={
        <span className="bc-state" role="status">
          <Badge>{t("broadcasts.states.draft")}</Badge>
          <span className="soft small">
            {draft.error ? (
              problemText(draft.error)
            ) : draft.isUnsaved ? (
              t("broadcasts.saving")
            ) : (
              <Saved key={draft.savedAt ?? 0} at={draft.savedAt} />
            )}
          </span>
        </span>
      }
      actions={
        <>
          {beside ? null : (
            <Button
              icon={<Icon name="phone" />}
              aria-label={t("broadcasts.phone")}
              onClick={() => setPhone(true)}
            />
          )}
          <Because reason={notAllowed ?? off ?? (gapOfVariant ? t(`broadcasts.gaps.${gapOfVariant}`) : null)}>
            <Button
              icon={<Icon name="send" />}
              disabled={disabled || !!off || !!gapOfVariant}
              onClick={() => setPreview(true)}
            >
              {t("broadcasts.preview_to")}
            </Button>
          </Because>
          <Dropdown
            trigger={["click"]}
            menu={{
              onClick: ({ key }) => (key === "copy" ? void copy() : remove()),
              items: [
                {
                  key: "copy",
                  label: t("broadcasts.copy"),
                  icon: <Icon name="duplicate" />,
                  disabled,
                  title: notAllowed ?? "",
                },
                {
                  key: "delete",
                  danger: true,
                  label: t("broadcasts.delete"),
                  icon: <Icon name="trash" />,
                  disabled,
                  title: notAllowed ?? "",
                },
              ],
            }}
          >
            <Button aria-label={t("app.more")} icon={<Icon name="more" />} loading={make.isPending} />
          </Dropdown>
          <Because reason={blocked}>
            <Button type="primary" disabled={!!blocked} onClick={() => void check()}>
              {t("broadcasts.check")}
            </Button>
          </Because>
        </>
      }
    >
      <div className="bc-notes">
        {off ? <Note tone="warning">{off}</Note> : null}
        {draft.clash ? (
          <Note
            tone="warning"
            action={
              <span className="row">
                <Button size="small" onClick={draft.takeTheirs}>
                  {t("broadcasts.take_theirs")}
                </Button>
                <Button size="small" onClick={() => void draft.keepMine()}>
                  {t("broadcasts.keep_mine")}
                </Button>
              </span>
            }
          >
            {t("broadcasts.clash")}
          </Note>
        ) : null}
      </div>
      <div className="bc-editor">
        <div className="bc-left">
          <section id="what">
            <Card title={t("broadcasts.what")}>
              <Content
                account={account}
                body={body}
                at={shown}
                onAt={setVariant}
                change={draft.change}
                gap={gapOfVariant}
                disabled={disabled}
                isNew={isNew}
              />
            </Card>
          </section>
          {body.test && body.contents.length > 1 ? (
            <section id="test">
              <Card title={t("broadcasts.test")}>
                <TestFields
                  body={body}
                  test={body.test}
                  disabled={disabled}
                  onChange={(test) => draft.change({ test })}
                />
              </Card>
            </section>
          ) : null}
          <section id="who">
            <Card title={t("broadcasts.who")}>
              <Audience
                account={account}
                audience={body.audience}
                disabled={disabled}
                onChange={(audience) => draft.change({ audience })}
              />
            </Card>
          </section>
          <section id="when">
            <Card title={t("broadcasts.when")}>
              <TimeField at={at} onChange={setAt} disabled={disabled} />
            </Card>
          </section>
          <section id="name">
            <Card title={t("broadcasts.more")}>
              <div className="stack">
                <label className="field" htmlFor="broadcast-name">
                  <span className="field-label">{t("broadcasts.name")}</span>
                  <Input
                    id="broadcast-name"
                    maxLength={60}
                    value={body.name}
                    disabled={disabled}
                    status={body.name.trim() ? undefined : "error"}
                    onChange={(event) => draft.change({ name: event.target.value })}
                  />
                  <span className="field-more">{t("broadcasts.name_more")}</span>
                </label>
                <div className="field">
                  <span className="field-label">{t("broadcasts.on_quota")}</span>
                  <Segmented
                    disabled={disabled}
                    value={body.on_quota}
                    aria-label={t("broadcasts.on_quota")}
                    onChange={(on_quota: Broadcast["on_quota"]) => draft.change({ on_quota })}
                    options={(["wait", "stop"] as const).map((value) => ({
                      value,
                      label: t(`broadcasts.on_quotas.${value}`),
                    }))}
                  />
                </div>
                {body.contents.some((content) => content.type === "article") ? (
                  <Checkbox
                    checked={body.ignore_reprint}
                    disabled={disabled}
                    onChange={(event) => draft.change({ ignore_reprint: event.target.checked })}
                  >
                    {t("broadcasts.ignore_reprint")}
                  </Checkbox>
                ) : null}
              </div>
            </Card>
          </section>
        </div>
        {beside ? <aside className="bc-phone">{picture}</aside> : null}
      </div>
      {beside ? null : (
        <Drawer open={phone} onClose={() => setPhone(false)} title={t("broadcasts.phone")} size={380}>
          {picture}
        </Drawer>
      )}
      {preview ? (
        <PreviewDialog
          account={account}
          broadcast={{ ...broadcast, contents: body.contents }}
          variant={shown}
          flush={draft.flush}
          onClose={() => setPreview(false)}
        />
      ) : null}
    </Page>
  );
}
