/** A table on its way to codes: looked at, made, packed. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, InputNumber, Progress, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, CodeBatchPage, CodeLine } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { lengthText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Badge, Bars, Because, Card, Note, Page, Trouble, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { batchQuery, useBatchActions, zipOf } from "./api";
import { Download } from "./Download";
import { OfAccount } from "./OfAccount";

export default function BatchPage() {
  const { id } = useParams({ from: "/signed-in/qrcodes/batches/$id" });
  return <OfAccount>{(account) => <Table key={id} account={account} id={id} />}</OfAccount>;
}

function Table({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation();
  // The stream tells of each step; should it be away, the page asks by itself.
  const query = useQuery({
    ...batchQuery(account.id, id),
    refetchInterval: (query) => (query.state.data?.state === "running" ? 2_000 : false),
  });
  const back = (
    <Link to="/qrcodes" search={{ account: account.id }} className="back">
      <Icon name="left" size={14} /> {t("nav.qrcodes")}
    </Link>
  );
  if (!query.data)
    return (
      <Page title={t("qrcodes.batch")} back={back}>
        {query.error ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Card>
            <Bars rows={8} height={30} />
          </Card>
        )}
      </Page>
    );
  const batch = query.data;
  return (
    <Page title={batch.file_name} back={back} note={<When at={batch.created_at} />}>
      {batch.state === "draft" ? (
        <Draft account={account} batch={batch} />
      ) : (
        <Making account={account} batch={batch} />
      )}
    </Page>
  );
}

function Draft({ account, batch }: { account: Account; batch: CodeBatchPage }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const notAllowed = useNotAllowed("qrcodes:write");
  const { whyFunction } = useReasons();
  const { start, forget } = useBatchActions(account.id, batch.id);
  const [permanent, setPermanent] = useState(true);
  const [days, setDays] = useState(30);
  const n = (value: number) => count(value, language);
  const blocked =
    notAllowed ??
    whyFunction(account, "qrcode") ??
    (batch.total === 0 ? t("qrcodes.no_lines") : null) ??
    (permanent && batch.budget.left < batch.total
      ? t("qrcodes.no_room", { left: n(batch.budget.left) })
      : null);
  const columns: Column<CodeLine>[] = [
    {
      key: "line",
      title: t("qrcodes.line"),
      width: 64,
      render: (line) => <span className="num dim">{line.line}</span>,
    },
    { key: "name", title: t("qrcodes.name"), render: (line) => line.name },
    {
      key: "source",
      title: t("qrcodes.source"),
      blank: (line) => !line.source,
      render: (line) => line.source ?? <span className="dim">—</span>,
    },
    {
      key: "tags",
      title: t("qrcodes.tags"),
      blank: (line) => line.tags.length === 0,
      render: (line) =>
        line.tags.length > 0 ? (
          <span className="tags">
            {line.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ) : (
          <span className="dim">—</span>
        ),
    },
    {
      key: "folder",
      title: t("qrcodes.folder"),
      blank: (line) => !line.folder,
      render: (line) => line.folder ?? <span className="dim">—</span>,
    },
    {
      key: "note",
      title: t("qrcodes.note"),
      roomy: true,
      blank: (line) => !line.note,
      render: (line) => line.note ?? <span className="dim">—</span>,
    },
  ];
  return (
    <div className="stack">
      <Card>
        <div className="code-check">
          <div>
            <strong className="code-check-count">
              {t("qrcodes.will_make", { count: batch.total, n: n(batch.total) })}
            </strong>
            <p className="soft">
              {permanent
                ? t("qrcodes.will_leave", { left: n(Math.max(0, batch.budget.left - batch.total)) })
                : t("qrcodes.will_live", { count: days })}
              {batch.new_tags.length > 0
                ? ` ${t("qrcodes.will_tag", { tags: batch.new_tags.slice(0, 8).join(t("app.comma")) })}`
                : ""}
            </p>
          </div>
          <div className="row row-wrap">
            <Segmented
              value={permanent ? "permanent" : "temporary"}
              onChange={(value) => setPermanent(value === "permanent")}
              options={[
                { value: "permanent", label: t("qrcodes.permanent") },
                { value: "temporary", label: t("qrcodes.temporary") },
              ]}
            />
            {permanent ? null : (
              <InputNumber
                min={1}
                max={30}
                precision={0}
                value={days}
                aria-label={t("qrcodes.days")}
                suffix={t("qrcodes.days")}
                onChange={(value) => setDays(value ?? 30)}
              />
            )}
            <Because reason={blocked}>
              <Button
                type="primary"
                disabled={!!blocked}
                loading={start.isPending}
                onClick={() =>
                  start.mutate({
                    permanent,
                    days: permanent ? undefined : days,
                    folder: batch.file_name.replace(/\.[^.]+$/, "").slice(0, 40),
                    tag_ids: [],
                  })
                }
              >
                {t("qrcodes.make_n", { count: batch.total, n: n(batch.total) })}
              </Button>
            </Because>
            <Because reason={notAllowed}>
              <Button
                disabled={!!notAllowed}
                loading={forget.isPending}
                onClick={() =>
                  forget.mutate(undefined, {
                    onSuccess: () => void navigate({ to: "/qrcodes", search: { account: account.id } }),
                  })
                }
              >
                {t("qrcodes.forget")}
              </Button>
            </Because>
          </div>
        </div>
        {start.error ? <Trouble error={start.error} /> : null}
        {forget.error ? <Trouble error={forget.error} /> : null}
      </Card>
      <Faults batch={batch} />
      <List
        label={t("qrcodes.preview")}
        rows={batch.lines}
        columns={columns}
        rowKey={(line) => String(line.line)}
        keys={false}
        empty={null}
      />
      {batch.total > batch.lines.length ? (
        <p className="small dim">
          {t("qrcodes.and_more", {
            count: batch.total - batch.lines.length,
            n: n(batch.total - batch.lines.length),
          })}
        </p>
      ) : null}
    </div>
  );
}

/** Lines that are left out, and why. */
function Faults({ batch }: { batch: CodeBatchPage }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  if (batch.faulty === 0) return null;
  const column = (name: string) => t(`qrcodes.columns.${name}` as "qrcodes.columns.name");
  const fault = (code: string) => t(`qrcodes.faults.${code}` as "qrcodes.faults.empty");
  return (
    <Note tone="warning">
      {t("qrcodes.faulty", { count: batch.faulty, n: count(batch.faulty, language) })}
      <ul className="code-faults">
        {batch.faults.slice(0, 50).map((one) => (
          <li key={`${one.line}-${one.column}-${one.code}`}>
            <span className="num">{t("qrcodes.line_n", { n: one.line })}</span> {column(one.column)}
            {fault(one.code)}
            {one.value ? <span className="soft"> {one.value}</span> : null}
          </li>
        ))}
      </ul>
    </Note>
  );
}

function Making({ account, batch }: { account: Account; batch: CodeBatchPage }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const notAllowed = useNotAllowed("qrcodes:write");
  const { start, stop } = useBatchActions(account.id, batch.id);
  const n = (value: number) => count(value, language);
  const percent = batch.total > 0 ? ((batch.made + batch.failed) / batch.total) * 100 : 100;
  const again = (
    <Because reason={notAllowed}>
      <Button
        size="small"
        disabled={!!notAllowed}
        loading={start.isPending}
        onClick={() => start.mutate({ permanent: true, folder: null, tag_ids: [] })}
      >
        {t("qrcodes.go_on")}
      </Button>
    </Because>
  );
  return (
    <div className="stack">
      <Card>
        <div className="stack">
          <div className="row row-between row-wrap">
            <span className="row">
              {batch.state === "done" ? (
                <span className="code-done">
                  <Icon name="check" size={16} />
                </span>
              ) : null}
              <strong>{t("qrcodes.made_of", { made: n(batch.made), total: n(batch.total) })}</strong>
              {batch.failed > 0 ? (
                <Badge tone="error">{t("qrcodes.refused_n", { count: batch.failed })}</Badge>
              ) : null}
            </span>
            <span className="row row-wrap">
              {batch.state === "running" && batch.waits_until === null ? (
                <Because reason={notAllowed}>
                  <Button
                    size="small"
                    disabled={!!notAllowed}
                    loading={stop.isPending}
                    icon={<Icon name="pause" size={14} />}
                    onClick={() => stop.mutate()}
                  >
                    {t("qrcodes.stop")}
                  </Button>
                </Because>
              ) : null}
              {batch.made > 0 ? (
                <Download
                  primary={batch.state === "done"}
                  zip
                  label={t("qrcodes.download_zip")}
                  addressOf={(query) => zipOf(account.id, batch.id, query)}
                  fileName={(ending) => `${batch.file_name.replace(/\.[^.]+$/, "")}.${ending}`}
                />
              ) : null}
            </span>
          </div>
          {batch.state === "done" ? null : (
            <>
              <Progress
                percent={Number(percent.toFixed(1))}
                showInfo={false}
                status={batch.state === "running" && batch.waits_until === null ? "active" : "normal"}
                strokeColor={batch.state === "running" ? "var(--primary)" : "var(--ink3)"}
                aria-label={t("qrcodes.batch")}
              />
              <div className="row row-between small soft">
                <span className="num">{`${percent.toFixed(0)}%`}</span>
                {batch.state === "running" && batch.rate > 0 ? (
                  <span>
                    {t("qrcodes.rate", { n: n(batch.rate) })}
                    {batch.seconds_left
                      ? ` · ${t("qrcodes.left", { time: lengthText(batch.seconds_left, language) })}`
                      : null}
                  </span>
                ) : null}
              </div>
            </>
          )}
          {batch.problem ? (
            <Note
              tone="warning"
              action={batch.state === "running" && batch.waits_until === null ? undefined : again}
            >
              {t(`qrcodes.problems.${batch.problem}` as "qrcodes.problems.wechat_day", {
                defaultValue: batch.problem,
              })}{" "}
              {batch.waits_until ? <When at={batch.waits_until} /> : null}
            </Note>
          ) : batch.state === "running" ? (
            <p className="small dim">{t("qrcodes.goes_on")}</p>
          ) : null}
          {batch.state === "done" && batch.failed > 0 ? (
            <Note tone="warning">{t("qrcodes.refused_more")}</Note>
          ) : null}
          {start.error ? <Trouble error={start.error} /> : null}
          {stop.error ? <Trouble error={stop.error} /> : null}
          {batch.made > 0 ? (
            <p>
              <Link to="/qrcodes" search={{ account: account.id, batch: batch.id }}>
                {t("qrcodes.see_them")}
              </Link>{" "}
              {" · "}
              <Link
                to="/qrcodes/batches/$id/sheet"
                params={{ id: batch.id }}
                search={{ account: account.id }}
              >
                {t("qrcodes.open_sheet")}
              </Link>
            </p>
          ) : null}
        </div>
      </Card>
      <Faults batch={batch} />
    </div>
  );
}
