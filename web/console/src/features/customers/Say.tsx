/** Says something to one person: by which account, how long WeChat still takes it, and if it does not, why (R3). */
import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/live";
import { useAccounts } from "@/api/queries";
import type { AccountReach, Customer, Way } from "@/api/types";
import { useNow } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed } from "@/lib/rights";
import { byteLength, textLimit } from "@/lib/text";
import { lengthText } from "@/lib/time";
import { reachQuery } from "@/person/api";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { Because, Card, Status, Trouble } from "@/ui/kit";
import { useSay } from "./api";

const customOf = (reach: AccountReach) => reach.ways.find((way) => way.function === "custom_message");

export interface SayHandle {
  /** Begins to write as this fan of ours is written to. */
  write: (openid: string) => void;
}

export function Say({ customer, handle }: { customer: Customer; handle: React.RefObject<SayHandle | null> }) {
  const { t } = useTranslation();
  const notAllowed = useNotAllowed("messages:write");
  const accounts = useAccounts();
  const query = useQuery({ ...reachQuery(customer.id), enabled: customer.fans.length > 0 });
  const say = useSay(customer.id);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string>();
  const now = useNow();

  useLive("event", ({ customer_id }) => {
    if (customer_id === customer.id) void query.refetch();
  });
  const card = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    handle.current = {
      write: (openid) => {
        setChosen(openid);
        setAsked((n) => n + 1);
      },
    };
    return () => {
      handle.current = null;
    };
  }, [handle]);
  useEffect(() => {
    if (asked) card.current?.querySelector("textarea")?.focus();
  }, [asked]);

  const reaches = query.data?.accounts ?? [];
  const reach =
    reaches.find((one) => one.openid === chosen) ?? reaches.find((one) => customOf(one)?.may) ?? reaches[0];
  const way = reach && customOf(reach);
  if (!reach || !way) return query.error ? <Trouble error={query.error} /> : null;

  const over = !!way.window && way.window.until <= now;
  const tooLong = byteLength(text) > textLimit;
  const open = way.may && !over;
  const why = notAllowed ?? (tooLong ? t("say.too_long", { n: byteLength(text), most: textLimit }) : null);
  const send = () => {
    if (!open || why || !text.trim() || say.isPending) return;
    say.mutate({ account: reach.account_id, text: text.trim() }, { onSuccess: () => setText("") });
  };
  return (
    <div ref={card}>
      <Card
        title={t("say.title")}
        className="say"
        extra={
          reaches.length > 1 ? (
            <Select
              size="small"
              popupMatchSelectWidth={false}
              aria-label={t("say.account")}
              value={reach.openid}
              onChange={setChosen}
              options={reaches.map((one) => ({
                value: one.openid,
                label: accounts.find((account) => account.id === one.account_id)?.nick_name ?? one.openid,
              }))}
            />
          ) : null
        }
      >
        {open ? (
          <AutoText
            aria-label={t("say.title")}
            placeholder={t("say.placeholder")}
            disabled={!!notAllowed}
            rows={2}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
            }}
            status={tooLong ? "error" : undefined}
          />
        ) : null}
        {say.error ? <Trouble error={say.error} /> : null}
        <div className={open ? "row row-between row-wrap say-foot" : undefined}>
          <Left way={way} over={over} now={now} />
          {open ? (
            <Because reason={why}>
              <Button
                type="primary"
                size="small"
                icon={<Icon name="send" size={14} />}
                disabled={!!why || !text.trim()}
                loading={say.isPending}
                onClick={send}
              >
                {t("say.send")}
              </Button>
            </Because>
          ) : null}
        </div>
      </Card>
    </div>
  );
}

/** How many more, and for how long; or why none. */
function Left({ way, over, now }: { way: Way; over: boolean; now: number }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  if (way.why || over || !way.window) {
    const code = way.why?.code ?? "window_closed";
    return <Status tone="quiet">{t(`reach.why.${code}`)}</Status>;
  }
  const { left, until } = way.window;
  const rest = lengthText((until - now) / 1000, language);
  if (way.waits) {
    const wait = way.waits.until
      ? t("reach.goes_in", { rest: lengthText((way.waits.until - now) / 1000, language) })
      : t("reach.goes_later");
    return (
      <Status tone="warning">
        {t(`reach.why.${way.waits.code}`)} · {wait}
      </Status>
    );
  }
  return (
    <Status tone="ok">
      {left === null ? t("reach.open", { rest }) : t("reach.left", { count: left, rest })}
    </Status>
  );
}
