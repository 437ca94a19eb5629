/** A campaign as it is being written. */
import type { Account, Audience, Campaign, CampaignBody, Id, Template } from "@/api/types";
import {
  type Destination,
  destinationOf,
  faultOfDestination,
  linksOf,
  nowhere,
} from "@/template/destination";
import { isPersonal, strange, unfit } from "@/template/values";

export interface Draft extends Destination {
  name: string;
  template: Id | null;
  data: Record<string, string>;
  whom: Audience["type"];
  tag_ids: Id[];
  customer_ids: Id[];
  openids: string;
  on_quota: "wait" | "stop";
}

export const emptyDraft: Draft = {
  name: "",
  template: null,
  data: {},
  ...nowhere,
  whom: "tags",
  tag_ids: [],
  customer_ids: [],
  openids: "",
  on_quota: "wait",
};

export function draftOf(campaign: Campaign, templates: Template[]): Draft {
  const { message, audience } = campaign;
  const template = templates.find(
    (one) => one.wechat_id === message.template_id && one.kind === campaign.service,
  );
  return {
    ...emptyDraft,
    name: campaign.name,
    template: template?.id ?? null,
    data: message.data,
    ...destinationOf(message),
    whom: audience.type,
    tag_ids: audience.type === "tags" ? audience.tag_ids : [],
    customer_ids: audience.type === "customers" ? audience.customer_ids : [],
    openids: audience.type === "openids" ? audience.openids.join("\n") : "",
    on_quota: campaign.on_quota,
  };
}

export const linesOf = (text: string) => [
  ...new Set(
    text
      .split(/[\s,，;；]+/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

function audienceOf(draft: Draft): Audience {
  if (draft.whom === "tags") return { type: "tags", tag_ids: draft.tag_ids };
  if (draft.whom === "customers") return { type: "customers", customer_ids: draft.customer_ids };
  if (draft.whom === "openids") return { type: "openids", openids: linesOf(draft.openids) };
  return { type: "all" };
}

export function bodyOf(account: Account, draft: Draft, template: Template): CampaignBody {
  const keys = new Set(template.fields.filter((field) => field.shown).map((field) => field.key));
  return {
    account_id: account.id,
    name: draft.name.trim(),
    message: {
      type: template.kind,
      template_id: template.wechat_id,
      data: Object.fromEntries(
        Object.entries(draft.data).filter(([key, text]) => keys.has(key) && text.trim()),
      ),
      ...linksOf(draft),
    },
    audience: audienceOf(draft),
    on_quota: draft.on_quota,
  };
}

/** Why it cannot be kept, as a key of words; what only stands in the way of sending is the check's business. */
export function faultOf(draft: Draft, template: Template | undefined) {
  if (!template) return "campaigns.need.template" as const;
  if (!draft.name.trim()) return "campaigns.need.name" as const;
  if (Object.values(draft.data).some((text) => strange(text) !== null))
    return "campaigns.need.variable" as const;
  const lost = faultOfDestination(draft);
  if (lost) return lost;
  if (draft.whom === "tags" && draft.tag_ids.length === 0) return "campaigns.need.tags" as const;
  if (draft.whom === "customers" && draft.customer_ids.length === 0)
    return "campaigns.need.customers" as const;
  if (draft.whom === "openids" && linesOf(draft.openids).length === 0)
    return "campaigns.need.openids" as const;
  return null;
}

/** How many fields WeChat would refuse as they are written. */
export const unfitFields = (draft: Draft, template: Template) =>
  template.fields.filter((field) => {
    const text = draft.data[field.key] ?? "";
    return field.shown && !isPersonal(text) && unfit(field, text) !== null;
  });
