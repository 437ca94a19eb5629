/** What can be done with the chosen customers; every act here can be undone. */
import { App, Button, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id, Tag } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { count } from "@/lib/text";
import { TagPicker } from "@/person/TagPicker";
import { Icon } from "@/ui/icons";
import { Because } from "@/ui/kit";
import { useBulkTag } from "./api";

export function BulkBar({ chosen, tags, onDone }: { chosen: Id[]; tags: Tag[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { message } = App.useApp();
  const notAllowed = useNotAllowed("customers:write");
  const bulk = useBulkTag();
  const [open, setOpen] = useState<"add" | "remove" | null>(null);

  const run = (tag: Tag, on: boolean) => {
    setOpen(null);
    bulk.mutate(
      { customers: chosen, tag: tag.id, on },
      {
        onSuccess: ({ done, failed }) => {
          void message.open({
            duration: 7,
            key: "bulk-tag",
            content: (
              <span className="undo">
                {t(on ? "customers.tagged" : "customers.untagged", {
                  n: count(done, language),
                  tag: tag.name,
                })}
                {failed > 0 ? ` ${t("customers.some_failed", { n: count(failed, language) })}` : ""}
                <Button
                  type="link"
                  size="small"
                  onClick={() => {
                    message.destroy("bulk-tag");
                    bulk.mutate({ customers: chosen, tag: tag.id, on: !on });
                  }}
                >
                  {t("app.undo")}
                </Button>
              </span>
            ),
          });
          onDone();
        },
        onError: (error) => void message.error(problemText(error)),
      },
    );
  };
  const picker = (which: "add" | "remove", label: string) => (
    <Because reason={notAllowed}>
      <Popover
        trigger="click"
        open={open === which}
        onOpenChange={(next) => setOpen(next && !notAllowed ? which : null)}
        arrow={false}
        placement="top"
        content={
          <TagPicker
            tags={tags}
            taken={[]}
            canMake={which === "add"}
            onPick={(tag) => run(tag, which === "add")}
          />
        }
      >
        <Button
          type="text"
          size="small"
          disabled={!!notAllowed}
          loading={bulk.isPending && open === null}
          icon={<Icon name="tag" size={14} />}
        >
          {label}
        </Button>
      </Popover>
    </Because>
  );

  return (
    <div className="bulk" role="toolbar" aria-label={t("customers.bulk")}>
      <span className="num">{t("customers.chosen", { n: count(chosen.length, language) })}</span>
      {picker("add", t("customers.add_tag"))}
      {picker("remove", t("customers.remove_tag"))}
      <Button
        type="text"
        size="small"
        aria-label={t("app.cancel")}
        icon={<Icon name="close" size={14} />}
        onClick={onDone}
      />
    </div>
  );
}
