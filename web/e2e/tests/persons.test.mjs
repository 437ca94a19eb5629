/** What only a person can say: who is one person and who is two, and what becomes of messages that were held. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shootAtWidths as shoot } from "../lib/opening.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

opening({ fans: 20 });

const under = (account, patch) => wechat(demo, "PATCH", `/accounts/${account.appid}`, patch);

for (const [locale, number] of [
  ["zh-CN", 7],
  ["en-US", 8],
]) {
  test(`a merge is seen with its cause and taken back, ${locale}`, async () => {
    const t = wordsOf(locale);
    const accounts = [await bindDirect(demo), await bindDirect(demo)];
    const customers = [];
    for (const [n, account] of accounts.entries()) {
      const [openid] = await addFans(demo, account, 1);
      await importFans(demo, account);
      const { id } = await customerOf(demo, openid);
      const person = await api(demo, "PATCH", `/customers/${id}`, { name: `${["Lin", "Wei"][n]} ${locale}` });
      assert.equal(person.status, 200);
      customers.push(id);
    }
    for (const account of accounts) {
      await under(account, { open_platform: true, open_platform_no: number });
      await importFans(demo, account);
    }

    const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/customers/${customers[0]}`);
    const undo = page.getByRole("button", { name: t("merges.undo") });
    await undo.waitFor();
    await page.getByText(t("merges.causes.unionid")).waitFor();
    await shoot(page, `merged-${locale}`);
    await undo.click();
    await page.getByText(t("merges.undo_text")).waitFor();
    await shoot(page, `merge-undo-${locale}`);
    await page
      .getByRole("tooltip")
      .getByRole("button", { name: t("merges.undo") })
      .click();
    await page.getByRole("button", { name: t("merges.join") }).waitFor();
    await shoot(page, `apart-${locale}`);
    for (const customer of customers) {
      const shown = (await api(demo, "GET", `/customers/${customer}`)).body;
      assert.deepEqual([shown.id, shown.fans.length, shown.merges[0].state], [customer, 1, "apart"]);
    }
    assert.deepEqual(complaints(), []);
    await context.close();
    for (const account of accounts) await under(account, { open_platform: false });
  });
}

test("of pairs who contradict each other, each is joined or kept apart by a person", async () => {
  const t = wordsOf("zh-CN");
  const accounts = [];
  for (const number of [20, 20, 21]) {
    const account = await bindDirect(demo);
    await importFans(demo, account);
    await under(account, { open_platform: true, open_platform_no: number });
    await addFans(demo, account, 3);
    await importFans(demo, account);
    accounts.push(account);
  }
  await under(accounts[0], { open_platform_no: 21 });
  for (const account of [...accounts, accounts[0]]) await importFans(demo, account);
  const proposed = async () => (await api(demo, "GET", "/merges?state=proposed")).body.items;
  assert.equal((await proposed()).length, 3);

  const { context, page, complaints } = await openWindow(browser, {
    locale: "zh-CN",
    allowed: [demo.console_url],
  });
  await signIn(demo, page, t, "zh-CN");
  await page.goto(`${demo.console_url}/customers`);
  await page.getByText(t("merges.review_text")).waitFor();
  await shoot(page, "review");
  await page
    .getByRole("button", { name: t("merges.join") })
    .first()
    .click();
  await until("one is joined", async () => (await proposed()).length === 2);
  await page
    .getByRole("button", { name: t("merges.keep_apart") })
    .nth(1)
    .waitFor();
  await page
    .getByRole("button", { name: t("merges.keep_apart") })
    .first()
    .click();
  await until("one is apart", async () => (await proposed()).length === 1);
  const states = [];
  for (const state of ["joined", "apart"]) {
    const { items } = (await api(demo, "GET", `/merges?state=${state}&limit=200`)).body;
    states.push(items.filter((merge) => merge.decided_by).length);
  }
  assert.ok(states[0] >= 1 && states[1] >= 1, `${states}`);
  assert.deepEqual(complaints(), []);
  await context.close();
});

for (const [locale, decide] of [
  ["zh-CN", "release"],
  ["en-US", "cancel"],
]) {
  test(`held messages wait for a person, who says ${decide}, ${locale}`, async () => {
    const t = wordsOf(locale);
    const account = await bindDirect(demo);
    const [openid] = await addFans(demo, account, 1);
    await importFans(demo, account);
    const rule = await api(demo, "POST", `/accounts/${account.id}/replies`, {
      trigger: { kind: "default" },
      answers: [
        { type: "text", text: "one" },
        { type: "text", text: "two" },
      ],
      send: "all",
    });
    assert.equal(rule.status, 201, JSON.stringify(rule.body));
    // The second answer follows the first after a moment; by then the account is unbound.
    await wechat(demo, "POST", `/accounts/${account.appid}/fans/${openid}/say?wait=true`, { text: "hello" });
    await api(demo, "POST", `/accounts/${account.id}/unbind`, {});
    const held = async () => (await api(demo, "GET", `/accounts/${account.id}/held_sends`)).body.messages;
    await until("a message is held", async () => (await held()) === 1);

    const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/accounts/${account.id}`);
    await page.getByText(t("held.why_unbound")).waitFor();
    await shoot(page, `held-unbound-${locale}`);
    assert.equal((await api(demo, "POST", `/accounts/${account.id}/rebind`, {})).status, 200);
    await page.reload();
    await page.getByRole("button", { name: t("held.look") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await shoot(page, `held-${locale}`);
    const buttons = dialog.locator("button.ant-btn");
    if (decide === "release") {
      await buttons.last().click();
    } else {
      await buttons.first().click();
      await dialog.getByText(t("held.sure")).waitFor();
      await shoot(page, `held-sure-${locale}`);
      await buttons.last().click();
    }
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await held(), 0);
    const said = async () => {
      const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans/${openid}/chat?limit=50`);
      return items.map((item) => item.text).filter((text) => text === "two").length;
    };
    if (decide === "release") await until("the fan reads it", async () => (await said()) === 1);
    assert.equal(await said(), decide === "release" ? 1 : 0);
    assert.deepEqual(complaints(), []);
    await context.close();
  });
}

test("p4 a message whose answer was lost, sent again by hand, reaches the fan once", async () => {
  const t = wordsOf("zh-CN");
  const account = await bindDirect(demo);
  const [openid] = await addFans(demo, account, 1);
  await importFans(demo, account);
  await wechat(demo, "POST", `/accounts/${account.appid}/fans/${openid}/say?wait=true`, { text: "hello" });
  const { id } = await customerOf(demo, openid);
  const { context, page } = await openWindow(browser, { locale: "zh-CN", allowed: [demo.console_url] });
  await signIn(demo, page, t, "zh-CN");
  await page.goto(`${demo.console_url}/customers/${id}`);
  const heard = async (text) => {
    const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans/${openid}/chat?limit=50`);
    return items.filter((item) => item.text === text).length;
  };
  const text = page.locator(".say textarea").first();
  const send = page.locator(".say").getByRole("button", { name: t("say.send") });

  // The hub has it; the answer does not come back.
  let asked = 0;
  await page.route("**/api/v1/customers/*/messages", async (route) => {
    asked += 1;
    if (asked > 1) return await route.continue();
    await route.fetch();
    await route.abort();
  });
  await text.fill("once");
  await send.click();
  await until("the fan reads it", async () => (await heard("once")) === 1);
  await page.locator(".say").getByRole("alert").first().waitFor();
  await send.click();
  await until("it is sent again", async () => asked === 2 && (await text.inputValue()) === "");
  // The same words once more are another message.
  await text.fill("once");
  await send.click();
  await until("the fan reads it again", async () => (await heard("once")) >= 2);
  await page.waitForTimeout(1500);
  assert.equal(await heard("once"), 2);
  await context.close();
});
