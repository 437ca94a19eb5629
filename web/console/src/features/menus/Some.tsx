/** Menus that only some fans see, and what a certain fan sees. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, ConditionalMenu, Id, MenuView, PhonePlatform } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { FanSelect } from "@/person/FanSelect";
import { Icon } from "@/ui/icons";
import { Badge, Because, Card, Empty, Note, Trouble, When } from "@/ui/kit";
import { useAddConditional, useRemoveConditional, useSeeAs, wechatTagsQuery } from "./api";
import type { MenuProps } from "./Editor";
import { PhoneMenu } from "./PhoneMenu";

const platforms: PhonePlatform[] = ["ios", "android", "other"];
const tones = { adding: "warning", live: "ok", removing: "warning", failed: "error" } as const;

export function Some({ account, view, notAllowed, off }: MenuProps) {
  const { t } = useTranslation();
  const remove = useRemoveConditional(account.id);
  const tags = useQuery(wechatTagsQuery(account.id)).data?.items;
  const see = useSeeAs(account.id);
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [button, setButton] = useState<string | undefined>();
  const busy =
    view.publishing || view.conditional.some((one) => one.state === "adding" || one.state === "removing");
  const blocked =
    notAllowed ??
    off ??
    (busy ? t("menus.on_its_way") : null) ??
    (view.live?.buttons.length ? null : t("menus.some_first")) ??
    (view.faults.length > 0 ? t("menus.some_draft") : null);
  const whom = (one: ConditionalMenu) =>
    [
      one.wechat_tag_id === null
        ? null
        : t("menus.with_tag", {
            tag: tags?.find((tag) => tag.wechat_id === one.wechat_tag_id)?.name ?? String(one.wechat_tag_id),
          }),
      one.platform ? t(`menus.platforms.${one.platform}`) : null,
    ]
      .filter(Boolean)
      .join(t("menus.and"));
  const nameOf = (one: ConditionalMenu) => one.name || t("menus.made_elsewhere");
  const shown = view.conditional.find((one) => one.id === chosen);
  const seen = see.data;
  const buttons = shown?.buttons ?? seen?.buttons ?? view.live?.buttons ?? [];

  return (
    <div className="menu-editor">
      <div className="menu-left">
        <Card
          title={t("menus.views.some")}
          extra={
            <Because reason={blocked}>
              <Button
                size="small"
                type="primary"
                icon={<Icon name="plus" size={14} />}
                disabled={!!blocked}
                onClick={() => setAdding(true)}
              >
                {t("menus.some_add")}
              </Button>
            </Because>
          }
        >
          <p className="field-more">{t("menus.some_order")}</p>
          {remove.error ? <Trouble error={remove.error} /> : null}
          {view.conditional.length === 0 ? (
            <Empty drawing="people" compact>
              {t("menus.some_none")}
            </Empty>
          ) : (
            <ol className="versions">
              {view.conditional.map((one) => (
                <li key={one.id} className={one.id === chosen ? "version on" : "version"}>
                  <button
                    type="button"
                    className="version-open"
                    onClick={() => {
                      see.reset();
                      setChosen(one.id);
                    }}
                  >
                    <span className="grow">
                      <span className="row row-wrap">
                        <strong>{nameOf(one)}</strong>
                        <Badge tone={tones[one.state]}>{t(`menus.some_state.${one.state}`)}</Badge>
                      </span>
                      <small>
                        {whom(one)} · {one.made_by ?? t("menus.elsewhere")} · <When at={one.made_at} />
                        {one.problem
                          ? ` · ${wechatText(one.errcode) ?? t(`menus.failed.${one.problem}` as "menus.failed.wechat_refused")}`
                          : ""}
                      </small>
                    </span>
                  </button>
                  <Because
                    reason={
                      notAllowed ?? (busy ? t("menus.on_its_way") : one.state === "failed" ? null : off)
                    }
                  >
                    <Button
                      size="small"
                      icon={<Icon name="trash" size={14} />}
                      aria-label={t("menus.some_remove", { name: nameOf(one) })}
                      disabled={!!notAllowed || !!busy || (one.state !== "failed" && !!off)}
                      onClick={() => remove.mutate(one.id)}
                    />
                  </Because>
                </li>
              ))}
            </ol>
          )}
        </Card>
        <SeeAs
          account={account.id}
          off={off}
          isPending={see.isPending}
          onSee={(id) => {
            setChosen(null);
            see.mutate(id);
          }}
        >
          {see.error ? <Trouble error={see.error} /> : null}
          {seen ? (
            <Note tone="ok" icon="phone">
              {seen.is_default
                ? t("menus.sees_default")
                : seen.conditional_id
                  ? t("menus.sees_some", {
                      name: view.conditional.find((one) => one.id === seen.conditional_id)?.name ?? "",
                    })
                  : t("menus.sees_elsewhere")}
            </Note>
          ) : null}
        </SeeAs>
      </div>
      <aside className="menu-phone">
        <PhoneMenu account={account} buttons={buttons} chosen={button} onChoose={setButton} />
      </aside>
      {adding ? <AddSome account={account} view={view} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

function SeeAs({
  account,
  off,
  isPending,
  onSee,
  children,
}: {
  account: Id;
  off: string | null;
  isPending: boolean;
  onSee: (customer: string) => void;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const [seen, setSeen] = useState<Id | null>(null);
  return (
    <Card title={t("menus.see_as")}>
      <div className="stack-tight">
        <p className="field-more">{t("menus.see_as_more")}</p>
        <Because reason={off}>
          <FanSelect
            className="see-as"
            account={account}
            disabled={!!off}
            busy={isPending}
            value={seen}
            placeholder={t("menus.see_as_hint")}
            label={t("menus.see_as")}
            onChange={(id) => {
              setSeen(id);
              if (id) onSee(id);
            }}
          />
        </Because>
        {children}
      </div>
    </Card>
  );
}

function AddSome({ account, view, onClose }: { account: Account; view: MenuView; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const add = useAddConditional(account.id);
  const tags = useQuery(wechatTagsQuery(account.id)).data?.items ?? [];
  const [name, setName] = useState("");
  const [tag, setTag] = useState<number | undefined>();
  const [platform, setPlatform] = useState<PhonePlatform | undefined>();
  const wrong =
    name.trim() === ""
      ? t("menus.some_name_first")
      : tag === undefined && !platform
        ? t("menus.some_whom_first")
        : null;
  return (
    <Modal
      open
      title={t("menus.some_add")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Because reason={wrong}>
            <Button
              type="primary"
              disabled={!!wrong}
              loading={add.isPending}
              onClick={() =>
                add.mutate(
                  {
                    name,
                    buttons: view.draft.buttons,
                    ...(tag === undefined ? {} : { wechat_tag_id: tag }),
                    ...(platform ? { platform } : {}),
                  },
                  { onSuccess: onClose },
                )
              }
            >
              {t("menus.some_publish")}
            </Button>
          </Because>
        </>
      }
    >
      <div className="stack">
        <Note
          action={
            <Button
              size="small"
              onClick={() => void navigate({ to: "/menu", search: (s) => ({ account: s.account }) })}
            >
              {t("menus.to_draft")}
            </Button>
          }
        >
          {t("menus.some_takes_draft", { names: view.draft.buttons.map((one) => one.name).join(" · ") })}
        </Note>
        <label className="field" htmlFor="some-name">
          <span className="field-label">{t("menus.some_name")}</span>
          <Input
            id="some-name"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="field" htmlFor="some-tag">
          <span className="field-label">{t("menus.some_tag")}</span>
          <Select
            id="some-tag"
            allowClear
            value={tag}
            onChange={setTag}
            placeholder={t("menus.some_any_tag")}
            notFoundContent={t("menus.some_no_tags")}
            options={tags
              .filter((one) => one.wechat_id !== null)
              .map((one) => ({ value: one.wechat_id as number, label: one.name }))}
          />
        </label>
        <label className="field" htmlFor="some-platform">
          <span className="field-label">{t("menus.some_platform")}</span>
          <Select
            id="some-platform"
            allowClear
            value={platform}
            onChange={setPlatform}
            placeholder={t("menus.some_any_phone")}
            options={platforms.map((value) => ({ value, label: t(`menus.platforms.${value}`) }))}
          />
        </label>
        {add.error ? <Trouble error={add.error} /> : null}
      </div>
    </Modal>
  );
}
