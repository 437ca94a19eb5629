/** The demo's one clock, which hub and sandbox share: moved forward, so that what is due later happens now. */
import assert from "node:assert/strict";
import { api, wechat } from "./demo.mjs";

/**
 * Moves it by so many seconds; what it says then, in milliseconds. A hub whose clock jumps trusts it again once it has
 * heard WeChat's: so it is made to ask WeChat something of this account.
 */
export async function advance(demo, account, seconds) {
  const { now_ms } = await wechat(demo, "POST", "/clock", { advance_seconds: Math.ceil(seconds) });
  const asked = await api(demo, "GET", `/accounts/${account.id}/material_budget`);
  assert.equal(asked.status, 200, JSON.stringify(asked.body));
  return now_ms;
}

/** What it says. */
export const now = async (demo) => (await wechat(demo, "GET", "/state")).now_ms;

/** An instant as the console's pickers take it, by the clock of Shanghai. */
export const inShanghai = (at) =>
  new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Shanghai",
    dateStyle: "short",
    timeStyle: "short",
  }).format(at);
