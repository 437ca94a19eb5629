/** A campaign as it is being written. */
import type { Account, Audience, Campaign, CampaignBody, Id, Template } from "@/api/types";
import { isPersonal, strange, unfit } from "./values";

export interface Draft {
  name: string;
  template: Id | null;
  data: Record<string, string>;
  leads: "nowhere" | "link" | "mini";
  url: string;
  app_id: string;
  path: string;
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
  leads: "nowhere",
  url: "",
  app_id: "",
  path: "",
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
    leads: message.mini_program ? "mini" : message.url ? "link" : "nowhere",
    url: message.url ?? "",
    app_id: message.mini_program?.app_id ?? "",
    path: message.mini_program?.path ?? "",
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
  const url = draft.url.trim();
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
      // With a mini program the link is for phones too old for it.
      ...(draft.leads !== "nowhere" && url ? { url } : {}),
      ...(draft.leads === "mini"
        ? {
            mini_program: {
              app_id: draft.app_id.trim(),
              ...(draft.path.trim() ? { path: draft.path.trim() } : {}),
            },
          }
        : {}),
    },
    audience: audienceOf(draft),
    on_quota: draft.on_quota,
  };
}

const isUrl = (text: string) => /^https?:\/\/\S+$/.test(text.trim());

/** Why it cannot be kept, as a key of words; what only stands in the way of sending is the check's business. */
export function faultOf(draft: Draft, template: Template | undefined) {
  if (!template) return "campaigns.need.template" as const;
  if (!draft.name.trim()) return "campaigns.need.name" as const;
  if (Object.values(draft.data).some((text) => strange(text) !== null))
    return "campaigns.need.variable" as const;
  if (draft.leads === "link" && !isUrl(draft.url)) return "campaigns.need.url" as const;
  if (draft.leads === "mini" && draft.url.trim() && !isUrl(draft.url)) return "campaigns.need.url" as const;
  if (draft.leads === "mini" && !/^wx[a-zA-Z0-9]{16}$/.test(draft.app_id.trim()))
    return "campaigns.need.app_id" as const;
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
