/** A small list of tags to pick from; a name that is not there can be made on the spot. */
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id, Tag } from "@/api/types";
import { useNotAllowed } from "@/lib/rights";
import { Icon } from "@/ui/icons";
import { TagChip, Trouble } from "@/ui/kit";
import { useMakeTag } from "./api";
import "./person.css";

export function TagPicker({
  tags,
  taken,
  canMake,
  onPick,
}: {
  tags: Tag[];
  taken: Id[];
  canMake: boolean;
  onPick: (tag: Tag) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const make = useMakeTag();
  const notAllowed = useNotAllowed("customers:write");
  const typed = text.trim();
  const shown = tags.filter(
    (tag) => !taken.includes(tag.id) && tag.name.toLowerCase().includes(typed.toLowerCase()),
  );
  const exact = tags.some((tag) => tag.name.toLowerCase() === typed.toLowerCase());
  const create = () => make.mutate({ name: typed }, { onSuccess: onPick });
  return (
    <div className="tag-picker">
      <Input
        size="small"
        autoFocus
        value={text}
        maxLength={30}
        placeholder={t("tags.find")}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => {
          if (shown[0]) onPick(shown[0]);
          else if (canMake && typed && !notAllowed) create();
        }}
      />
      <ul>
        {shown.slice(0, 60).map((tag) => (
          <li key={tag.id}>
            <button type="button" onClick={() => onPick(tag)}>
              <TagChip tag={tag} />
              {tag.group ? <small>{tag.group}</small> : null}
            </button>
          </li>
        ))}
        {shown.length === 0 && (!canMake || !typed) ? <li className="tag-none">{t("tags.none")}</li> : null}
        {canMake && typed && !exact && !notAllowed ? (
          <li>
            <button type="button" onClick={create} disabled={make.isPending}>
              <Icon name="plus" size={14} /> {t("tags.make", { name: typed })}
            </button>
          </li>
        ) : null}
      </ul>
      {make.error ? <Trouble error={make.error} /> : null}
    </div>
  );
}
