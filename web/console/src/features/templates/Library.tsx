/** The account's templates as WeChat has them: found, looked at, used, added, deleted. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Input, Segmented, Tooltip } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Template, TemplateKind } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { exactTime } from "@/lib/time";
import { libraryQuery } from "@/template/api";
import { Icon } from "@/ui/icons";
import { Badge, Bars, Because, Card, Empty, Note, Trouble, When } from "@/ui/kit";
import { AddNotice, AddTemplate } from "./Add";
import { useDeleteTemplate, useSync } from "./api";
import { IndustriesDialog } from "./Industries";

export function Library({ account, off }: { account: Account; off: string | null }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const { whyFunction } = useReasons();
  const notAllowed = useNotAllowed("messages:write");
  const noNotices = notAllowed ?? whyFunction(account, "notice");
  const mayIndustries = useNotAllowed("accounts:write");
  const query = useQuery({
    ...libraryQuery(account.id),
    refetchInterval: (one) => (one.state.data?.state === "running" ? 1_500 : false),
  });
  const sync = useSync(account.id);
  const [text, setText] = useState("");
  const [kind, setKind] = useState<TemplateKind | "all">("all");
  const [dialog, setDialog] = useState<"template" | "notice" | "industries" | null>(null);
  const library = query.data;
  // Nobody has asked WeChat yet: the first who looks does.
  const asked = useRef(false);
  useEffect(() => {
    if (library?.state !== "never" || off || asked.current) return;
    asked.current = true;
    sync.mutate();
  }, [library?.state, off, sync.mutate]);

  if (!library)
    return query.error ? (
      <Trouble error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Card>
        <Bars rows={6} height={44} />
      </Card>
    );
  const words = text.trim().toLowerCase();
  const found = library.items.filter(
    (one) =>
      (kind === "all" || one.kind === kind) &&
      (!words || [one.title, one.content, one.wechat_id].some((part) => part.toLowerCase().includes(words))),
  );
  const running = library.state === "running" || sync.isPending;
  const industry = [library.primary_industry, library.secondary_industry].filter(Boolean).join("、");
  return (
    <>
      <div className="filters">
        <Input
          allowClear
          className="template-search"
          prefix={<Icon name="search" size={15} />}
          placeholder={t("templates.search")}
          aria-label={t("templates.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Segmented
          value={kind}
          onChange={(value) => setKind(value as TemplateKind | "all")}
          options={[
            { value: "all", label: t("templates.all_kinds") },
            { value: "template", label: t("templates.kinds.template") },
            { value: "notice", label: t("templates.kinds.notice") },
          ]}
        />
        <span className="grow" />
        <span className="small soft template-synced">
          {running ? (
            t("templates.syncing")
          ) : library.synced_at ? (
            <Tooltip title={exactTime(library.synced_at, language, zone)}>
              <span>
                {t("templates.synced")} <When at={library.synced_at} />
              </span>
            </Tooltip>
          ) : (
            t("templates.never_synced")
          )}
        </span>
        <Because reason={off}>
          <Button
            icon={<Icon name="refresh" />}
            disabled={!!off}
            loading={running}
            onClick={() => sync.mutate()}
          >
            {t("templates.sync")}
          </Button>
        </Because>
        <Because reason={off}>
          <Dropdown
            trigger={["click"]}
            disabled={!!off}
            menu={{
              onClick: ({ key }) => setDialog(key === "notice" ? "notice" : "template"),
              items: [
                { key: "template", label: t("templates.add_template") },
                {
                  key: "notice",
                  disabled: !!noNotices,
                  label: noNotices ? (
                    <Tooltip title={noNotices} placement="left">
                      <span>{t("templates.add_notice")}</span>
                    </Tooltip>
                  ) : (
                    t("templates.add_notice")
                  ),
                },
              ],
            }}
          >
            <Button icon={<Icon name="plus" />} disabled={!!off}>
              {t("templates.add")}
            </Button>
          </Dropdown>
        </Because>
      </div>
      {sync.error ? (
        <div className="template-note">
          <Trouble error={sync.error} />
        </div>
      ) : null}
      {library.problem ? (
        <div className="template-note">
          <Note tone="warning">
            {t(`templates.problems.${library.problem}` as "templates.problems.wechat_away")}
          </Note>
        </div>
      ) : null}
      {found.length > 0 ? (
        <div className="template-grid">
          {found.map((one) => (
            <OneTemplate key={one.id} account={account} template={one} off={off} noNotices={noNotices} />
          ))}
        </div>
      ) : (
        <div className="card">
          {words || kind !== "all" ? (
            <Empty
              drawing="search"
              action={
                <Button
                  onClick={() => {
                    setText("");
                    setKind("all");
                  }}
                >
                  {t("templates.clear")}
                </Button>
              }
            >
              {t("templates.none_found")}
            </Empty>
          ) : running ? (
            <Bars rows={4} height={44} />
          ) : (
            <Empty
              drawing="letter"
              action={
                <Because reason={off}>
                  <Button type="primary" disabled={!!off} onClick={() => setDialog("template")}>
                    {t("templates.add_template")}
                  </Button>
                </Because>
              }
            >
              {t("templates.empty")}
            </Empty>
          )}
        </div>
      )}
      <p className="small soft template-industry">
        {industry ? t("templates.industry", { industry }) : t("templates.no_industry")}{" "}
        {library.categories.length > 0
          ? t("templates.categories", { names: library.categories.map((one) => one.name).join("、") })
          : null}{" "}
        <Because reason={off ?? mayIndustries}>
          <Button
            type="link"
            size="small"
            disabled={!!(off ?? mayIndustries)}
            onClick={() => setDialog("industries")}
          >
            {t("templates.industry_change")}
          </Button>
        </Because>
      </p>
      {dialog === "template" ? <AddTemplate account={account} onClose={() => setDialog(null)} /> : null}
      {dialog === "notice" ? (
        <AddNotice account={account} library={library} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === "industries" ? (
        <IndustriesDialog account={account} library={library} onClose={() => setDialog(null)} />
      ) : null}
    </>
  );
}

function OneTemplate({
  account,
  template,
  off,
  noNotices,
}: {
  account: Account;
  template: Template;
  off: string | null;
  noNotices: string | null;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const remove = useDeleteTemplate(account.id);
  const gone = template.gone_at !== null;
  const open = template.used_by.find((one) => one.state === "running" || one.state === "scheduled");
  const blocked =
    off ?? (template.kind === "notice" ? noNotices : null) ?? (gone ? t("templates.gone_more") : null);
  const noDelete = off ?? (open ? t("templates.delete_used", { name: open.name }) : null);
  const ask = () =>
    modal.confirm({
      title: t("templates.delete_ask", { title: template.title }),
      content: (
        <div className="stack-tight">
          <p>{t("templates.delete_more")}</p>
          {template.used_by.length > 0 ? (
            <p>
              {t("templates.delete_drafts", {
                names: template.used_by.map((one) => one.name).join(t("app.comma")),
              })}
            </p>
          ) : null}
        </div>
      ),
      okText: t("templates.delete"),
      okButtonProps: { danger: true },
      cancelText: t("app.cancel"),
      onOk: () =>
        remove.mutateAsync(template.id).catch((error: unknown) => void message.error(problemText(error))),
    });
  return (
    <Card className={gone ? "template-card template-gone" : "template-card"}>
      <header className="template-head">
        <div>
          <h2>{template.title}</h2>
          <span className="small soft">
            {t(`templates.kinds.${template.kind}`)}
            {template.lasting ? ` · ${t("templates.lasting")}` : ""}
            {template.industry ? ` · ${t("templates.historical")}` : ""}
          </span>
        </div>
        {gone ? (
          <Badge tone="error">{t("templates.gone")}</Badge>
        ) : template.changed_at ? (
          <Badge tone="warning">
            {t("templates.changed")} <When at={template.changed_at} />
          </Badge>
        ) : null}
      </header>
      <dl className="template-fields">
        {template.fields.map((field) => (
          <div key={field.key} className={field.shown ? undefined : "template-hidden"}>
            <dt title={field.key}>{field.name || field.key}</dt>
            <dd>{field.shown ? (field.example ?? "—") : t("templates.not_shown")}</dd>
          </div>
        ))}
      </dl>
      {template.grants ? (
        <p className="small soft">
          {t("templates.grants", {
            count: template.grants.fans,
            fans: count(template.grants.fans, language),
            notices: count(template.grants.notices, language),
          })}
          {template.grants.lasting > 0
            ? ` ${t("templates.grants_lasting", { n: count(template.grants.lasting, language) })}`
            : ""}
        </p>
      ) : null}
      <footer className="template-foot">
        <span className="small soft grow">
          {template.used_by.length > 0 ? t("templates.used_by", { count: template.used_by.length }) : ""}
        </span>
        <Because reason={noDelete}>
          <Button
            type="text"
            size="small"
            aria-label={t("templates.delete_what", { title: template.title })}
            icon={<Icon name="trash" />}
            disabled={!!noDelete}
            onClick={ask}
          />
        </Because>
        <Because reason={blocked}>
          <Button
            size="small"
            type="primary"
            ghost
            disabled={!!blocked}
            onClick={() =>
              void navigate({
                to: "/templates/new",
                search: { account: account.id, template: template.id },
              })
            }
          >
            {t("templates.use")}
          </Button>
        </Because>
      </footer>
    </Card>
  );
}
