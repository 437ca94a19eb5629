/** What needs a person when messages do not go out: one in doubt, a closed way, a pause; and who can be reached at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shootAtWidths as shoot } from "../lib/opening.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

const SEND = "/cgi-bin/message/custom/send";

opening({ fans: 20 });

const settled = (id) =>
  until("the send is settled", async () => {
    const send = (await api(demo, "GET", `/sends/${id}`)).body;
    return ["queued", "sending", "retrying"].includes(send.state) ? undefined : send;
  });

async function say(customer, text) {
  const said = await api(demo, "POST", `/customers/${customer}/messages`, {
    content: { type: "text", text },
  });
  assert.equal(said.status, 201, JSON.stringify(said.body));
  return said.body.id;
}

const fault = (what) => wechat(demo, "POST", "/faults", { where: { path: SEND }, what, times: 1 });

for (const locale of ["zh-CN", "en-US"]) {
  test(`one in doubt and a closed way lead from home to their page and are decided there, ${locale}`, async () => {
    const t = wordsOf(locale);
    const zh = locale === "zh-CN";
    const account = await bindDirect(demo);
    const openids = (await addFans(demo, account, 2)).slice(0, 2);
    await importFans(demo, account);
    const fans = [];
    for (const [n, openid] of openids.entries()) {
      const { id } = await customerOf(demo, openid);
      const name = zh ? ["林晓", "王伟"][n] : ["Ann Lee", "Ben Wright"][n];
      await api(demo, "PATCH", `/customers/${id}`, { name });
      await wechat(demo, "POST", `/accounts/${account.appid}/fans/${openid}/say?wait=true`, {
        text: "hello",
      });
      fans.push({ id, openid, name });
    }
    const [one, two] = fans;
    await fault({ kind: "drop_after" });
    const lost = await say(
      one.id,
      zh ? "周六到货，给您留一件？" : "It arrives on Saturday. Shall we keep one?",
    );
    assert.equal((await settled(lost)).state, "unknown");
    await fault({ kind: "drop_after" });
    const left = await say(two.id, zh ? "已为您预留座位。" : "Your table is reserved.");
    assert.equal((await settled(left)).state, "unknown");
    await fault({ kind: "errcode", errcode: 45009 });
    await say(two.id, zh ? "明天见！" : "See you tomorrow!");
    await until("the way is closed", async () =>
      (await api(demo, "GET", "/sending")).body.gates.some((gate) => gate.account_id === account.id),
    );

    const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/?account=${account.id}`);
    const doubtful = t("needs.sends_unknown").replace("{{count}}", "2");
    const closed = t("needs.gate_closed").replace("$t(services.{{service}})", t("services.custom"));
    await page.locator(".need", { hasText: closed }).waitFor();
    await shoot(page, `sends-home-${locale}`);

    // In doubt: each with what is known. One is left, one is said again by somebody who knows that it may arrive twice.
    await page.locator(".need", { hasText: doubtful }).click();
    await page.waitForURL((url) => url.pathname === "/sends" && url.searchParams.get("show") === "doubt");
    await page.locator(".send-doubt").nth(1).waitFor();
    await page
      .locator(".send-doubt", { hasText: t("sends.written.answer_lost") })
      .first()
      .waitFor();
    await shoot(page, `sends-doubt-${locale}`);
    await page
      .locator(`[data-send="${left}"]`)
      .getByRole("button", { name: t("sends.leave") })
      .click();
    await page.locator(`[data-send="${left}"]`).waitFor({ state: "detached" });
    assert.equal((await api(demo, "GET", `/sends/${left}`)).body.decision, "left");
    await page
      .locator(`[data-send="${lost}"]`)
      .getByRole("button", { name: t("sends.resend") })
      .click();
    const dialog = page.getByRole("dialog");
    const again = dialog.getByRole("button", { name: t("sends.resend") });
    assert.ok(await again.isDisabled(), "not before one says that one knows");
    await dialog.getByLabel(t("sends.may_arrive_twice")).check();
    await shoot(page, `sends-again-${locale}`);
    await again.click();
    await page.getByText(t("sends.no_doubt")).waitFor();
    const resent = (await api(demo, "GET", `/sends/${lost}`)).body;
    assert.equal(resent.decision, "resent");

    // The way is closed; what is said waits at it. Opened, it goes out.
    await page.locator(".sends-tab", { hasText: t("sends.ways") }).click();
    await page.locator(".gate", { hasText: t("gates.day_quota") }).waitFor();
    await shoot(page, `sends-ways-${locale}`);
    await page.getByRole("button", { name: t("sends.open_now") }).click();
    await page.getByText(t("sends.all_open")).waitFor();
    assert.equal((await settled(resent.resent_as)).state, "sent");

    // The ledger: filters live in the address.
    await page.locator(".sends-tab").first().click();
    await page.locator(".table tbody tr").nth(3).waitFor();
    await shoot(page, `sends-ledger-${locale}`);
    await page.locator(".send-count", { hasText: t("timeline.states.unknown") }).click();
    await page.waitForURL((url) => url.searchParams.get("outcome") === "unknown");
    await until("two are shown", async () => (await page.locator(".table tbody tr").count()) === 2);
    await page.locator(".table tbody tr").first().click();
    await page.locator(".ant-drawer .send-evidence", { hasText: t("sends.decision") }).waitFor();
    await shoot(page, `sends-evidence-${locale}`);
    await page.goto(`${demo.console_url}/sends?customer=${one.id}`);
    await until("theirs alone", async () => (await page.locator(".table tbody tr").count()) === 2);

    // Who can be reached: what they do not want, and WeChat's blacklist.
    await page.goto(`${demo.console_url}/customers/${one.id}`);
    const card = page.locator(".reach-of");
    await card.locator('[data-way="custom_message"]').waitFor();
    await page.getByLabel(t("reach.refuse").replace("{{what}}", t("functions.template"))).click();
    await card.locator('[data-way="template"].off', { hasText: t("reach.why.opted_out") }).waitFor();
    await card.getByLabel(t("reach.blacklist")).click();
    await card.locator('[data-way="custom_message"].off', { hasText: t("reach.why.blacklisted") }).waitFor();
    await shoot(page, `reach-${locale}`);
    await card.getByLabel(t("reach.blacklist")).click();
    await card.locator('[data-way="custom_message"]:not(.off)').waitFor();

    assert.deepEqual(complaints(), []);
    await context.close();
  });

  test(`quiet hours and the cap are set, and a pause stands above every page, ${locale}`, async () => {
    const t = wordsOf(locale);
    const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/settings/sending`);
    await page.getByRole("switch", { name: t("sending.quiet") }).click();
    await page.getByRole("switch", { name: t("sending.cap") }).click();
    await page.getByLabel(t("sending.until"), { exact: true }).fill("07:30");
    await page.getByLabel(t("sending.messages"), { exact: true }).fill("2");
    await page.getByRole("button", { name: t("app.save") }).click();
    await page.getByText(t("app.saved"), { exact: true }).waitFor();
    await shoot(page, `sending-settings-${locale}`);
    assert.deepEqual((await api(demo, "GET", "/reach_settings")).body, {
      quiet_hours: { from: 1320, until: 450, service_too: false },
      frequency_cap: { messages: 2, days: 7 },
    });
    await page.getByRole("switch", { name: t("sending.quiet") }).click();
    await page.getByRole("switch", { name: t("sending.cap") }).click();
    await page.getByRole("button", { name: t("app.save") }).click();
    await page.getByText(t("app.saved"), { exact: true }).waitFor();

    // As after a restored backup.
    const pause = {
      reason: "restored",
      evidence: "this database was last in use at …",
      paused_at: Date.now(),
    };
    await page.route("**/api/v1/sending", (route) =>
      route.fulfill({ json: { pause, gates: [], unknown: 2 } }),
    );
    await page.goto(`${demo.console_url}/customers`);
    await page.locator(".paused a").click();
    await page.waitForURL((url) => url.pathname === "/sends" && url.searchParams.get("show") === "ways");
    await page.getByRole("button", { name: t("sends.go_on") }).click();
    const dialog = page.getByRole("dialog");
    const goOn = dialog.getByRole("button", { name: t("sends.go_on") });
    assert.ok(await goOn.isDisabled());
    await shoot(page, `sends-paused-${locale}`);
    const tenant = (await api(demo, "GET", "/tenant")).body.name;
    await dialog.getByRole("textbox").fill(tenant);
    await page.unroute("**/api/v1/sending");
    await goOn.click();
    await page.locator(".paused").waitFor({ state: "detached" });
    assert.deepEqual(complaints(), []);
    await context.close();
  });
}
