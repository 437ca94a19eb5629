/** Pairs who share an identity and contradict each other: a person says whether they are one. Absent when there are none. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Merge, MergedOne } from "@/api/types";
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

/** One of the two: their name, and what tells them from the other. */
function One({ one }: { one: MergedOne }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const accounts = useAccounts();
  const nickName = (id: string) =>
    accounts.find((account) => account.id === id)?.nick_name ?? t("app.gone_account");
  return (
    <div className="pair-one">
      <Link to="/customers/$id" params={{ id: one.id }}>
        {nameOf(one.display_name)}
      </Link>
      {one.fans.map((fan) => (
        <small key={`${fan.account_id} ${fan.openid}`} className="soft">
          {nickName(fan.account_id)} · {t(`fans.${fan.status}`)} · <code>{fan.openid.slice(-6)}</code>
        </small>
      ))}
      {one.last_seen_at ? (
        <small className="soft">
          {t("customers.last_seen")} <When at={one.last_seen_at} />
        </small>
      ) : null}
    </div>
  );
}

function Pair({ merge }: { merge: Merge }) {
  const { t } = useTranslation();
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
      <div className="pair">
        <One one={merge.kept} />
        <One one={merge.other} />
        <span className="row">
          {button(true, t("merges.join"))}
          {button(false, t("merges.keep_apart"))}
        </span>
      </div>
      <small className="soft">
        {merge.contradiction ? `${t(`merges.contradictions.${merge.contradiction}`)} · ` : null}
        <When at={merge.created_at} />
      </small>
      {decide.error ? <Trouble error={decide.error} /> : null}
    </li>
  );
}
