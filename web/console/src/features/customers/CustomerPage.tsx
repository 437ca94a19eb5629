/** One person: who, what happened, where they follow. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "@/api/client";
import { tagsQuery } from "@/api/queries";
import type { Customer } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Face, Page, TagChip, Trouble, When } from "@/ui/kit";
import { customerQuery, useSetTag } from "./api";
import { Fans } from "./Fans";
import { Identities } from "./Identities";
import { Merges } from "./Merges";
import { Profile } from "./Profile";
import { Say } from "./Say";
import { TagPicker } from "./TagPicker";
import { Timeline } from "./Timeline";
import "./customers.css";

export default function CustomerPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/signed-in/customers/$id" });
  const query = useQuery(customerQuery(id));
  const customer = query.data;
  const nameOf = usePersonName();
  const back = (
    <Link to="/customers" className="back">
      <Icon name="left" size={14} /> {t("nav.customers")}
    </Link>
  );
  if (!customer) {
    return (
      <Page title={t("customers.one")} back={back}>
        {isCode(query.error, "not_found") ? (
          <div className="card">
            <Empty drawing="search">{t("customers.gone")}</Empty>
          </div>
        ) : query.error ? (
          <Trouble error={query.error} retry={() => void query.refetch()} />
        ) : (
          <div className="person">
            <Card>
              <Bars rows={8} height={24} />
            </Card>
            <Card>
              <Bars rows={8} height={40} />
            </Card>
            <Card>
              <Bars rows={4} height={40} />
            </Card>
          </div>
        )}
      </Page>
    );
  }
  return (
    <Page title={nameOf(customer.display_name)} back={back}>
      <div className="person">
        <div className="stack person-who">
          <Card>
            <div className="person-head">
              <Face id={customer.id} name={customer.display_name} src={customer.avatar_url} size={56} />
              <div>
                <strong>{nameOf(customer.display_name)}</strong>
                <small>
                  {t("customers.last_seen")} <When at={customer.last_seen_at} empty={t("accounts.never")} />
                </small>
              </div>
            </div>
            <Tags customer={customer} />
            <Profile customer={customer} />
          </Card>
        </div>
        <div className="stack person-story">
          <Say key={customer.id} customer={customer} />
          <Timeline key={customer.id} customer={customer} />
        </div>
        <div className="stack person-side">
          <Fans customer={customer} />
          <Identities customer={customer} />
          <Merges customer={customer} />
        </div>
      </div>
    </Page>
  );
}

function Tags({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery).data ?? [];
  const set = useSetTag(customer.id);
  const notAllowed = useNotAllowed("customers:write");
  const [open, setOpen] = useState(false);
  return (
    <div className="person-tags">
      <div className="tags">
        {customer.tags.map((tag) => (
          <TagChip
            key={tag.id}
            tag={tag}
            onRemove={notAllowed ? undefined : () => set.mutate({ tag: tag.id, on: false })}
          />
        ))}
        <Because reason={notAllowed}>
          <Popover
            trigger="click"
            open={open}
            onOpenChange={(next) => setOpen(next && !notAllowed)}
            arrow={false}
            placement="bottomLeft"
            destroyOnHidden
            content={
              <TagPicker
                tags={tags}
                taken={customer.tags.map((tag) => tag.id)}
                canMake
                onPick={(tag) => {
                  setOpen(false);
                  set.mutate({ tag: tag.id, on: true });
                }}
              />
            }
          >
            <Button
              size="small"
              type="dashed"
              className="tag-add"
              disabled={!!notAllowed}
              loading={set.isPending}
              icon={<Icon name="plus" size={12} />}
            >
              {t("customers.tag")}
            </Button>
          </Popover>
        </Because>
      </div>
      {set.error ? <Trouble error={set.error} /> : null}
    </div>
  );
}
