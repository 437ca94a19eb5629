/** A broadcast from home to the fans' phones: written, checked, scheduled and called off, sent, approved by somebody else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shooter, spill } from "../lib/opening.mjs";
import { presser } from "../lib/presses.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

opening({ fans: 60 });

const shoot = shooter("broadcasts-", (name) => name.includes("full"));

/** A pattern of the words before the first blank of a sentence. */
const begin = (sentence) => new RegExp(`^${sentence.split("{{")[0].replace(/[.*+?^$()|[\]\\]/g, "\\$&")}`);

async function withFans(count) {
  const account = await bindDirect(demo);
  const openids = await addFans(demo, account, count);
  await importFans(demo, account);
  return { account, openids };
}

/** A picture of one colour and a disc, as a cover. */
async function cover(page) {
  return await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 383 });
    const context = canvas.getContext("2d");
    context.fillStyle = "#1f6f78";
    context.fillRect(0, 0, 900, 383);
    context.fillStyle = "#fbfaf7";
    context.arc(640, 190, 120, 0, 7);
    context.fill();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
    const form = new FormData();
    form.set("kind", "image");
    form.set("file", blob, "cover.jpg");
    const me = await (await fetch("/api/v1/session")).json();
    const headers = { "x-csrf-token": me.csrf_token };
    const response = await fetch("/api/v1/media", { method: "POST", headers, body: form });
    return (await response.json()).id;
  });
}

/** An article that WeChat's draft box holds. */
async function writtenArticle(page, account, title) {
  const item = { title, html: "<p>…</p>", cover_media_id: await cover(page) };
  const made = await api(demo, "POST", "/articles", { account_id: account.id, items: [item] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await api(demo, "POST", `/articles/${made.body.id}/push`, {});
  await until("the article is at WeChat", async () => {
    const { body } = await api(demo, "GET", `/articles/${made.body.id}`);
    return body.state === "synced";
  });
}

const stateOf = (page) => page.getByTestId("broadcast-state");
const go = (page) => page.getByTestId("broadcast-go");
const noSpill = async (page, what) => {
  const wider = await spill(page);
  assert.ok(wider <= 0, `${what} is ${wider}px wider than the window`);
};

for (const [locale, width, height] of [
  ["zh-CN", 1440, 900],
  ["en-US", 390, 844],
]) {
  test(`a broadcast is written, checked, called off, sent and looked at, ${locale} at ${width}`, async () => {
    const t = wordsOf(locale);
    const zh = locale === "zh-CN";
    const { account, openids } = await withFans(12);
    const tag = (await api(demo, "POST", "/tags", { name: zh ? "会员" : "Members" })).body;
    for (const openid of openids.slice(0, 5)) {
      const customer = await customerOf(demo, openid);
      await api(demo, "PUT", `/customers/${customer.id}/tags/${tag.id}`);
    }
    const allowed = [demo.console_url, demo.sandbox_url];
    const { context, page, complaints } = await openWindow(browser, { locale, width, height, allowed });
    await signIn(demo, page, t, locale);
    const title = zh ? "双十二来了，全场好礼" : "The sale begins today";
    await writtenArticle(page, account, title);
    await page.goto(`${demo.console_url}/?account=${account.id}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();

    // Task 9: an article to a segment, tomorrow at 8. From home, the account chosen.
    const { press, pressed } = presser();
    if (width < 768) await page.getByRole("button", { name: t("nav.open") }).click();
    await press(
      "Broadcasts",
      page.getByRole("link", { name: new RegExp(`^${t("nav.broadcasts")}`) }).first(),
    );
    await page.locator(".allow-grid").waitFor();
    await shoot(page, `empty-${locale}-${width}`);
    await noSpill(page, "the list");
    await press("the article", page.locator(".bc-article", { hasText: title }).first());
    await press("the tag", page.locator(".bc-chip", { hasText: tag.name }));
    await press("the time", page.locator("#when .bc-chip").last());
    await page
      .locator(".bc-state")
      .getByText(zh ? "已保存" : "aved")
      .waitFor();
    await shoot(page, `edit-${locale}-${width}`);
    await noSpill(page, "the editor");
    await press("Check", page.getByRole("button", { name: t("broadcasts.check"), exact: true }));
    await go(page).waitFor();
    assert.match(
      await page.locator(".bc-facts").textContent(),
      new RegExp(begin(t("broadcasts.fans_other").replace("{{n}}", "5")).source.slice(1)),
    );
    await shoot(page, `check-${locale}-${width}`);
    await shoot(page, `check-full-${locale}-${width}`);
    await noSpill(page, "the check");
    await press("Confirm", go(page));
    await stateOf(page).getByText(t("broadcasts.states.scheduled")).waitFor();
    console.log(
      `task 9, broadcast an article to a segment at a time: ${pressed.length} clicks (${pressed.join(", ")})`,
    );
    assert.ok(pressed.length <= 6, pressed.join());
    await shoot(page, `scheduled-${locale}-${width}`);
    await noSpill(page, "the result");

    // It is called off, and WeChat never heard of it.
    await page.getByRole("button", { name: t("broadcasts.cancel_it") }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: t("broadcasts.cancel_it") })
      .click();
    await stateOf(page).getByText(t("broadcasts.states.stopped")).waitFor();
    assert.equal((await wechat(demo, "GET", `/accounts/${account.appid}/broadcasts`)).items.length, 0);

    // Used again, for everybody, now.
    await page.getByRole("button", { name: t("broadcasts.use_again") }).click();
    await page.getByRole("radio", { name: t("broadcasts.kinds.text") }).click();
    const words = zh ? "全场都有好礼，等你来" : "See you in the shop";
    await page.locator("#broadcast-text").fill(words);
    await page.locator("#who .bc-chip", { hasText: t("broadcasts.to.all") }).click();
    const link = page.getByRole("button", { name: t("broadcasts.link"), exact: true });
    await link.click();
    await page.getByLabel(t("broadcasts.link_url")).fill("https://shop.example/sale");
    await page.getByLabel(t("broadcasts.link_words"), { exact: true }).fill(zh ? "看看" : "Look");
    await page.getByRole("button", { name: t("broadcasts.link_insert"), exact: true }).click();
    await page.locator("#when .bc-chip").first().click();
    await page.getByRole("button", { name: t("broadcasts.check"), exact: true }).click();
    await go(page).click();
    await stateOf(page).getByText(t("broadcasts.states.done")).waitFor({ timeout: 30_000 });
    await page.locator(".counts").getByText(t("broadcasts.outcomes.sent")).waitFor();
    await shoot(page, `done-${locale}-${width}`);
    await shoot(page, `done-full-${locale}-${width}`);
    const id = /\/broadcasts\/(\d+)/.exec(page.url())[1];
    const done = (await api(demo, "GET", `/broadcasts/${id}`)).body;
    const { fans, ...outcomes } = done.counts;
    assert.equal(fans, openids.length);
    assert.equal(
      Object.values(outcomes).reduce((sum, one) => sum + one, 0),
      fans,
    );
    assert.equal(outcomes.sent, openids.length);
    const [sent] = (await wechat(demo, "GET", `/accounts/${account.appid}/broadcasts`)).items;
    assert.equal(sent.audience, "all");
    assert.ok(sent.summary.includes("<a href="), sent.summary);

    // A fan's phone has it.
    const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=200`);
    const fan = items.find((one) => one.openid === openids[0]);
    const phone = await context.newPage();
    await phone.goto(`${demo.sandbox_url}/?person=${fan.person}&appid=${account.appid}`);
    await phone
      .locator('[data-testid="chat-item"][data-from="account"]', { hasText: words })
      .last()
      .waitFor();
    await phone.close();

    // The month knows of it.
    await page.goto(`${demo.console_url}/broadcasts?account=${account.id}`);
    await page.locator(".allow-day.has-some").first().waitFor();
    await page
      .locator(".used .bar-words")
      .getByText(t("broadcasts.used_of").replace("{{used}}", "1"))
      .waitFor();
    await shoot(page, `list-${locale}-${width}`);
    await noSpill(page, "the list");

    // Filters stand in the address.
    await page.goto(`${demo.console_url}/broadcasts?account=${account.id}&standing=stopped`);
    await page.locator("[data-row]").first().waitFor();
    assert.equal(await page.locator("[data-row]").count(), 1);

    assert.deepEqual(complaints(), []);
    await context.close();
  });
}

test("a large broadcast waits for somebody else; who started it cannot agree with themselves", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const { account, openids } = await withFans(6);
  const email = "keke.zhou@shop.example";
  const password = "a long enough password";
  const made = await api(demo, "POST", "/people", { name: "周可", email, role: "operator", password });
  const allowed = [demo.console_url];
  const { context, page, complaints } = await openWindow(browser, { locale, allowed });
  await signIn(demo, page, t, locale);

  // The company says above how many.
  await page.goto(`${demo.console_url}/settings/company`);
  await page.locator("#approval_above").fill("3");
  await page.getByRole("button", { name: t("app.save") }).click();
  await page.getByText(t("app.saved"), { exact: true }).waitFor();
  await shoot(page, "approval-setting");
  if (made.status >= 300) {
    // Keys may not add people; a person does.
    await page.evaluate(
      async (body) => {
        const me = await (await fetch("/api/v1/session")).json();
        const headers = { "content-type": "application/json", "x-csrf-token": me.csrf_token };
        const response = await fetch("/api/v1/people", {
          method: "POST",
          headers,
          body: JSON.stringify(body),
        });
        if (!response.ok) throw new Error(await response.text());
      },
      { name: "周可", email, role: "operator", password },
    );
  }

  await page.goto(`${demo.console_url}/broadcasts?account=${account.id}`);
  await page
    .getByRole("button", { name: t("broadcasts.new") })
    .first()
    .click();
  await page.locator("#broadcast-text").fill("年度盛典，敬请期待");
  await page.getByRole("button", { name: t("broadcasts.check"), exact: true }).click();
  await page.locator(".note-warning").first().waitFor();
  await shoot(page, "approval-check");
  await go(page).click();
  await stateOf(page).getByText(t("broadcasts.states.awaiting_approval")).waitFor();
  const approve = page.getByRole("button", { name: begin(t("broadcasts.approve_other")) });
  assert.ok(await approve.isDisabled());
  await approve.locator("..").hover();
  await page.getByText(t("broadcasts.not_yourself")).waitFor();
  await shoot(page, "approval-mine");
  const path = new URL(page.url()).pathname;

  const second = await openWindow(browser, { locale, allowed });
  await signIn({ ...demo, login: { email, password } }, second.page, t, locale);
  await second.page.goto(`${demo.console_url}${path}`);
  await second.page.getByRole("button", { name: begin(t("broadcasts.approve_other")) }).click();
  await stateOf(second.page).getByText(t("broadcasts.states.done")).waitFor({ timeout: 30_000 });
  await shoot(second.page, "approval-done");
  // The first one sees it too, without asking.
  await stateOf(page).getByText(t("broadcasts.states.done")).waitFor({ timeout: 10_000 });
  const id = /\/broadcasts\/(\d+)/.exec(path)[1];
  const done = (await api(demo, "GET", `/broadcasts/${id}`)).body;
  assert.equal(done.approved_by, "周可");
  assert.equal(done.counts.sent, openids.length);
  assert.deepEqual([...complaints(), ...second.complaints()], []);
  await second.context.close();
  await context.close();
});
