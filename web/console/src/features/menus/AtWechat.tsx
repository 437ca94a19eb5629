/** The account's permanent material as WeChat lists it: also what was put there elsewhere. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id, WechatMaterialKind } from "@/api/types";
import { Empty } from "@/ui/kit";
import { atWechatQuery, coverOf } from "./api";
import { PickDialog } from "./PickDialog";
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
    <PickDialog
      title={t("menus.pick.at_wechat")}
      by={t("menus.pick.by_name")}
      words={words}
      onWords={setWords}
      filters={
        kinds.length > 1 ? (
          <Segmented
            value={kind}
            aria-label={t("menus.pick.kind")}
            onChange={setKind}
            options={kinds.map((one) => ({
              value: one,
              label: t(`menus.pick.kinds.${one === "news" ? "article" : one}`),
            }))}
          />
        ) : null
      }
      query={query}
      isLooking={isLooking}
      empty={
        <Empty drawing={asked ? "search" : "letter"} compact>
          {asked
            ? t("menus.pick.none_found")
            : t(kind === "news" ? "menus.pick.no_news" : "menus.pick.none_there")}
        </Empty>
      }
      picks={shown?.map((one) => ({
        key: one.material,
        shown: {
          kind: kind === "news" ? "article" : kind,
          picture: coverOf(kind === "image" ? one.media_id : null, one.picture_url ?? undefined),
        },
        name: one.name,
        at: one.updated_at,
        isOn: one.material === value,
        pick: () => onPick(one.material),
      }))}
      onClose={onClose}
    />
  );
}
