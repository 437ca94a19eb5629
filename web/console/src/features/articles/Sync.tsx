/** WeChat's draft box and ours made equal: when it was done last, and how far it is. */
import { useQuery } from "@tanstack/react-query";
import { App, Button, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText, wechatText } from "@/lib/problems";
import { count } from "@/lib/text";
import { whenText } from "@/lib/time";
import { Icon } from "@/ui/icons";
import { Because } from "@/ui/kit";
import { syncQuery, useSync } from "./api";

export function Sync({ account, off }: { account: Account; off: string | null }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language, zone } = usePrefs();
  const sync = useQuery(syncQuery(account.id)).data;
  const begin = useSync(account.id);
  const n = (value: number) => count(value, language);
  const running = sync?.state === "running";
  const words = running
    ? sync.total > 0
      ? t("articles.sync_at", { done: n(sync.seen), total: n(sync.total) })
      : t("articles.syncing")
    : t("articles.sync");
  const about =
    sync?.state === "failed"
      ? `${t("articles.sync_failed")} ${wechatText(sync.errcode) ?? (sync.errcode ? `(${sync.errcode})` : "")}`
      : sync?.ended_at
        ? t("articles.synced_when", { when: whenText(sync.ended_at, language, zone, Date.now()) })
        : t("articles.sync_more");
  return (
    <Because reason={off}>
      <Tooltip title={off ? null : about}>
        <Button
          className="num"
          icon={<Icon name={sync?.state === "failed" ? "alert" : "refresh"} />}
          loading={running || begin.isPending}
          disabled={!!off}
          onClick={() =>
            begin.mutate(undefined, { onError: (error) => void message.error(problemText(error)) })
          }
        >
          {words}
        </Button>
      </Tooltip>
    </Because>
  );
}
