/** Who else this person turned out to be and why, and the way back (R26). */
import { Link } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import type { Customer, Merge } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { useNotAllowed } from "@/lib/rights";
import { Because, Card, Trouble, When } from "@/ui/kit";
import { useDecideMerge } from "./merges";

export function Merges({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  if (customer.merges.length === 0) return null;
  return (
    <Card title={t("merges.title")}>
      <ul className="identities">
        {customer.merges.map((merge) => (
          <OneMerge key={merge.id} merge={merge} customer={customer} />
        ))}
      </ul>
    </Card>
  );
}

function OneMerge({ merge, customer }: { merge: Merge; customer: Customer }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const notAllowed = useNotAllowed("customers:write");
  const decide = useDecideMerge();
  const other = merge.other.id === customer.id ? merge.kept : merge.other;
  const name = nameOf(other.display_name);
  const causes: Record<string, string> = { unionid: t("merges.causes.unionid") };
  return (
    <li>
      <div className="row row-between">
        {merge.state === "joined" ? (
          <span>{t("merges.joined", { name })}</span>
        ) : (
          <Link to="/customers/$id" params={{ id: other.id }}>
            {merge.state === "apart" ? t("merges.apart", { name }) : t("merges.proposed", { name })}
          </Link>
        )}
        <Because reason={notAllowed}>
          {merge.state === "joined" ? (
            <Popconfirm
              title={t("merges.undo_title", { name })}
              description={t("merges.undo_text")}
              okText={t("merges.undo")}
              styles={{ root: { maxWidth: 340 } }}
              onConfirm={() => decide.mutate({ merge: merge.id, one: false })}
              disabled={!!notAllowed}
            >
              <Button size="small" disabled={!!notAllowed} loading={decide.isPending}>
                {t("merges.undo")}
              </Button>
            </Popconfirm>
          ) : (
            <Button
              size="small"
              disabled={!!notAllowed}
              loading={decide.isPending}
              onClick={() => decide.mutate({ merge: merge.id, one: true })}
            >
              {t("merges.join")}
            </Button>
          )}
        </Because>
      </div>
      <small>
        {causes[merge.cause] ?? merge.cause} · <When at={merge.decided_at ?? merge.created_at} />
        {merge.decided_by ? ` · ${merge.decided_by}` : ""}
      </small>
      {decide.error ? <Trouble error={decide.error} /> : null}
    </li>
  );
}
