/** What is more than words and a file, as a line shows it: links, music, and forms that were filled in. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Id, Params } from "@/api/types";
import { libraryQuery } from "@/template/api";
import { text } from "@/ui/events";
import { Icon } from "@/ui/icons";
import { ownPicture } from "@/ui/kit";
import { hostOf } from "./cards";
import "./cards.css";

export function Card({
  type,
  properties: p,
  cover,
}: {
  type: "link" | "article" | "music";
  properties: Params;
  /** A picture of ours; those of foreign hosts are not fetched. */
  cover: string | null;
}) {
  const { t } = useTranslation();
  const to = text(p.url);
  const leads = /^https?:\/\//i.test(to);
  const picture = cover ?? ownPicture(text(p.picture_url));
  return (
    <span className="chat-card">
      {picture ? (
        <img src={picture} alt="" className="chat-cover" loading="lazy" />
      ) : (
        <span className="chat-cover">
          <Icon name={type} size={20} />
        </span>
      )}
      <span>
        {leads ? (
          <a href={to} target="_blank" rel="noopener noreferrer nofollow" title={to}>
            {text(p.title) || (type === "music" ? t("messages.music") : to)}
          </a>
        ) : (
          <strong>{text(p.title) || t("messages.other")}</strong>
        )}
        {text(p.description) ? <small>{text(p.description)}</small> : null}
        {leads ? <small className="chat-host">{hostOf(to)}</small> : null}
      </span>
    </span>
  );
}

/** A template message or notice. Its fields have their names and order from the library, if it still has the template. */
export function FilledForm({ properties: p, account }: { properties: Params; account: Id }) {
  const { t } = useTranslation();
  const template = useQuery(libraryQuery(account)).data?.items.find((one) => one.wechat_id === p.template_id);
  const data = p.data as Params;
  const keys = Object.keys(data);
  const named = (template?.fields ?? []).filter((field) => keys.includes(field.key));
  const rest = keys.filter((key) => named.every((field) => field.key !== key));
  return (
    <span className="chat-form">
      <strong>
        <Icon name="template" size={16} /> {text(p.title) || t(`services.${text(p.type) as "template"}`)}
      </strong>
      {[...named.map(({ key, name }) => ({ key, name })), ...rest.map((key) => ({ key, name: "" }))].map(
        ({ key, name }) => (
          <span key={key} className="chat-form-line">
            {name ? <small>{name}</small> : null}
            <span>{text(data[key])}</span>
          </span>
        ),
      )}
    </span>
  );
}
