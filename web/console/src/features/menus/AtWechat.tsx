/** The account's permanent material as WeChat lists it: also what was put there elsewhere. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id, WechatMaterialKind } from "@/api/types";
import { Icon } from "@/ui/icons";
import { Bars, Empty, Trouble, When } from "@/ui/kit";
import { More } from "@/ui/More";
import { atWechatQuery, coverOf } from "./api";
import { Thumb } from "./Chosen";
import { useAllPages } from "./pages";

export function AtWechat({
  account,
  kinds,
  value,
  onPick,
  onClose,
}: {
  account: Id;
  kinds: WechatMaterialKind[];
  value: string;
  onPick: (material: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<WechatMaterialKind>(kinds[0] ?? "image");
  const [words, setWords] = useState("");
  const query = useInfiniteQuery(atWechatQuery(account, kind));
  const asked = words.trim().toLowerCase();
  const isLooking = useAllPages(query, asked !== "");
  const items = query.data?.pages.flatMap((page) => page.items);
  const shown = items?.filter((one) => one.name.toLowerCase().includes(asked));
  return (
    <Modal open title={t("menus.pick.at_wechat")} onCancel={onClose} footer={null} width={620}>
      <div className="menu-pick-filters">
        {kinds.length > 1 ? (
          <Segmented
            value={kind}
            aria-label={t("menus.pick.kind")}
            onChange={setKind}
            options={kinds.map((one) => ({
              value: one,
              label: t(`menus.pick.kinds.${one === "news" ? "article" : one}`),
            }))}
          />
        ) : null}
        <Input
          allowClear
          prefix={<Icon name="search" size={15} />}
          placeholder={t("menus.pick.by_name")}
          aria-label={t("menus.pick.by_name")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      {query.error ? <Trouble error={query.error} retry={() => void query.refetch()} /> : null}
      {!items && !query.error ? <Bars rows={3} height={56} /> : null}
      {shown?.length === 0 && !isLooking ? (
        <Empty drawing={asked ? "search" : "letter"} compact>
          {asked
            ? t("menus.pick.none_found")
            : t(kind === "news" ? "menus.pick.no_news" : "menus.pick.none_there")}
        </Empty>
      ) : null}
      <ul className="menu-picks">
        {shown?.map((one) => (
          <li key={one.material}>
            <button
              type="button"
              className={one.material === value ? "menu-pick on" : "menu-pick"}
              onClick={() => onPick(one.material)}
            >
              <Thumb
                shown={{
                  kind: kind === "news" ? "article" : kind,
                  picture: coverOf(kind === "image" ? one.media_id : null, one.picture_url ?? undefined),
                }}
              />
              <span className="menu-chosen-words">
                <strong className="ellipsis">{one.name || t("menus.unnamed")}</strong>
                <small className="soft">
                  <When at={one.updated_at} />
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {isLooking ? <Bars rows={1} height={56} /> : null}
      {isLooking ? null : <More query={query} />}
    </Modal>
  );
}
