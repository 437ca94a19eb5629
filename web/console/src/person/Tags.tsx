/** The tags of one person, put on and taken off in place. */
import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Customer } from "@/api/types";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { Because, TagChip, Trouble } from "@/ui/kit";
import { useSetTag } from "./api";
import { TagPicker } from "./TagPicker";
import "./person.css";

export function Tags({ customer }: { customer: Customer }) {
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
