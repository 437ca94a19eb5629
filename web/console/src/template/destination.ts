/** Where a tap on a template message leads, as it is being written: nowhere, to a page, to a mini program. */
import type { CampaignMessage } from "@/api/types";

export interface Destination {
  leads: "nowhere" | "link" | "mini";
  url: string;
  app_id: string;
  path: string;
}

export const nowhere: Destination = { leads: "nowhere", url: "", app_id: "", path: "" };

export const destinationOf = (message: CampaignMessage): Destination => ({
  leads: message.mini_program ? "mini" : message.url ? "link" : "nowhere",
  url: message.url ?? "",
  app_id: message.mini_program?.app_id ?? "",
  path: message.mini_program?.path ?? "",
});

/** As the message says it. With a mini program the link is for phones too old for it. */
export function linksOf(to: Destination): Pick<CampaignMessage, "url" | "mini_program"> {
  const url = to.url.trim();
  const path = to.path.trim();
  return {
    ...(to.leads !== "nowhere" && url ? { url } : {}),
    ...(to.leads === "mini" ? { mini_program: { app_id: to.app_id.trim(), ...(path ? { path } : {}) } } : {}),
  };
}

const isUrl = (text: string) => /^https?:\/\/\S+$/.test(text.trim());

/** Why it leads to nothing, as a key of words. */
export function faultOfDestination(to: Destination) {
  if (to.leads === "link" && !isUrl(to.url)) return "campaigns.need.url" as const;
  if (to.leads === "mini" && to.url.trim() && !isUrl(to.url)) return "campaigns.need.url" as const;
  if (to.leads === "mini" && !/^wx[a-zA-Z0-9]{16}$/.test(to.app_id.trim()))
    return "campaigns.need.app_id" as const;
  return null;
}
