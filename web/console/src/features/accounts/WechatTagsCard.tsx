/** WeChat's own tags of this account and how they meet ours. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Account } from "@/api/types";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Bars, Because, Card, Empty, Note, Num, TagChip, Trouble, When } from "@/ui/kit";
import { useSyncTags, wechatTagsQuery } from "./api";

export function WechatTagsCard({ account }: { account: Account }) {
  const { t } = useTranslation();
  const query = useQuery(wechatTagsQuery(account.id));
  const tags = useQuery(tagsQuery).data ?? [];
  const sync = useSyncTags(account.id);
  const { whyFunction } = useReasons();
  const notAllowed = useNotAllowed("accounts:write");
  const off = notAllowed ?? whyFunction(account, "tags");
  const data = query.data;
  const running = sync.isPending || data?.state === "running";

  const button = (
    <Because reason={off}>
      <Button
        size="small"
        icon={<Icon name="refresh" size={14} />}
        disabled={!!off}
        loading={running}
        onClick={() => sync.mutate()}
      >
        {t("wechat_tags.sync")}
      </Button>
    </Because>
  );

  return (
    <Card
      title={t("wechat_tags.title")}
      extra={
        <>
          {data?.synced_at ? (
            <span>
              {t("wechat_tags.synced")} <When at={data.synced_at} />
            </span>
          ) : null}
          {button}
        </>
      }
    >
      {query.error && !data ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {sync.error ? <Trouble error={sync.error} /> : null}
      {data?.state === "failed" ? (
        <Note tone="warning">
          {t("wechat_tags.failed")}{" "}
          {data.problem
            ? t(`wechat_tags.problems.${data.problem}` as "wechat_tags.problems.wechat_day", {
                defaultValue: data.problem,
              })
            : null}
        </Note>
      ) : null}
      {!data && !query.error ? <Bars rows={3} height={22} /> : null}
      {data && data.items.length === 0 ? (
        <Empty drawing="tags" compact>
          {t("wechat_tags.empty")}
        </Empty>
      ) : null}
      {data && data.items.length > 0 ? (
        <ul className="wechat-tags">
          {data.items.map((item) => {
            const ours = tags.find((tag) => tag.id === item.tag_id);
            return (
              <li key={item.wechat_id ?? item.name}>
                <span className="grow ellipsis">{item.name}</span>
                {ours ? (
                  <TagChip tag={ours} />
                ) : (
                  <span className="dim small">{t("wechat_tags.not_mirrored")}</span>
                )}
                <span className="wechat-tag-count">
                  <Num value={item.count} />
                </span>
              </li>
            );
          })}
        </ul>
      ) : null}
    </Card>
  );
}
