/** Every version, newest first, with who published it and a way back to it. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuVersion } from "@/api/types";
import { wechatText } from "@/lib/problems";
import { Icon } from "@/ui/icons";
import { Badge, Bars, Because, Card, Empty, Trouble, When } from "@/ui/kit";
import { useRollback, versionsQuery } from "./api";
import type { MenuProps } from "./Editor";
import { PhoneMenu } from "./PhoneMenu";

const tones = { publishing: "warning", live: "ok", replaced: undefined, failed: "error" } as const;

export function History({ account, view, notAllowed, off }: MenuProps) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(versionsQuery(account.id));
  const rollback = useRollback(account.id);
  const versions = query.data?.pages.flatMap((page) => page.items);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = versions?.find((one) => one.id === chosen) ?? versions?.[0];
  const [button, setButton] = useState<string | undefined>();
  const why = (version: MenuVersion) =>
    notAllowed ??
    off ??
    (view.publishing ? t("menus.on_its_way") : version.state === "live" ? t("menus.is_live") : null);

  if (query.error && !versions) return <Trouble error={query.error} retry={() => void query.refetch()} />;
  if (!versions)
    return (
      <Card>
        <Bars rows={6} height={44} />
      </Card>
    );
  if (versions.length === 0)
    return (
      <div className="card">
        <Empty drawing="letter">{t("menus.no_history")}</Empty>
      </div>
    );
  return (
    <div className="menu-editor">
      <Card title={t("menus.views.history")}>
        {rollback.error ? <Trouble error={rollback.error} /> : null}
        <ol className="versions">
          {versions.map((version) => (
            <li key={version.id} className={version === shown ? "version on" : "version"}>
              <button type="button" className="version-open" onClick={() => setChosen(version.id)}>
                <span className="version-number num">{version.number}</span>
                <span className="grow">
                  <span className="row row-wrap">
                    <strong>{t(`menus.source.${version.source}`)}</strong>
                    {version.state === "replaced" ? null : (
                      <Badge {...(tones[version.state] ? { tone: tones[version.state] } : {})}>
                        {t(`menus.version_state.${version.state}`)}
                      </Badge>
                    )}
                  </span>
                  <small>
                    {version.made_by ?? t("menus.clock")} ·{" "}
                    <When at={version.published_at ?? version.made_at} />
                    {version.state === "failed"
                      ? ` · ${wechatText(version.errcode) ?? t(`menus.failed.${version.problem ?? "wechat_refused"}` as "menus.failed.wechat_refused")}`
                      : ""}
                  </small>
                </span>
              </button>
              <Because reason={why(version)}>
                <Button
                  size="small"
                  icon={<Icon name="undo" size={14} />}
                  disabled={!!why(version)}
                  loading={rollback.isPending && rollback.variables === version.id}
                  onClick={() => rollback.mutate(version.id)}
                >
                  {t("menus.roll_back")}
                </Button>
              </Because>
            </li>
          ))}
        </ol>
        {query.hasNextPage ? (
          <div className="list-more">
            <Button type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("app.load_more")}
            </Button>
          </div>
        ) : null}
      </Card>
      <aside className="menu-phone">
        {shown ? (
          <PhoneMenu account={account} buttons={shown.buttons} chosen={button} onChoose={setButton} />
        ) : null}
      </aside>
    </div>
  );
}
