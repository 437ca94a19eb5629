/** Pairs who share an identity and contradict each other: a person says whether they are one. Absent when there are none. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Merge } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { useNotAllowed } from "@/lib/rights";
import { Because, Card, Trouble, When } from "@/ui/kit";
import { proposedQuery, useDecideMerge } from "./merges";

export function Review() {
  const { t } = useTranslation();
  const merges = useQuery(proposedQuery).data?.items ?? [];
  if (merges.length === 0) return null;
  return (
    <Card title={t("merges.review")} className="review">
      <p className="small soft">{t("merges.review_text")}</p>
      <ul className="identities">
        {merges.map((merge) => (
          <Pair key={merge.id} merge={merge} />
        ))}
      </ul>
    </Card>
  );
}

function Pair({ merge }: { merge: Merge }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const notAllowed = useNotAllowed("customers:write");
  const decide = useDecideMerge();
  const button = (one: boolean, text: string) => (
    <Because reason={notAllowed}>
      <Button
        size="small"
        disabled={!!notAllowed || decide.isPending}
        onClick={() => decide.mutate({ merge: merge.id, one })}
      >
        {text}
      </Button>
    </Because>
  );
  return (
    <li>
      <div className="row row-between">
        <span>
          {[merge.kept, merge.other].map((one, n) => (
            <span key={one.id}>
              {n > 0 ? " · " : null}
              <Link to="/customers/$id" params={{ id: one.id }}>
                {nameOf(one.display_name)}
              </Link>
            </span>
          ))}
        </span>
        <span className="row">
          {button(true, t("merges.join"))}
          {button(false, t("merges.keep_apart"))}
        </span>
      </div>
      <small>
        <When at={merge.created_at} />
      </small>
      {decide.error ? <Trouble error={decide.error} /> : null}
    </li>
  );
}
