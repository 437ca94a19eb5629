/** The main job, by hand and in both languages: bind by scanning, fans arrive, set an answer, take the phone, see it all on the customer's page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openWindow } from "../lib/browser.mjs";
import { wechat } from "../lib/demo.mjs";
import { browser, demo, opening, pictures } from "../lib/opening.mjs";
import { wordsOf } from "../lib/words.mjs";

opening({ fans: 300 });

const shoot = async (page, name) => {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
};

async function signIn(page, t) {
  await page.goto(`${demo.console_url}/login`);
  await page.getByLabel(t("session.email")).fill(demo.login.email);
  await page.getByLabel(t("session.password")).fill(demo.login.password);
  await page.getByRole("button", { name: t("session.sign_in") }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}

for (const [locale, kind, word, answer] of [
  ["zh-CN", "service", "营业时间", "每天 9:00–21:00，欢迎光临"],
  ["en-US", "subscription", "opening hours", "Every day from 9 to 9. See you!"],
]) {
  test(`the whole story, ${locale}`, async () => {
    const t = wordsOf(locale);
    const allowed = [demo.console_url, demo.sandbox_url];
    const { context, page, complaints } = await openWindow(browser, { locale, allowed });
    const state = await wechat(demo, "GET", "/state");
    const free = state.accounts.find(
      (one) => one.kind === kind && [0, 3, 4, 5].includes(one.verify_type) && one.authorizations.length === 0,
    );
    assert.ok(free, "the sandbox has a verified account that nobody has bound");
    const { fans: following } = await wechat(demo, "POST", `/accounts/${free.appid}/fans`, { count: 120 });

    // The person's own language decides after signing in.
    await wordsInto(page, t, locale);
    await shoot(page, `home-${locale}`);

    // Bind by scanning.
    await page.goto(`${demo.console_url}/accounts/bind?way=scan`);
    const [scan] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("button", { name: t("bind.open_wechat") }).click(),
    ]);
    await scan.getByTestId("authorize-scanner-administrator").click();
    await scan.getByTestId(`authorize-account-${free.appid}`).click();
    await shoot(scan, `authorize-${locale}`);
    await scan.getByTestId("authorize-confirm").click();
    await scan.waitForURL((url) => url.href.startsWith(demo.console_url));
    await page.getByText(free.nick_name).first().waitFor();
    await page.getByRole("link", { name: t("bind.see_account") }).waitFor({ timeout: 30_000 });
    await page.locator(".bind-steps li.past").nth(2).waitFor({ timeout: 30_000 });
    await page.getByRole("link", { name: t("bind.see_account") }).click();
    await page.getByRole("heading", { name: free.nick_name }).first().waitFor();
    // Its picture comes from the hub; the policy of the page lets no other through.
    await page.locator(".who-head .face-picture.shown").waitFor();
    await shoot(page, `account-${locale}`);

    // Its fans have become customers.
    await page.getByText(String(following), { exact: true }).first().waitFor({ timeout: 30_000 });

    // Set what it answers.
    const accounts = await page.evaluate(async () => (await (await fetch("/api/v1/accounts")).json()).items);
    const bound = accounts.find((one) => one.app_id === free.appid);
    assert.equal(bound.status, "bound");
    await page.goto(`${demo.console_url}/replies?account=${bound.id}&rule=new-keyword`);
    await page.locator("#words").fill(word);
    await page.keyboard.press("Enter");
    await page.locator(".answers textarea").first().fill(answer);
    await page.getByRole("button", { name: t("draft.publish") }).click();
    await page.getByText(t("draft.live")).first().waitFor();
    await shoot(page, `replies-${locale}`);

    // Take a fan's phone in hand: follow, write, see the answer.
    const phone = await context.newPage();
    const person = 40 + (locale === "zh-CN" ? 0 : 1);
    await phone.goto(`${demo.sandbox_url}/?person=${person}&appid=${free.appid}`);
    const fans = await wechat(demo, "GET", `/people/${person}`);
    const chat = fans.chats.find((one) => one.appid === free.appid);
    if (!chat.following) await phone.getByTestId("phone-follow").click();
    await phone.getByTestId("phone-input").fill(word);
    await phone.getByTestId("phone-send").click();
    await phone
      .locator('[data-testid="chat-item"][data-from="account"]', { hasText: answer })
      .waitFor({ timeout: 10_000 })
      .catch(async (error) => {
        const { items } = await wechat(
          demo,
          "GET",
          `/accounts/${free.appid}/fans/${chat.openid}/chat?limit=20`,
        );
        throw new Error(`${error.message}\nthe chat: ${JSON.stringify(items)}\n${demo.log().slice(-2000)}`);
      });
    await shoot(phone, `phone-${locale}`);

    // The whole story on the customer's page.
    await page.goto(`${demo.console_url}/customers?query=${chat.openid}`);
    await page.locator("a.person-link").first().click();
    await page.getByText(word, { exact: true }).first().waitFor();
    await page.getByText(answer).first().waitFor();
    await shoot(page, `customer-${locale}`);

    // Live: what is said now appears without a reload.
    await phone.getByTestId("phone-input").fill("tick tock");
    await phone.getByTestId("phone-send").click();
    await page.getByText("tick tock").first().waitFor({ timeout: 10_000 });

    // And a person answers by hand, while WeChat takes it.
    const byHand = locale === "zh-CN" ? "需要帮您预约吗？" : "Shall we book a table for you?";
    await page.locator(".say textarea").first().fill(byHand);
    await page
      .locator(".say")
      .getByRole("button", { name: t("say.send") })
      .click();
    await phone
      .locator('[data-testid="chat-item"][data-from="account"]', { hasText: byHand })
      .waitFor({ timeout: 10_000 });
    await page.locator(".timeline").getByText(byHand).first().waitFor({ timeout: 10_000 });
    const left = t("reach.left_other").split("{{rest}}")[0].replace("{{count}}", "4").trim();
    await page.locator(".say").getByText(left).waitFor();
    await shoot(page, `say-${locale}`);

    assert.deepEqual(complaints(), []);
    await context.close();
  });
}

/** Signs in and switches the person's language to the one of this window. */
async function wordsInto(page, t, locale) {
  await signIn(page, t);
  await page.evaluate(async (language) => {
    const me = await (await fetch("/api/v1/session")).json();
    const headers = { "content-type": "application/json", "x-csrf-token": me.csrf_token };
    await fetch("/api/v1/session", { method: "PATCH", headers, body: JSON.stringify({ language }) });
  }, locale);
  await page.goto(demo.console_url);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
}
