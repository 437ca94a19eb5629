/** Why nothing can be said now, and what can be done instead (R3). */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Conversation } from "@/api/types";
import { useNotAllowed } from "@/lib/rights";
import { reachQuery } from "@/person/api";
import { Icon } from "@/ui/icons";
import { AccountName, Because, Note } from "@/ui/kit";
import { othersQuery } from "./api";

export function Closed({
  conversation,
  onTemplate,
}: {
  conversation: Conversation;
  /** Writes them a template message. */
  onTemplate: () => void;
}) {
  const { t, i18n } = useTranslation();
  const accounts = useAccounts();
  const notAllowed = useNotAllowed("messages:write");
  const reach = useQuery(reachQuery(conversation.customer.id)).data;
  const others = useQuery(othersQuery(conversation.customer.id)).data ?? [];
  const code = conversation.why?.code ?? "window_closed";
  const elsewhere = reach?.accounts.filter((one) => one.account_id !== conversation.account_id) ?? [];
  const here = reach?.accounts.find((one) => one.account_id === conversation.account_id)?.ways ?? [];
  const wayName = (name: string) =>
    i18n.exists(`functions.${name}`) ? t(`functions.${name}` as "functions.custom_message") : name;
  return (
    <div className="composer-closed">
      <Note tone="warning" icon="lock">
        <strong>{t(`reach.why.${code}`)}</strong>
        <ul>
          {here
            .filter((way) => way.may)
            .map((way) => (
              <li key={way.function}>
                {way.function === "template" ? (
                  <Because reason={notAllowed}>
                    <Button
                      size="small"
                      type="primary"
                      icon={<Icon name="template" size={14} />}
                      disabled={!!notAllowed}
                      onClick={onTemplate}
                    >
                      {t("inbox.template")}
                    </Button>
                  </Because>
                ) : (
                  <>
                    <Icon name="check" size={13} /> {wayName(way.function)}
                  </>
                )}
              </li>
            ))}
          {elsewhere.map((one) => {
            const way = one.ways.find((each) => each.function === "custom_message");
            const chat = others.find(
              (other) => other.account_id === one.account_id && other.openid === one.openid,
            );
            return (
              <li key={one.openid}>
                <AccountName account={accounts.find((each) => each.id === one.account_id)} size={16} />{" "}
                {way?.may ? (
                  chat ? (
                    <Link to="/inbox/$id" params={{ id: chat.id }} search={(search) => search}>
                      {t("inbox.elsewhere")}
                    </Link>
                  ) : (
                    <Link to="/customers/$id" params={{ id: conversation.customer.id }}>
                      {t("inbox.elsewhere")}
                    </Link>
                  )
                ) : (
                  <span className="dim">{way?.why ? t(`reach.why.${way.why.code}`) : null}</span>
                )}
              </li>
            );
          })}
          <li className="dim">{t("inbox.note_instead")}</li>
        </ul>
      </Note>
    </div>
  );
}
