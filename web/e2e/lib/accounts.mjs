/** Accounts bound with AppID and secret, and what happens to them, without a browser. */
import assert from "node:assert/strict";
import { api, wechat } from "./demo.mjs";

/** Asks again and again until `look` has something to say. */
export async function until(what, look) {
  const began = Date.now();
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() - began > 30_000) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A new account of the sandbox's, bound; as the hub and as the sandbox know it. */
export async function bindDirect(demo) {
  const made = await wechat(demo, "POST", "/accounts", { kind: "service", verify_type: 0 });
  const { appid, appsecret, token, encoding_aes_key, nick_name } = made;
  const bound = await api(demo, "POST", "/accounts", {
    mode: "direct",
    app_id: appid,
    app_secret: appsecret,
    token,
    encoding_aes_key,
    encryption: "safe",
    kind: "service",
    verify_type: 0,
    nick_name,
  });
  assert.equal(bound.status, 201, JSON.stringify(bound.body));
  await wechat(demo, "PATCH", `/accounts/${appid}`, { mode: "safe", callback_url: bound.body.callback_url });
  return { id: bound.body.id, appid, appsecret, nick_name };
}

/** All fans the account has now are in. */
export async function importFans(demo, account) {
  const done = async () => (await api(demo, "GET", `/accounts/${account.id}/import`)).body?.state === "done";
  await until("the first import", done);
  await api(demo, "POST", `/accounts/${account.id}/import`, {});
  await until("the import", done);
}

/** More fans for the account; the openids of all. */
export async function addFans(demo, account, count) {
  await wechat(demo, "POST", `/accounts/${account.appid}/fans`, { count });
  const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=200`);
  return items.map((fan) => fan.openid);
}

/** The customer behind an openid. */
export async function customerOf(demo, openid) {
  return await until(`the customer of ${openid}`, async () => {
    const { items } = (await api(demo, "GET", `/customers?query=${openid}`)).body;
    return items.length === 1 ? items[0] : undefined;
  });
}
