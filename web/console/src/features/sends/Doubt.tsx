/** Sends of which nobody knows whether they arrived: each with what is known, and a decision on that one alone (P2). */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Button, Checkbox, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { refresh } from "@/api/news";
import type { ListedSend } from "@/api/types";
import { usePersonName } from "@/lib/names";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Face, Note, Trouble, When } from "@/ui/kit";
import { sendsQuery, useLeave, useResend } from "./api";
import { Evidence } from "./Evidence";
import { useSendWords } from "./words";

export function Doubt() {
  const { t } = useTranslation();
  const { account } = useSearch({ from: "/signed-in/sends" });
  const client = useQueryClient();
  const query = useInfiniteQuery(sendsQuery({ state: "unknown", undecided: true, account }));
  const rows = query.data?.pages.flatMap((page) => page.items);
  useLive("event", ({ event }) => {
    if (event.properties.state === "unknown") void refresh(client, { queryKey: ["sends"] });
  });
  if (query.error && !rows) return <Trouble error={query.error} retry={() => void query.refetch()} />;
  if (!rows) {
    return (
      <Card>
        <Bars rows={4} height={60} />
      </Card>
    );
  }
  if (rows.length === 0) {
    return (
      <div className="card">
        <Empty drawing="done">{t("sends.no_doubt")}</Empty>
      </div>
    );
  }
  return (
    <div className="stack">
      <Note tone="warning">
        <strong>{t("sends.doubt_lead")}</strong>
        <div>{t("sends.doubt_more")}</div>
      </Note>
      {rows.map((send) => (
        <One key={send.id} send={send} />
      ))}
      {query.hasNextPage ? (
        <div className="list-more">
          <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("app.load_more")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function One({ send }: { send: ListedSend }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const notAllowed = useNotAllowed("messages:write");
  const { said, why } = useSendWords();
  const leave = useLeave();
  const [asking, setAsking] = useState(false);
  const name = send.customer ? nameOf(send.customer.display_name) : t("customers.one");
  return (
    <section className="card send-doubt" aria-label={name} data-send={send.id}>
      <div className="send-doubt-what">
        <div className="send-who">
          {send.customer ? (
            <Face id={send.customer.id} name={send.customer.display_name} src={send.customer.avatar_url} />
          ) : null}
          <span>
            {send.customer ? (
              <Link to="/customers/$id" params={{ id: send.customer.id }} className="send-name">
                {name}
              </Link>
            ) : (
              name
            )}
            <small className="soft">
              {why(send)} · <When at={send.sending_at ?? send.due_at} />
            </small>
          </span>
        </div>
        <blockquote className="send-quote">{said(send)}</blockquote>
        {leave.error ? <Trouble error={leave.error} /> : null}
        <div className="row row-wrap">
          <Because reason={notAllowed}>
            <Button
              type="primary"
              disabled={!!notAllowed}
              loading={leave.isPending}
              onClick={() => leave.mutate(send.id)}
            >
              {t("sends.leave")}
            </Button>
          </Because>
          <Because reason={notAllowed}>
            <Button
              disabled={!!notAllowed}
              onClick={() => setAsking(true)}
              icon={<Icon name="send" size={14} />}
            >
              {t("sends.resend")}
            </Button>
          </Because>
        </div>
      </div>
      <Evidence send={send} />
      {asking ? <Again send={send} name={name} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function Again({ send, name, onClose }: { send: ListedSend; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { said } = useSendWords();
  const resend = useResend();
  const [sure, setSure] = useState(false);
  return (
    <Modal
      open
      title={t("sends.resend_to", { name })}
      onCancel={onClose}
      okText={t("sends.resend")}
      cancelText={t("app.cancel")}
      okButtonProps={{ disabled: !sure, danger: true, loading: resend.isPending }}
      onOk={() => resend.mutate(send.id, { onSuccess: onClose })}
    >
      <div className="stack">
        <blockquote className="send-quote">{said(send)}</blockquote>
        <Note tone="warning">{t("sends.resend_warning")}</Note>
        <Checkbox checked={sure} onChange={(event) => setSure(event.target.checked)}>
          {t("sends.may_arrive_twice")}
        </Checkbox>
        {resend.error ? <Trouble error={resend.error} /> : null}
      </div>
    </Modal>
  );
}
