/** One broadcast: written while it is a draft, followed afterwards. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "@/api/queries";
import { Icon } from "@/ui/icons";
import { Bars, Card, Page, Trouble } from "@/ui/kit";
import { broadcastQuery } from "./api";
import "./words";

const Editor = lazy(() => import("./Editor"));
const Result = lazy(() => import("./Result"));

export default function BroadcastPage() {
  const { id } = useParams({ from: "/signed-in/broadcasts/$id" });
  return <Of key={id} id={id} />;
}

function Of({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery(broadcastQuery(id));
  const accounts = useQuery(accountsQuery);
  const account = accounts.data?.find((one) => one.id === query.data?.account_id);
  const broadcast = query.data;
  const error = query.error ?? accounts.error;
  const waiting = (
    <Page wide title={t("nav.broadcasts")} back={<Back />}>
      {error && !broadcast ? (
        <Trouble error={error} retry={() => void query.refetch()} />
      ) : broadcast && accounts.data && !account ? (
        <Trouble error={error}>{t("app.gone_account")}</Trouble>
      ) : (
        <Card>
          <Bars rows={9} height={34} />
        </Card>
      )}
    </Page>
  );
  if (!broadcast || !account) return waiting;
  return (
    <Suspense fallback={waiting}>
      {broadcast.state === "draft" ? (
        <Editor account={account} broadcast={broadcast} />
      ) : (
        <Result account={account} broadcast={broadcast} />
      )}
    </Suspense>
  );
}

export function Back() {
  const { t } = useTranslation();
  return (
    <Link to="/broadcasts" search={(s) => ({ account: s.account })} className="back">
      <Icon name="left" size={14} />
      {t("nav.broadcasts")}
    </Link>
  );
}
