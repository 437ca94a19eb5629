/** The codes of an account: what came of them all, and the list. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Account, Code, CodeFigures } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Because, Card, Empty, Note, Num, Page, TagChip, Trouble, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { SearchBox } from "@/ui/SearchBox";
import { accountStatsQuery, codesQuery, overviewQuery, useReadTable } from "./api";
import { Days, Figures } from "./Figures";
import { OfAccount } from "./OfAccount";
import { State } from "./parts";
import { StretchPicker, useStretch } from "./Stretch";
import { TableButton } from "./TableButton";

export default function QrcodesPage() {
  return <OfAccount>{(account) => <Codes key={account.id} account={account} />}</OfAccount>;
}

function Codes({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/qrcodes" });
  const notAllowed = useNotAllowed("qrcodes:write");
  const { whyFunction } = useReasons();
  const why = whyFunction(account, "qrcode");
  const off = notAllowed ?? why;
  const overview = useQuery(overviewQuery(account.id)).data;
  const days = useStretch();
  const stats = useQuery({
    ...accountStatsQuery(account.id, days.stretch),
    placeholderData: keepPreviousData,
  }).data;
  const filters = {
    query: search.query,
    state: search.stage,
    folder: search.folder,
    batch: search.batch,
    sort: search.by,
  };
  const query = useInfiniteQuery({
    ...codesQuery(account.id, filters),
    placeholderData: keepPreviousData,
  });
  const rows = query.data?.pages.flatMap((page) => page.items);
  const filtered = !!(search.query || search.stage || search.folder || search.batch);
  const set = (part: Partial<typeof search>) =>
    void navigate({ to: "/qrcodes", search: (s) => ({ ...s, ...part }), replace: true });
  const read = useReadTable(account.id);
  const n = (value: number) => count(value, language);

  const columns: Column<Code>[] = [
    {
      key: "name",
      title: t("qrcodes.one"),
      render: (code) => (
        <span className="code-name">
          <Link
            to="/qrcodes/$id"
            params={{ id: code.id }}
            search={{ account: account.id, edit: undefined }}
            onClick={(event) => event.stopPropagation()}
          >
            {code.name}
          </Link>
          {code.source || code.folder ? (
            <small className="soft">{[code.folder, code.source].filter(Boolean).join(" · ")}</small>
          ) : null}
        </span>
      ),
    },
    {
      key: "state",
      title: t("qrcodes.state"),
      width: 190,
      render: (code) => <State code={code} />,
    },
    {
      key: "tags",
      title: t("qrcodes.tags"),
      roomy: true,
      blank: (code) => code.tags.length === 0,
      render: (code) =>
        code.tags.length === 0 ? (
          <span className="dim">—</span>
        ) : (
          <span className="tags">
            {code.tags.slice(0, 3).map((tag) => (
              <TagChip key={tag.id} tag={tag} />
            ))}
            {code.tags.length > 3 ? <span className="dim small">+{code.tags.length - 3}</span> : null}
          </span>
        ),
    },
    {
      key: "scans",
      title: t("qrcodes.scans"),
      align: "right",
      width: 90,
      render: (code) => <Num value={code.scans} />,
    },
    {
      key: "follows",
      title: t("qrcodes.follows"),
      align: "right",
      width: 90,
      render: (code) => <Num value={code.follows} />,
    },
    {
      key: "lost",
      title: t("qrcodes.lost"),
      align: "right",
      width: 80,
      roomy: true,
      render: (code) => <Num value={code.lost} />,
    },
    {
      key: "created",
      title: t("qrcodes.created"),
      align: "right",
      width: 130,
      roomy: true,
      wideOnly: true,
      render: (code) => <When at={code.created_at} />,
    },
  ];
  const make = (
    <Because reason={off}>
      <Button
        type="primary"
        icon={<Icon name="plus" />}
        disabled={!!off}
        onClick={() => void navigate({ to: "/qrcodes/new", search: { account: account.id } })}
      >
        {t("qrcodes.new")}
      </Button>
    </Because>
  );

  return (
    <Page
      title={t("nav.qrcodes")}
      note={
        overview ? (
          <span title={t("qrcodes.budget_more")}>
            {t("qrcodes.budget", { used: n(overview.budget.used), left: n(overview.budget.left) })}
          </span>
        ) : (
          "\u00a0"
        )
      }
      actions={
        <>
          <TableButton account={account} off={off} read={read} />
          {make}
        </>
      }
    >
      {why ? (
        <div className="code-note">
          <Note tone="warning">{why}</Note>
        </div>
      ) : null}
      {read.error ? (
        <div className="code-note">
          <Trouble error={read.error} />
        </div>
      ) : null}
      {stats && (stats.total.scans > 0 || !days.isUsual) ? (
        <div className="code-over-all">
          <Card title={t("qrcodes.figures")} extra={<StretchPicker {...days} />}>
            <Figures total={stats.total} />
            <Days stats={stats} height={150} />
          </Card>
          <Card title={t("qrcodes.by_folder")} flush>
            <Folders folders={stats.folders} onPick={(folder) => set({ folder })} />
          </Card>
        </div>
      ) : null}
      <div className="filters">
        <SearchBox
          value={search.query}
          label={t("qrcodes.search")}
          onChange={(text) => set({ query: text })}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("qrcodes.any_state")}
          aria-label={t("qrcodes.any_state")}
          value={search.stage}
          onChange={(stage) => set({ stage })}
          options={(["live", "expired", "making", "archived"] as const).map((value) => ({
            value,
            label: t(`qrcodes.states.${value}`),
          }))}
        />
        <Select
          allowClear
          className="filter"
          placeholder={t("qrcodes.any_folder")}
          aria-label={t("qrcodes.any_folder")}
          value={search.folder}
          onChange={(folder) => set({ folder })}
          showSearch={{ optionFilterProp: "label" }}
          options={(overview?.folders ?? []).map((folder) => ({
            value: folder.name,
            label: `${folder.name} (${n(folder.codes)})`,
          }))}
        />
        <Select
          className="filter"
          aria-label={t("qrcodes.order")}
          value={search.by ?? "created"}
          onChange={(by) => set({ by: by === "scans" ? "scans" : undefined })}
          options={[
            { value: "created", label: t("qrcodes.by_created") },
            { value: "scans", label: t("qrcodes.by_scans") },
          ]}
        />
        {search.batch ? (
          <Button onClick={() => set({ batch: undefined })}>{t("qrcodes.of_batch")} ×</Button>
        ) : null}
      </div>
      <List
        label={t("nav.qrcodes")}
        rows={rows}
        columns={columns}
        rowKey={(code) => code.id}
        error={query.error}
        retry={() => void query.refetch()}
        busy={query.isPlaceholderData}
        onOpen={(code) =>
          void navigate({
            to: "/qrcodes/$id",
            params: { id: code.id },
            search: { account: account.id, edit: undefined },
          })
        }
        more={{
          has: query.hasNextPage,
          loading: query.isFetchingNextPage,
          load: () => void query.fetchNextPage(),
        }}
        empty={
          <div className="card">
            {filtered ? (
              <Empty
                drawing="search"
                action={
                  <Button
                    onClick={() =>
                      set({ query: undefined, stage: undefined, folder: undefined, batch: undefined })
                    }
                  >
                    {t("qrcodes.clear")}
                  </Button>
                }
              >
                {t("qrcodes.none_found")}
              </Empty>
            ) : (
              <Empty drawing="letter" action={make}>
                {t("qrcodes.empty")}
              </Empty>
            )}
          </div>
        }
      />
    </Page>
  );
}

function Folders({
  folders,
  onPick,
}: {
  folders: (CodeFigures & { folder: string | null })[];
  onPick: (folder: string | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="code-folders">
      <table className="table">
        <thead>
          <tr>
            <th>{t("qrcodes.folder")}</th>
            <th className="right">{t("qrcodes.scans")}</th>
            <th className="right">{t("qrcodes.follows")}</th>
            <th className="right">{t("qrcodes.lost")}</th>
          </tr>
        </thead>
        <tbody>
          {folders.map((one) => (
            <tr key={one.folder ?? ""}>
              <td>
                {one.folder ? (
                  <button
                    type="button"
                    className="plain text-link"
                    onClick={() => onPick(one.folder ?? undefined)}
                  >
                    {one.folder}
                  </button>
                ) : (
                  <span className="dim">{t("qrcodes.no_folder")}</span>
                )}
              </td>
              <td className="right">
                <Num value={one.scans} />
              </td>
              <td className="right">
                <Num value={one.follows} />
              </td>
              <td className="right">
                <Num value={one.lost} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
