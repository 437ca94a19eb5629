/** The poster of one code: designed here, printed or kept as a PDF by the browser, which has the fonts. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Bars, Because, Empty, Page, Trouble } from "@/ui/kit";
import { codeQuery } from "./api";
import { OfAccount } from "./OfAccount";
import { Poster, PosterForm, usePosterDesign } from "./Poster";

export default function PosterPage() {
  const { id } = useParams({ from: "/signed-in/qrcodes/$id/poster" });
  return <OfAccount>{(account) => <Designed key={id} account={account} id={id} />}</OfAccount>;
}

function Designed({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation();
  const query = useQuery(codeQuery(account.id, id));
  const [isDrawn, setDrawn] = useState(false);
  const [design, change] = usePosterDesign(account.id, {
    headline: "",
    text: t("qrcodes.poster.text_like"),
    picture: null,
    tone: "white",
    named: false,
  });
  const code = query.data;
  return (
    <Page
      title={t("qrcodes.poster.one")}
      back={
        <Link to="/qrcodes/$id" params={{ id }} search={{ account: account.id }} className="back">
          <Icon name="left" size={14} /> {code?.name ?? t("qrcodes.one")}
        </Link>
      }
      note={t("qrcodes.poster.more")}
      actions={
        <Because reason={isDrawn ? null : t("qrcodes.drawing")}>
          <Button type="primary" disabled={!isDrawn} onClick={() => window.print()}>
            {t("qrcodes.print")}
          </Button>
        </Because>
      }
    >
      {query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!code && !query.error ? <Bars rows={6} height={60} /> : null}
      {code && !code.url ? <Empty drawing="search">{t("qrcodes.poster.none_yet")}</Empty> : null}
      {code?.url ? (
        <div className="poster-desk">
          <PosterForm design={design} change={change} />
          <div>
            <Poster account={account} code={code} design={design} onDrawn={() => setDrawn(true)} />
          </div>
        </div>
      ) : null}
    </Page>
  );
}
