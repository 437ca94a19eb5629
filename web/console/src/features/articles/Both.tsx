/** Both sides of a draft that was changed in two places: nobody's words are lost, and somebody decides. */
import { Button, Segmented } from "antd";
import { Fragment, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ArticleItem } from "@/api/types";
import { Badge, Because, Card } from "@/ui/kit";
import { collapsed, sideBySide } from "./changes";
import { linesOf } from "./lint";
import { shownPicture } from "./pictures";
import { Rendered } from "./text/Rendered";

interface Props {
  ours: readonly ArticleItem[];
  theirs: readonly ArticleItem[];
  /** What the two sides are called. */
  names: { ours: string; theirs: string };
  lead: string;
  reason: string | null;
  isPending: boolean;
  onTake: (side: "ours" | "theirs") => void;
}

export function Both({ ours, theirs, names, lead, reason, isPending, onTake }: Props) {
  const { t } = useTranslation();
  const [view, setView] = useState<"lines" | "pages">("lines");
  const pairs = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, at) => ({
    at,
    ours: ours[at],
    theirs: theirs[at],
  }));
  return (
    <Card
      className="both"
      title={t("articles.both")}
      extra={
        <Segmented
          size="small"
          value={view}
          onChange={(value) => setView(value as typeof view)}
          options={(["lines", "pages"] as const).map((value) => ({
            value,
            label: t(`articles.both_${value}`),
          }))}
        />
      }
    >
      <p className="soft both-lead">{lead}</p>
      <div className="both-heads">
        {(["ours", "theirs"] as const).map((side) => (
          <div key={side} className="both-head">
            <strong>{names[side]}</strong>
            <Because reason={reason}>
              <Button
                type={side === "ours" ? "primary" : "default"}
                disabled={!!reason}
                loading={isPending}
                onClick={() => onTake(side)}
              >
                {t("articles.take", { side: names[side] })}
              </Button>
            </Because>
          </div>
        ))}
      </div>
      {pairs.map((pair) => (
        <Pair
          key={pair.at}
          index={pair.at}
          many={pairs.length > 1}
          ours={pair.ours}
          theirs={pair.theirs}
          view={view}
        />
      ))}
    </Card>
  );
}

interface PairProps {
  index: number;
  many: boolean;
  ours: ArticleItem | undefined;
  theirs: ArticleItem | undefined;
  view: "lines" | "pages";
}

const fields = ["title", "author", "digest", "source_url", "comments"] as const;

function Pair({ index, many, ours, theirs, view }: PairProps) {
  const { t } = useTranslation();
  const lines = useMemo(
    () => sideBySide(ours ? linesOf(ours.html) : [], theirs ? linesOf(theirs.html) : []),
    [ours, theirs],
  );
  const named = (item: ArticleItem | undefined, field: (typeof fields)[number]) => {
    if (!item) return null;
    return field === "comments" ? t(`articles.comment_kinds.${item.comments}`) : item[field];
  };
  const picture = t("articles.a_picture");
  const differs = fields.filter((field) => (ours?.[field] ?? "") !== (theirs?.[field] ?? ""));
  const isSame = differs.length === 0 && lines.every((line) => line.ours === line.theirs);
  return (
    <section className="pair">
      {many ? (
        <h3>
          {t("articles.nth", { n: index + 1 })}{" "}
          {isSame ? <Badge tone="ok">{t("articles.same")}</Badge> : null}
        </h3>
      ) : isSame ? (
        <p className="field-more">{t("articles.looks_only")}</p>
      ) : null}
      <div className="pair-grid">
        {(view === "pages" ? fields.slice(0, 1) : differs).map((field) => (
          <Fragment key={field}>
            <div className="pair-cell changed">
              <small>{t(`articles.fields.${field}`)}</small>
              {named(ours, field) || <span className="dim">{t("articles.none")}</span>}
            </div>
            <div className="pair-cell changed">
              <small>{t(`articles.fields.${field}`)}</small>
              {named(theirs, field) || <span className="dim">{t("articles.none")}</span>}
            </div>
          </Fragment>
        ))}
        {view === "pages" ? (
          <>
            <div className="pair-page reading-body">
              {ours ? <Rendered html={ours.html} shown={shownPicture} /> : null}
            </div>
            <div className="pair-page reading-body">
              {theirs ? <Rendered html={theirs.html} shown={shownPicture} /> : null}
            </div>
          </>
        ) : (
          collapsed(lines).map((line, at) => {
            if ("same" in line)
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
                <div key={at} className="pair-same">
                  {t("articles.same_lines", { count: line.same })}
                </div>
              );
            const changed = line.ours !== line.theirs;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
              <Fragment key={at}>
                <div className={changed ? "pair-cell changed" : "pair-cell"}>{words(line.ours, picture)}</div>
                <div className={changed ? "pair-cell changed" : "pair-cell"}>
                  {words(line.theirs, picture)}
                </div>
              </Fragment>
            );
          })
        )}
      </div>
    </section>
  );
}

function words(line: string | null, picture: string) {
  if (line === null) return null;
  return line === "▣" ? <span className="dim">{picture}</span> : line;
}
