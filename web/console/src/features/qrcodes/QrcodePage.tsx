/** One code: its picture, what came of it, what it starts. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown, InputNumber, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import { useLive } from "@/api/live";
import { tagsQuery } from "@/api/queries";
import type { Account, Code } from "@/api/types";
import { useNarrow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Facts, Note, Page, ShortId, TagChip, Trouble, When } from "@/ui/kit";
import { codeQuery, codeStatsQuery, pictureOf, useChangeCode, useRenewCode } from "./api";
import { Download } from "./Download";
import { Days, Figures } from "./Figures";
import { bodyOf, CodeForm, CodePhone, type Draft, draftOf, faultOf } from "./Form";
import { KeptDays } from "./KeptDays";
import { OfAccount } from "./OfAccount";
import { State } from "./parts";
import { StretchPicker, useStretch } from "./Stretch";

export default function QrcodePage() {
  const { id } = useParams({ from: "/signed-in/qrcodes/$id" });
  return <OfAccount>{(account) => <Loaded key={id} account={account} id={id} />}</OfAccount>;
}

function Back({ account }: { account: Account }) {
  const { t } = useTranslation();
  return (
    <Link to="/qrcodes" search={{ account: account.id }} className="back">
      <Icon name="left" size={14} /> {t("nav.qrcodes")}
    </Link>
  );
}

function Loaded({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation();
  const { edit } = useSearch({ from: "/signed-in/qrcodes/$id" });
  const query = useQuery(codeQuery(account.id, id));
  useLive("event", ({ event }) => {
    if (event.account_id === account.id && (event.properties.qrcode_id === id || event.kind === "unfollow")) {
      // The figures are counted a moment behind.
      setTimeout(() => void query.refetch(), 800);
    }
  });
  if (!query.data)
    return (
      <Page title={t("qrcodes.one")} back={<Back account={account} />}>
        {query.error ? (
          isCode(query.error, "not_found") ? (
            <div className="card">
              <Empty drawing="search">{t("qrcodes.gone")}</Empty>
            </div>
          ) : (
            <Trouble error={query.error} retry={() => void query.refetch()} />
          )
        ) : (
          <Card>
            <Bars rows={8} height={30} />
          </Card>
        )}
      </Page>
    );
  return edit ? <Edit account={account} code={query.data} /> : <Shown account={account} code={query.data} />;
}

function Shown({ account, code }: { account: Account; code: Code }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { language } = usePrefs();
  const notAllowed = useNotAllowed("qrcodes:write");
  const { whyFunction } = useReasons();
  const off = notAllowed ?? whyFunction(account, "qrcode");
  const days = useStretch();
  const stats = useQuery({
    ...codeStatsQuery(account.id, code.id, days.stretch),
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });
  const change = useChangeCode(account.id, code.id);
  const [renewing, setRenewing] = useState(false);
  const archive = (archived: boolean) =>
    change.mutate({ archived }, { onError: (error) => void message.error(problemText(error)) });
  const edit = () =>
    void navigate({
      to: "/qrcodes/$id",
      params: { id: code.id },
      search: { account: account.id, edit: "1" },
    });
  return (
    <Page
      title={code.name}
      back={<Back account={account} />}
      note={code.note}
      actions={
        <>
          <Because reason={notAllowed}>
            <Button icon={<Icon name="edit" />} disabled={!!notAllowed} onClick={edit}>
              {t("qrcodes.edit")}
            </Button>
          </Because>
          {code.url ? (
            <Download
              primary
              label={t("qrcodes.download")}
              addressOf={(query) => pictureOf(account.id, code.id, query)}
              fileName={(ending) => `${code.name}.${ending}`}
            />
          ) : null}
          {code.url ? (
            <Button
              icon={<Icon name="image" />}
              onClick={() =>
                void navigate({
                  to: "/qrcodes/$id/poster",
                  params: { id: code.id },
                  search: { account: account.id },
                })
              }
            >
              {t("qrcodes.poster.open")}
            </Button>
          ) : null}
          <Because reason={notAllowed}>
            <Dropdown
              trigger={["click"]}
              disabled={!!notAllowed}
              menu={{
                onClick: ({ key }) =>
                  key === "renew" ? setRenewing(true) : archive(code.archived_at === null),
                items: [
                  ...(!code.permanent && code.url
                    ? [
                        {
                          key: "renew",
                          label: t("qrcodes.renew"),
                          icon: <Icon name="refresh" />,
                          disabled: !!off,
                        },
                      ]
                    : []),
                  {
                    key: "archive",
                    label: t(code.archived_at === null ? "qrcodes.archive" : "qrcodes.unarchive"),
                    icon: <Icon name={code.archived_at === null ? "close" : "undo"} />,
                  },
                ],
              }}
            >
              <Button aria-label={t("app.more")} icon={<Icon name="more" />} disabled={!!notAllowed} />
            </Dropdown>
          </Because>
        </>
      }
    >
      {change.error ? (
        <div className="code-note">
          <Trouble error={change.error} />
        </div>
      ) : null}
      <Standing account={account} code={code} off={off} onRenew={() => setRenewing(true)} />
      <div className="code-page">
        <div className="stack">
          <Card>
            <div className="code-poster">
              {code.url ? (
                <img
                  src={pictureOf(
                    account.id,
                    code.id,
                    `format=svg&v=${code.updated_at}-${code.expires_at ?? 0}`,
                  )}
                  alt={t("qrcodes.picture_of", { name: code.name })}
                  className={code.state === "live" ? "" : "code-faded"}
                />
              ) : (
                <span className="code-blank">
                  <Icon name="qrcode" size={48} />
                </span>
              )}
            </div>
            <Facts
              items={[
                [t("qrcodes.state"), <State key="s" code={code} />],
                [t("qrcodes.source"), code.source ?? <span className="dim">—</span>],
                [t("qrcodes.folder"), code.folder ?? <span className="dim">—</span>],
                [t("qrcodes.created"), <When key="c" at={code.created_at} />],
                [t("qrcodes.last_scan"), <When key="l" at={code.last_scan_at} />],
                [t("qrcodes.scene"), <ShortId key="i" value={code.scene} />],
              ]}
            />
          </Card>
        </div>
        <div className="stack">
          <Card title={t("qrcodes.figures")} extra={<StretchPicker {...days} />}>
            {stats.error && !stats.data ? (
              <Trouble error={stats.error} retry={() => void stats.refetch()} />
            ) : (
              <>
                {stats.data ? <Figures total={stats.data.total} /> : <Bars rows={1} height={52} />}
                <Days stats={stats.data} />
                {stats.data ? <KeptDays stats={stats.data} /> : null}
              </>
            )}
            <p className="small dim code-in-all">
              {t("qrcodes.in_all", {
                scans: code.scans.toLocaleString(language),
                follows: code.follows.toLocaleString(language),
                lost: code.lost.toLocaleString(language),
              })}
            </p>
          </Card>
          <Card title={t("qrcodes.after_scan")}>
            <div className="code-after">
              <Facts
                items={[
                  [
                    t("qrcodes.tags"),
                    code.tags.length > 0 ? (
                      <span key="t" className="tags">
                        {code.tags.map((tag) => (
                          <TagChip key={tag.id} tag={tag} />
                        ))}
                      </span>
                    ) : (
                      <span key="t" className="dim">
                        {t("qrcodes.no_tags")}
                      </span>
                    ),
                  ],
                  [
                    t("qrcodes.new_short"),
                    code.on_scan.new_fans === null
                      ? t("qrcodes.inherit")
                      : code.on_scan.new_fans.length === 0
                        ? t("qrcodes.nothing")
                        : t("qrcodes.messages", { count: code.on_scan.new_fans.length }),
                  ],
                  [
                    t("qrcodes.following_short"),
                    code.on_scan.following.length === 0
                      ? t("qrcodes.nothing")
                      : t("qrcodes.messages", { count: code.on_scan.following.length }),
                  ],
                ]}
              />
              {(code.on_scan.new_fans?.length ?? 0) + code.on_scan.following.length > 0 ? (
                <CodePhone account={account} draft={draftOf(code)} />
              ) : null}
            </div>
          </Card>
        </div>
      </div>
      {renewing ? <Renew account={account} code={code} onClose={() => setRenewing(false)} /> : null}
    </Page>
  );
}

/** What is wrong with the code, and the way out. */
function Standing({
  account,
  code,
  off,
  onRenew,
}: {
  account: Account;
  code: Code;
  off: string | null;
  onRenew: () => void;
}) {
  const { t } = useTranslation();
  const renew = useRenewCode(account.id, code.id);
  const again = (text: string, press: () => void) => (
    <Because reason={off}>
      <Button size="small" disabled={!!off} loading={renew.isPending} onClick={press}>
        {text}
      </Button>
    </Because>
  );
  const note =
    code.state === "making" ? (
      <Note tone="warning" action={again(t("qrcodes.make_again"), () => renew.mutate(undefined))}>
        {t(code.problem ? "qrcodes.making_failed" : "qrcodes.making")}
      </Note>
    ) : code.state === "expired" ? (
      <Note tone="warning" action={again(t("qrcodes.renew"), onRenew)}>
        {t("qrcodes.expired_more")}
      </Note>
    ) : code.state === "archived" ? (
      <Note>{t("qrcodes.archived_more")}</Note>
    ) : null;
  if (!note && !renew.error) return null;
  return (
    <div className="code-note stack-tight">
      {note}
      {renew.error ? <Trouble error={renew.error} /> : null}
    </div>
  );
}

function Renew({ account, code, onClose }: { account: Account; code: Code; onClose: () => void }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(30);
  const renew = useRenewCode(account.id, code.id);
  return (
    <Modal
      open
      title={t("qrcodes.renew")}
      okText={t("qrcodes.renew_days", { count: days })}
      confirmLoading={renew.isPending}
      onCancel={onClose}
      onOk={() => renew.mutate(days, { onSuccess: onClose })}
    >
      <div className="stack">
        <p>{t("qrcodes.renew_more")}</p>
        <InputNumber
          autoFocus
          min={1}
          max={30}
          precision={0}
          value={days}
          aria-label={t("qrcodes.days")}
          suffix={t("qrcodes.days")}
          onChange={(value) => setDays(value ?? 30)}
        />
        {renew.error ? <Trouble error={renew.error} /> : null}
      </div>
    </Modal>
  );
}

function Edit({ account, code }: { account: Account; code: Code }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const tags = useQuery(tagsQuery).data ?? [];
  const [draft, setDraft] = useState<Draft>(() => draftOf(code));
  const change = useChangeCode(account.id, code.id);
  const notAllowed = useNotAllowed("qrcodes:write");
  const fault = faultOf(draft);
  const blocked = notAllowed ?? (fault ? t(fault) : null);
  const leave = () =>
    void navigate({
      to: "/qrcodes/$id",
      params: { id: code.id },
      search: { account: account.id, edit: undefined },
    });
  const save = () => {
    if (blocked || change.isPending) return;
    const known = new Set([...tags.map((tag) => tag.id), ...code.tags.map((tag) => tag.id)]);
    change.mutate(bodyOf(draft, known), { onSuccess: leave });
  };
  return (
    <Page
      title={t("qrcodes.edit_what", { name: code.name })}
      back={<Back account={account} />}
      actions={
        <>
          <Button onClick={leave}>{t("app.cancel")}</Button>
          <Because reason={blocked}>
            <Button type="primary" disabled={!!blocked} loading={change.isPending} onClick={save}>
              {t("app.save")}
            </Button>
          </Because>
        </>
      }
    >
      {change.error ? (
        <div className="code-note">
          <Trouble error={change.error} />
        </div>
      ) : null}
      <div className="code-editor">
        <CodeForm account={account} draft={draft} onChange={setDraft} isNew={false} onSubmit={save} />
        {narrow ? null : (
          <div className="code-phone">
            <CodePhone account={account} draft={draft} />
          </div>
        )}
      </div>
    </Page>
  );
}
