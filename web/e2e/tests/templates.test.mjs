/** Template messages: the library, a campaign to a tag from the editor to its numbers, which are those of WeChat's journal. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shooter, spill } from "../lib/opening.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

let account;

opening({ fans: 60 }, async () => {
  account = (await api(demo, "GET", "/accounts")).body.items[0];
});

const shoot = shooter("", () => true);

test("a template is added, a campaign written, checked, tried and sent to a tag", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const { context, page, complaints } = await openWindow(browser, {
    locale,
    allowed: [demo.console_url, demo.sandbox_url],
  });
  // Five who follow, with a tag; one of them has muted the account.
  const { body: tag } = await api(demo, "POST", "/tags", { name: "老顾客" });
  const { body: found } = await api(demo, "GET", `/customers?account=${account.id}&status=following&limit=5`);
  assert.equal(found.items.length, 5);
  for (const one of found.items) await api(demo, "PUT", `/customers/${one.id}/tags/${tag.id}`, {});
  await api(demo, "PATCH", `/customers/${found.items[0].id}`, { name: "安妮" });
  const muted = found.items[4].fans.find((fan) => fan.account_id === account.id).openid;
  await fetch(`${demo.sandbox_url}/sandbox/api/accounts/${account.app_id}/fans/${muted}/mute`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ on: true }),
  });

  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/templates?account=${account.id}&shelf=library`);
  await page.getByText(t("templates.empty")).waitFor({ timeout: 20_000 });
  await shoot(page, "templates-empty-zh-CN");

  // Of WeChat's library, by number and keywords.
  await page.getByRole("button", { name: t("templates.add_template"), exact: true }).click();
  await page.getByLabel(t("templates.number")).fill("42984");
  await page.getByLabel(t("templates.keywords"), { exact: true }).fill("订单编号，商品名称，支付时间");
  await shoot(page, "template-add-zh-CN");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("templates.add"), exact: true })
    .click();
  await page.getByRole("heading", { name: "订单支付成功通知" }).waitFor();

  // The platform asks for no permission set of notices; that is said where one would add one.
  await page.getByRole("button", { name: t("templates.add"), exact: true }).click();
  const notices = page.getByRole("menuitem", { name: t("templates.add_notice") });
  await notices.waitFor();
  assert.equal(await notices.getAttribute("aria-disabled"), "true");
  await page.keyboard.press("Escape");
  await shoot(page, "templates-library-zh-CN");

  // Written beside the phone.
  await page
    .locator(".template-card", { hasText: "订单支付成功通知" })
    .getByRole("button", { name: t("templates.use"), exact: true })
    .click();
  await page.getByLabel(t("campaigns.name"), { exact: true }).fill("十一月发货");
  await page.getByRole("combobox", { name: t("campaigns.choose_tags") }).click();
  await page.locator(".ant-select-item-option", { hasText: "老顾客" }).click();
  await page.keyboard.press("Escape");
  await page.getByLabel("订单编号", { exact: true }).fill("订单");
  await page.getByText(t("campaigns.unfit.characters").split("{{")[0]).waitFor();
  await page.getByLabel("订单编号", { exact: true }).fill("20261128001");
  await page.getByLabel("支付时间", { exact: true }).fill("2026-11-28 10:30");
  await page.getByRole("button", { name: t("campaigns.put_into").replace("{{name}}", "商品名称") }).click();
  await page.getByRole("menuitem", { name: t("campaigns.places.name"), exact: true }).click();
  await page.getByLabel(t("campaigns.otherwise"), { exact: true }).fill("顾客");
  await page.getByRole("button", { name: t("campaigns.put_in"), exact: true }).click();
  const field = page.getByLabel("商品名称", { exact: true });
  await field.press("End");
  await page.keyboard.type("的陶瓷杯");
  assert.equal(await field.inputValue(), "{{customer.name|顾客}}的陶瓷杯");
  await page.getByRole("combobox", { name: t("campaigns.look_as") }).click();
  const offered = page.locator(
    ".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option",
  );
  await offered.first().waitFor();
  await page.getByRole("combobox", { name: t("campaigns.look_as") }).fill("安妮");
  // Until the answer is there nobody stands where one might press.
  assert.equal(await offered.count(), 0);
  await offered.filter({ hasText: "安妮" }).click();
  await page.locator(".form-card").getByText("安妮的陶瓷杯").waitFor();
  await page.locator(".ant-segmented-item", { hasText: t("campaigns.lead.link") }).click();
  await page.locator("#campaign-url").fill("https://shop.example/orders/1");
  await shoot(page, "campaign-editor-zh-CN");
  await page.getByRole("button", { name: t("campaigns.check"), exact: true }).click();

  // Checked, and tried.
  const go = page.getByRole("button", { name: t("campaigns.send_now_other").replace("{{n}}", "5") });
  await go.waitFor({ timeout: 15_000 });
  await page.getByRole("combobox", { name: t("campaigns.look_as") }).click();
  await page.getByRole("combobox", { name: t("campaigns.look_as") }).fill("安妮");
  await offered.filter({ hasText: "安妮" }).click();
  await page.getByRole("button", { name: t("campaigns.test_to").replace("{{name}}", "安妮") }).click();
  await page
    .locator(".campaign-tests")
    .getByText(t("campaigns.delivery.delivered"))
    .waitFor({ timeout: 15_000 });
  await shoot(page, "campaign-check-zh-CN");

  // Sent; the numbers are those of the journal.
  await fetch(`${demo.sandbox_url}/sandbox/api/journal`, { method: "DELETE" });
  await go.click();
  const figure = (name) =>
    page.locator(".campaign-parts > div", { hasText: t(`campaigns.counts.${name}`) }).locator("dd");
  await figure("blocked").waitFor({ timeout: 20_000 });
  await figure("delivered").filter({ hasText: /^4$/ }).waitFor({ timeout: 20_000 });
  assert.equal(await figure("total").textContent(), "5");
  assert.equal(await figure("blocked").textContent(), "1");
  await page.getByText(t("campaigns.states.done"), { exact: true }).waitFor({ timeout: 15_000 });
  const journal = await wechat(demo, "GET", "/journal?limit=500");
  const calls = journal.items.filter((call) => call.path === "/cgi-bin/message/template/send");
  assert.equal(calls.filter((call) => call.executed).length, 5);
  await page.locator(".table tbody tr").nth(4).waitFor();
  await shoot(page, "campaign-done-zh-CN");
  const openid = found.items[0].fans.find((fan) => fan.account_id === account.id).openid;
  const chat = await wechat(demo, "GET", `/accounts/${account.app_id}/fans/${openid}/chat?limit=50`);
  assert.ok(JSON.stringify(chat).includes("安妮的陶瓷杯"));

  await page.goto(`${demo.console_url}/templates?account=${account.id}`);
  await page.getByRole("link", { name: "十一月发货" }).waitFor();
  await shoot(page, "campaigns-zh-CN");
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("a notice is added out of WeChat's library, and fans who agree are counted", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
  const made = await wechat(demo, "POST", "/accounts", {
    kind: "service",
    verify_type: 0,
    nick_name: "港湾图书馆",
  });
  const { body: library } = await api(demo, "POST", "/accounts", {
    mode: "direct",
    app_id: made.appid,
    app_secret: made.appsecret,
    token: made.token,
    encoding_aes_key: made.encoding_aes_key,
    encryption: "safe",
    kind: "service",
    verify_type: 0,
    nick_name: "港湾图书馆",
  });
  await fetch(`${demo.sandbox_url}/sandbox/api/accounts/${made.appid}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ mode: "safe", callback_url: library.callback_url }),
  });
  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/templates?account=${library.id}&shelf=library`);
  await page.getByText("图书报刊", { exact: false }).waitFor({ timeout: 20_000 });
  await page.getByRole("button", { name: t("templates.add"), exact: true }).click();
  await page.getByRole("menuitem", { name: t("templates.add_notice") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: t("templates.category") }).click();
  await page.locator(".ant-select-item-option", { hasText: "图书报刊" }).click();
  await dialog.getByRole("combobox", { name: t("templates.title") }).click();
  await page.locator(".ant-select-item-option", { hasText: "活动开始提醒" }).click();
  await dialog.getByText("活动名称").click();
  await dialog.getByText("开始时间").click();
  await dialog.getByLabel(t("templates.scene")).fill("活动提醒");
  await shoot(page, "notice-add-zh-CN");
  await dialog.getByRole("button", { name: t("templates.add"), exact: true }).click();
  await page.getByRole("heading", { name: "活动开始提醒" }).waitFor();

  const fans = await wechat(demo, "POST", `/accounts/${made.appid}/fans`, { count: 2 });
  assert.ok(fans);
  const { items } = await wechat(demo, "GET", `/accounts/${made.appid}/fans?limit=2`);
  const added = (await api(demo, "GET", `/accounts/${library.id}/templates`)).body.items[0];
  await wechat(demo, "POST", `/accounts/${made.appid}/fans/${items[0].openid}/choose-notices?wait=true`, {
    choices: [{ template_id: added.wechat_id, accept: true }],
    scene: 1,
  });
  const agreed = t("templates.grants_other").replace("{{fans}}", "1").replace("{{notices}}", "1");
  await page.getByText(agreed).waitFor({ timeout: 15_000 });
  await shoot(page, "templates-notice-zh-CN");
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("what stands in the way is said, in English and on a phone", async () => {
  const locale = "en-US";
  const t = wordsOf(locale);
  const { context, page, complaints } = await openWindow(browser, {
    locale,
    width: 390,
    height: 844,
    allowed: [demo.console_url],
  });
  const { body: library } = await api(demo, "GET", `/accounts/${account.id}/templates`);
  const template = library.items.find((one) => one.kind === "template");
  const { body: draft } = await api(demo, "POST", "/campaigns", {
    account_id: account.id,
    name: "Bad one",
    message: {
      type: "template",
      template_id: template.wechat_id,
      data: { character_string1: "A1", thing2: "限时抢购 {{customer.city}}" },
    },
    audience: { type: "all" },
  });
  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/templates/${draft.id}?account=${account.id}`);
  await page.getByText("“支付时间” is empty", { exact: false }).waitFor({ timeout: 15_000 });
  await page.getByText("限时", { exact: false }).first().waitFor();
  const go = page.getByRole("button", { name: /^Send to/ });
  assert.equal(await go.isDisabled(), true);
  await shoot(page, "campaign-check-en-US-390");

  // Who cannot be looked for is not said to be still looked for.
  const asked = "**/api/v1/customers?*";
  await page.route(asked, (route) =>
    route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      json: { type: "about:blank", title: "Forbidden", status: 403, code: "forbidden" },
    }),
  );
  await page.getByRole("combobox", { name: t("campaigns.look_as") }).fill("Ann");
  await page.locator(".ant-select-dropdown").getByText(t("errors.forbidden")).waitFor();
  await shoot(page, "fan-select-trouble-en-US-390");
  await page.unroute(asked);
  for (const [name, path] of [
    ["templates", `/templates?account=${account.id}`],
    ["templates-library", `/templates?account=${account.id}&shelf=library`],
    ["campaign-editor", `/templates/${draft.id}?account=${account.id}&edit=1`],
  ]) {
    await page.goto(`${demo.console_url}${path}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForTimeout(600);
    await shoot(page, `${name}-en-US-390`);
    const wider = await spill(page);
    assert.ok(wider <= 0, `${name} is ${wider}px too wide`);
  }
  assert.deepEqual(complaints(), []);
  await context.close();
});
