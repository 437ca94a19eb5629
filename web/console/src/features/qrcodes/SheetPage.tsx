/** A table's codes as sheets of A4, many with their names or each a poster: printed, or kept as a PDF, by the browser, which has the fonts. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Code } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Bars, Because, Note, Page, Trouble } from "@/ui/kit";
import { batchQuery, codesQuery, pictureOf } from "./api";
import { OfAccount } from "./OfAccount";
import { Poster, PosterForm, usePosterDesign } from "./Poster";

/** Columns and rows of a sheet. One alone is a poster. */
const layouts = { 1: [1, 1], 6: [2, 3], 12: [3, 4], 20: [4, 5] } as const;
type PerSheet = keyof typeof layouts;
/** More pictures than this no browser prints with pleasure. */
const most = 1_000;

export default function SheetPage() {
  const { id } = useParams({ from: "/signed-in/qrcodes/batches/$id/sheet" });
  return <OfAccount>{(account) => <Sheets key={id} account={account} id={id} />}</OfAccount>;
}

function Sheets({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const batch = useQuery(batchQuery(account.id, id));
  const query = useInfiniteQuery(codesQuery(account.id, { batch: id }));
  const [perSheet, setPerSheet] = useState<PerSheet>(12);
  const [loaded, setLoaded] = useState<Set<string>>(new Set());
  const isLoaded = (id: string) => setLoaded((now) => new Set(now).add(id));
  const [design, change] = usePosterDesign(account.id, {
    headline: "",
    text: t("qrcodes.poster.text_like"),
    picture: null,
    tone: "white",
    named: true,
  });
  const all = query.data?.pages.flatMap((page) => page.items).filter((code) => code.url) ?? [];
  const codes = all.slice(0, most).sort((a, b) => a.name.localeCompare(b.name, language, { numeric: true }));
  const isWhole = !query.hasNextPage || all.length >= most;
  const { fetchNextPage, isFetchingNextPage } = query;
  useEffect(() => {
    if (!isWhole && !isFetchingNextPage) void fetchNextPage();
  }, [isWhole, isFetchingNextPage, fetchNextPage]);

  const ready = isWhole && codes.length > 0 && codes.every((code) => loaded.has(code.id));
  const sheets: Code[][] = [];
  for (let from = 0; from < codes.length; from += perSheet) sheets.push(codes.slice(from, from + perSheet));
  return (
    <Page
      title={batch.data?.file_name ?? t("qrcodes.sheet")}
      back={
        <Link to="/qrcodes/batches/$id" params={{ id }} search={{ account: account.id }} className="back">
          <Icon name="left" size={14} /> {t("qrcodes.batch")}
        </Link>
      }
      note={t(perSheet === 1 ? "qrcodes.poster.more" : "qrcodes.sheet_more")}
      actions={
        <>
          <Segmented
            aria-label={t("qrcodes.per_sheet")}
            value={perSheet}
            onChange={(next) => {
              setLoaded(new Set());
              setPerSheet(next);
            }}
            options={([1, 6, 12, 20] as const).map((n) => ({
              value: n,
              label: n === 1 ? t("qrcodes.poster.many") : t("qrcodes.per_sheet_n", { count: n }),
            }))}
          />
          <Because reason={ready ? null : t("qrcodes.drawing")}>
            <Button type="primary" disabled={!ready} onClick={() => window.print()}>
              {t("qrcodes.print")}
            </Button>
          </Because>
        </>
      }
    >
      {query.error && !query.data ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Bars rows={6} height={60} /> : null}
      {all.length >= most && query.hasNextPage ? (
        <div className="code-note sheet-hidden">
          <Note tone="warning">{t("qrcodes.sheet_most", { n: count(most, language) })}</Note>
        </div>
      ) : null}
      {perSheet === 1 && codes.length > 0 ? (
        <div className="poster-desk">
          <PosterForm design={design} change={change} />
          <div>
            {codes.map((code) => (
              <Poster
                key={code.id}
                account={account}
                code={code}
                design={design}
                onDrawn={() => isLoaded(code.id)}
              />
            ))}
          </div>
        </div>
      ) : null}
      {(perSheet === 1 ? [] : sheets).map((sheet) => (
        <section key={sheet[0]?.id} className={`sheet sheet-${layouts[perSheet][0]}`}>
          {sheet.map((code) => (
            <figure key={code.id}>
              <img
                src={pictureOf(account.id, code.id, "format=svg")}
                alt=""
                onLoad={() => isLoaded(code.id)}
              />
              <figcaption>{code.name}</figcaption>
            </figure>
          ))}
        </section>
      ))}
    </Page>
  );
}
