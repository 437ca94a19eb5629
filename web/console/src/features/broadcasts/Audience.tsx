/** To whom: all fans, those with a tag, or people who are named. */
import { useQuery } from "@tanstack/react-query";
import { Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/api/queries";
import type { Account, BroadcastAudience, Tag } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { FansSelect } from "@/person/FanSelect";
import { TagPicker } from "@/person/TagPicker";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { colourClass } from "@/ui/kit";
import { most, readOpenids } from "./shape";

/** So many tags stand ready to be pressed; the others are found by name. */
const ready = 8;

export function Audience({
  account,
  audience,
  onChange,
  disabled,
}: {
  account: Account;
  audience: BroadcastAudience;
  onChange: (audience: BroadcastAudience) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  return (
    <div className="stack-tight">
      <Ways audience={audience} onChange={onChange} disabled={disabled} />
      {audience.type === "all" ? (
        <p className="field-more">
          {t("broadcasts.all_more", { n: count(account.following, language), count: account.following })}
        </p>
      ) : null}
      {audience.type === "tags" ? <p className="field-more">{t("broadcasts.tags_more")}</p> : null}
      {audience.type === "customers" ? (
        <FansSelect
          account={account.id}
          value={audience.customer_ids}
          disabled={disabled}
          label={t("broadcasts.ways.customers")}
          placeholder={t("broadcasts.customers_hint")}
          onChange={(customer_ids) => onChange({ type: "customers", customer_ids })}
        />
      ) : null}
      {audience.type === "openids" ? (
        <Openids
          openids={audience.openids}
          disabled={disabled}
          onChange={(openids) => onChange({ type: "openids", openids })}
        />
      ) : null}
    </div>
  );
}

/** One press says whom: a tag is chosen by pressing it. */
function Ways({
  audience,
  onChange,
  disabled,
}: {
  audience: BroadcastAudience;
  onChange: (audience: BroadcastAudience) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const tags = useQuery(tagsQuery).data ?? [];
  const [open, setOpen] = useState(false);
  const chosen = audience.type === "tags" ? audience.tag_ids : [];
  const largest = tags.toSorted((a, b) => b.customers - a.customers).slice(0, ready);
  const shown = [...largest, ...tags.filter((tag) => chosen.includes(tag.id) && !largest.includes(tag))];
  const toggle = (tag: Tag) => {
    const tag_ids = chosen.includes(tag.id) ? chosen.filter((id) => id !== tag.id) : [...chosen, tag.id];
    onChange(tag_ids.length > 0 ? { type: "tags", tag_ids } : { type: "all" });
  };
  return (
    <fieldset className="bc-chips" disabled={disabled}>
      <legend className="visually-hidden">{t("broadcasts.who")}</legend>
      <button
        type="button"
        aria-pressed={audience.type === "all"}
        className={audience.type === "all" ? "bc-chip on" : "bc-chip"}
        onClick={() => onChange({ type: "all" })}
      >
        {t("broadcasts.to.all")}
      </button>
      {shown.map((tag) => (
        <button
          key={tag.id}
          type="button"
          aria-pressed={chosen.includes(tag.id)}
          className={chosen.includes(tag.id) ? "bc-chip on" : "bc-chip"}
          onClick={() => toggle(tag)}
        >
          <i className={`bc-tag ${colourClass(tag.colour)}`} aria-hidden="true" />
          {tag.name}
          <span className="num dim">{count(tag.customers, language)}</span>
        </button>
      ))}
      {tags.length > shown.length ? (
        <Popover
          open={open && !disabled}
          onOpenChange={setOpen}
          trigger="click"
          placement="bottomLeft"
          destroyOnHidden
          content={
            <TagPicker
              tags={tags}
              taken={chosen}
              canMake={false}
              onPick={(tag) => {
                toggle(tag);
                setOpen(false);
              }}
            />
          }
        >
          <button type="button" className="bc-chip">
            {t("broadcasts.more_tags")}
            <Icon name="down" size={13} />
          </button>
        </Popover>
      ) : null}
      <button
        type="button"
        aria-pressed={audience.type === "customers"}
        className={audience.type === "customers" ? "bc-chip on" : "bc-chip"}
        onClick={() => {
          if (audience.type !== "customers") onChange({ type: "customers", customer_ids: [] });
        }}
      >
        <Icon name="person" size={15} />
        {t("broadcasts.ways.customers")}
      </button>
      <button
        type="button"
        aria-pressed={audience.type === "openids"}
        className={audience.type === "openids" ? "bc-chip on" : "bc-chip"}
        onClick={() => {
          if (audience.type !== "openids") onChange({ type: "openids", openids: [] });
        }}
      >
        <Icon name="columns" size={15} />
        {t("broadcasts.ways.openids")}
      </button>
    </fieldset>
  );
}

function Openids({
  openids,
  onChange,
  disabled,
}: {
  openids: string[];
  onChange: (openids: string[]) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [text, setText] = useState(openids.join("\n"));
  const { wrong } = readOpenids(text);
  const over = openids.length > most.openids;
  return (
    <>
      <AutoText
        className="mono"
        rows={4}
        value={text}
        disabled={disabled}
        spellCheck={false}
        placeholder={t("broadcasts.openids_hint")}
        aria-label={t("broadcasts.ways.openids")}
        onChange={(event) => {
          setText(event.target.value);
          onChange(readOpenids(event.target.value).openids);
        }}
      />
      <p className={wrong.length > 0 || over ? "field-more over" : "field-more"}>
        {over
          ? t("broadcasts.openids_many", {
              n: count(openids.length, language),
              limit: count(most.openids, language),
            })
          : t("broadcasts.openids_read", { count: openids.length, n: count(openids.length, language) })}
        {wrong.length > 0
          ? ` ${t("broadcasts.openids_wrong", { count: wrong.length, first: wrong[0]?.slice(0, 40) })}`
          : ""}
      </p>
    </>
  );
}
