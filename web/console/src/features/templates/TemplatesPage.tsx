/** Templates and campaigns of an account: what was sent and is to be, and the library it is written with. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Account, Campaign, CampaignState } from "@/api/types";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, Empty, Note, Num, Page, When } from "@/ui/kit";
import { type Column, List } from "@/ui/list";
import { campaignsQuery } from "./api";
import { Library } from "./Library";
import { OfAccount, State, Whom } from "./parts";
import { Drifted } from "./Standing";

const states: CampaignState[] = ["draft", "scheduled", "missed", "running", "stopped", "done"];

export default function TemplatesPage() {
  return <OfAccount>{(account) => <Both key={account.id} account={account} />}</OfAccount>;
}

function Both({ account }: { account: Account }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { shelf, stage_of } = useSearch({ from: "/signed-in/templates" });
  const notAllowed = useNotAllowed("messages:write");
  const { whyFunction } = useReasons();
  const why = whyFunction(account, "template");
  const off = notAllowed ?? why;
  const show = (value: "library" | undefined) =>
    void navigate({ to: "/templates", search: (s) => ({ ...s, shelf: value }), replace: true });
  const write = (
    <Because reason={off}>
      <Button
        type="primary"
        icon={<Icon name="plus" />}
        disabled={!!off}
        onClick={() => void navigate({ to: "/templates/new", search: { account: account.id } })}
      >
        {t("campaigns.new")}
      </Button>
    </Because>
  );
  return (
    <Page
      title={t("nav.templates")}
      note={
        <Segmented
          value={shelf ?? "campaigns"}
          onChange={(value) => show(value === "library" ? "library" : undefined)}
          options={[
            { value: "campaigns", label: t("campaigns.list") },
            { value: "library", label: t("templates.library") },
          ]}
        />
      }
      actions={write}
    >
      {why ? (
        <div className="template-note">
          <Note tone="warning">{why}</Note>
        </div>
      ) : null}
      {shelf === "library" ? (
        <Library account={account} off={off} />
      ) : (
        <Campaigns account={account} state={stage_of} write={write} />
      )}
    </Page>
  );
}

function Campaigns({
  account,
  state,
  write,
}: {
  account: Account;
  state: CampaignState | undefined;
  write: React.ReactNode;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useInfiniteQuery({
    ...campaignsQuery(account.id, state),
    refetchInterval: (all) =>
      all.state.data?.pages.some((page) => page.items.some((one) => one.state === "running")) ? 3_000 : false,
  });
  const rows = query.data?.pages.flatMap((page) => page.items);
  const set = (stage: CampaignState | undefined) =>
    void navigate({ to: "/templates", search: (s) => ({ ...s, stage_of: stage }), replace: true });
  const columns: Column<Campaign>[] = [
    {
      key: "name",
      title: t("campaigns.one"),
      render: (one) => (
        <span className="campaign-name">
          <Link
            to="/templates/$id"
            params={{ id: one.id }}
            search={{ account: account.id, edit: undefined }}
            onClick={(event) => event.stopPropagation()}
          >
            {one.name}
          </Link>
          <small className="soft">
            {one.message.title} · {t(`templates.kinds.${one.service}`)}
          </small>
        </span>
      ),
    },
    {
      key: "state",
      title: t("campaigns.state"),
      width: 150,
      render: (one) => (
        <span className="campaign-state">
          <State state={one.state} />
          <Drifted drift={one.drift} short />
        </span>
      ),
    },
    {
      key: "whom",
      title: t("campaigns.to"),
      roomy: true,
      wideOnly: true,
      render: (one) => <Whom audience={one.audience} />,
    },
    {
      key: "sent",
      title: t("campaigns.counts.sent"),
      align: "right",
      width: 90,
      blank: (one) => one.counts.total === 0,
      render: (one) => <Num value={one.counts.total === 0 ? null : one.counts.sent} />,
    },
    {
      key: "wrong",
      title: t("campaigns.not_sent"),
      align: "right",
      width: 110,
      roomy: true,
      blank: (one) => one.counts.total === 0,
      render: (one) => (
        <Num
          value={
            one.counts.total === 0 ? null : one.counts.refused + one.counts.unknown + one.counts.cancelled
          }
        />
      ),
    },
    {
      key: "when",
      title: t("campaigns.when"),
      align: "right",
      width: 150,
      render: (one) => <When at={one.started_at ?? one.starts_at ?? one.created_at} />,
    },
  ];
  return (
    <>
      <div className="filters">
        <Select
          allowClear
          className="filter"
          placeholder={t("campaigns.any_state")}
          aria-label={t("campaigns.any_state")}
          value={state}
          onChange={set}
          options={states.map((value) => ({ value, label: t(`campaigns.states.${value}`) }))}
        />
      </div>
      <List
        label={t("campaigns.list")}
        rows={rows}
        columns={columns}
        rowKey={(one) => one.id}
        error={query.error}
        retry={() => void query.refetch()}
        onOpen={(one) =>
          void navigate({
            to: "/templates/$id",
            params: { id: one.id },
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
            {state ? (
              <Empty
                drawing="search"
                action={<Button onClick={() => set(undefined)}>{t("campaigns.all_states")}</Button>}
              >
                {t("campaigns.none_found")}
              </Empty>
            ) : (
              <Empty drawing="letter" action={write}>
                {t("campaigns.empty")}
              </Empty>
            )}
          </div>
        }
      />
    </>
  );
}
