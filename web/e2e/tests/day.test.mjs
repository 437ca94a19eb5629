/** A day of work in one go, and at its end every number on every page is the one that WeChat's own journal has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shooter } from "../lib/opening.mjs";
import { png } from "../lib/pictures.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

opening({ fans: 30 });

const shoot = shooter("day-", () => true);

/** A fan's phone. */
async function phoneOf(context, account, fan) {
  const phone = await context.newPage();
  await phone.goto(`${demo.sandbox_url}/?person=${fan.person}&appid=${account.appid}`);
  await phone.getByTestId("phone-input").or(phone.getByTestId("phone-menu-1")).first().waitFor();
  return {
    phone,
    hears: (text) =>
      phone.locator('[data-testid="chat-item"][data-from="account"]', { hasText: text }).last().waitFor(),
    says: async (text) => {
      // Where there is a menu, it is what one sees first.
      await phone.getByTestId("phone-to-keys").click();
      await phone.getByTestId("phone-input").fill(text);
      await phone.getByTestId("phone-send").click();
      await phone.locator('[data-testid="chat-item"]', { hasText: text }).last().waitFor();
    },
  };
}

/** The numbers of a list of names and numbers. */
const numbersOf = (page, list) =>
  page
    .locator(list)
    .evaluateAll((lines) =>
      Object.fromEntries(
        lines.map((line) => [
          line.querySelector("span")?.textContent?.trim(),
          Number(line.querySelector("b, strong, .num")?.textContent?.replace(/\D/g, "") ?? Number.NaN),
        ]),
      ),
    );

test("an article to a tag at its time, a menu, three answers, a template, and the numbers of them all", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const account = await bindDirect(demo);
  const openids = await addFans(demo, account, 9);
  await importFans(demo, account);
  const { items: fans } = await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=50`);
  const tag = (await api(demo, "POST", "/tags", { name: "常客" })).body;
  const names = ["林晓", "王伟", "陈静", "赵敏", "孙悦"];
  for (const [n, name] of names.entries()) {
    const { id } = await customerOf(demo, openids[n]);
    await api(demo, "PATCH", `/customers/${id}`, { name });
    await api(demo, "PUT", `/customers/${id}/tags/${tag.id}`, {});
  }
  const fanOf = (name) => fans.find((fan) => fan.openid === openids[names.indexOf(name)]);
  await wechat(demo, "DELETE", "/journal");

  const allowed = [demo.console_url, demo.sandbox_url];
  const { context, page, complaints } = await openWindow(browser, { locale, allowed });
  await signIn(demo, page, t, locale);
  const open = async (path) => {
    await page.goto(`${demo.console_url}${path}${path.includes("?") ? "&" : "?"}account=${account.id}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
  };

  // The article, into WeChat's draft box.
  await open("/articles");
  await page
    .getByRole("button", { name: t("articles.new") })
    .first()
    .click();
  await page.locator(".article-body").waitFor();
  await page.getByLabel(t("articles.title"), { exact: true }).fill("冬日的港口");
  await page.locator(".article-body").click();
  await page.keyboard.type("清晨六点，第一班渡轮靠岸。");
  await page
    .getByTestId("article-picture")
    .setInputFiles({ name: "港口.png", mimeType: "image/png", buffer: png(470, 200, [31, 111, 120]) });
  await page.locator(".article-body img").waitFor();
  await page.getByRole("button", { name: t("articles.cover_take") }).click();
  await page.locator(".cut-wide").waitFor();
  await page.locator(`[data-field="digest"]`).fill("第一班渡轮");
  await page.getByText(t("articles.no_faults")).waitFor();
  await page.getByRole("button", { name: t("articles.push"), exact: true }).click();
  await page.getByText(t("articles.states.synced"), { exact: true }).waitFor({ timeout: 20_000 });

  // Its broadcast: to the tag, at the next full minute, after one fan has seen it.
  await open("/broadcasts");
  await page.locator(".bc-article", { hasText: "冬日的港口" }).first().click();
  await page.locator(".bc-chip", { hasText: tag.name }).click();
  await page.getByRole("button", { name: t("broadcasts.preview_to"), exact: true }).click();
  const preview = page.getByRole("dialog");
  await preview.getByRole("combobox", { name: t("broadcasts.preview_fan") }).click();
  await page.keyboard.type("林晓");
  await page.locator(".ant-select-item-option", { hasText: "林晓" }).click();
  await preview.getByRole("button", { name: t("broadcasts.preview_send"), exact: true }).click();
  await preview.getByText(t("broadcasts.preview_sent")).waitFor({ timeout: 15_000 });
  await preview
    .getByRole("button", { name: t("broadcasts.close"), exact: true })
    .first()
    .click();
  const lin = await phoneOf(context, account, fanOf("林晓"));
  await lin.hears("冬日的港口");

  // At least forty seconds are left to check it.
  const at = Math.ceil((Date.now() + 40_000) / 60_000) * 60_000;
  const inShanghai = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Shanghai",
    dateStyle: "short",
    timeStyle: "short",
  });
  const when = page.getByLabel(t("broadcasts.times.other"));
  await when.click();
  await when.fill(inShanghai.format(at));
  await when.press("Enter");
  await page.locator(".bc-state").getByText("已保存").waitFor();
  await page.getByRole("button", { name: t("broadcasts.check"), exact: true }).click();
  const go = page.getByTestId("broadcast-go");
  await go.waitFor();
  await shoot(page, "check");
  await go.click();
  const state = page.getByTestId("broadcast-state");
  await state.getByText(t("broadcasts.states.scheduled")).waitFor();
  const broadcast = new URL(page.url()).pathname;
  assert.equal(
    (await wechat(demo, "GET", `/accounts/${account.appid}/broadcasts`)).items.length,
    0,
    "not yet",
  );

  // One leaves before it goes. Meanwhile the menu is published.
  const zhao = fanOf("赵敏");
  await wechat(demo, "POST", `/accounts/${account.appid}/fans/${zhao.openid}/unfollow?wait=true`, {});
  const button = (id, name, text) => ({ id, name, type: "click", answer: { type: "text", text } });
  const menu = [button("hours", "营业时间", "每天 9:00–21:00"), button("sale", "秋季优惠", "全场九折")];
  await api(demo, "PUT", `/accounts/${account.id}/menu`, { buttons: menu, revision: 0 });
  await open("/menu");
  await page.locator('[data-button="sale"]').click();
  await page.locator("#menu-name").fill("冬季优惠");
  await page.locator(".menu-changes").getByText("冬季优惠").waitFor();
  await page.getByRole("button", { name: t("menus.publish"), exact: true }).click();
  await page.getByText(t("menus.state.live"), { exact: true }).waitFor({ timeout: 15_000 });
  await lin.phone.reload();
  await lin.phone.getByTestId("phone-menu-1").getByText("冬季优惠").waitFor();
  await lin.phone.getByTestId("phone-menu-1").click();
  await lin.hears("全场九折");

  // Three write, and are answered from the inbox by keyboard.
  for (const name of names.slice(0, 3)) {
    const { phone, says } = await phoneOf(context, account, fanOf(name));
    await says(`我是${name}，还有货吗？`);
    await phone.close();
  }
  await open("/inbox");
  await page.locator(".inbox-row").nth(2).waitFor();
  for (const name of names.slice(0, 3)) {
    await page.locator(".inbox-row", { hasText: name }).click();
    await page.locator(".chat-name strong", { hasText: name }).waitFor();
    await page.locator("textarea.composer-text").fill(`${name}您好，还有的。`);
    await page.locator("textarea.composer-text").press("Enter");
    await page
      .locator(".chat-line.mine", { hasText: `${name}您好` })
      .locator('[data-state="sent"]')
      .waitFor({ timeout: 10_000 });
  }

  // A template message to everybody with the tag who is left.
  const added = await api(demo, "POST", `/accounts/${account.id}/templates`, {
    kind: "template",
    short_id: "42984",
    keywords: ["订单编号", "商品名称", "支付时间"],
  });
  assert.ok(added.status < 300, JSON.stringify(added.body));
  await open("/templates?shelf=library");
  await page
    .locator(".template-card", { hasText: "订单支付成功通知" })
    .getByRole("button", { name: t("templates.use"), exact: true })
    .click();
  await page.getByLabel(t("campaigns.name"), { exact: true }).fill("到货");
  await page.getByRole("combobox", { name: t("campaigns.choose_tags") }).click();
  await page.locator(".ant-select-item-option", { hasText: tag.name }).click();
  await page.keyboard.press("Escape");
  await page.getByLabel("订单编号", { exact: true }).fill("20261128001");
  await page.getByLabel("商品名称", { exact: true }).fill("陶瓷杯");
  await page.getByLabel("支付时间", { exact: true }).fill("2026-11-28 10:30");
  await page.getByRole("button", { name: t("campaigns.check"), exact: true }).click();
  const send = page.getByRole("button", { name: t("campaigns.send_now_other").replace("{{n}}", "4") });
  await send.click({ timeout: 15_000 });
  await page.getByText(t("campaigns.states.done"), { exact: true }).waitFor({ timeout: 20_000 });
  const campaign = page.locator(".campaign-parts > div");
  const delivered = campaign.filter({ hasText: t("campaigns.counts.delivered") }).locator("dd");
  await delivered.filter({ hasText: /^4$/ }).waitFor({ timeout: 15_000 });

  // The broadcast has gone by itself, at its minute.
  await open(broadcast);
  await state.getByText(t("broadcasts.states.done")).waitFor({ timeout: 100_000 });
  await page.locator(".counts").getByText(t("broadcasts.outcomes.sent")).waitFor();
  await shoot(page, "result");

  // WeChat's side of it all.
  const [job, ...more] = (await wechat(demo, "GET", `/accounts/${account.appid}/broadcasts`)).items;
  assert.deepEqual(more, [], "one broadcast, and the preview was none");
  const { items: calls } = await wechat(demo, "GET", "/journal?limit=5000");
  const { items: pushes } = await wechat(demo, "GET", `/pushes?appid=${account.appid}&limit=1000`);
  const made = (path) => calls.filter((call) => call.path === path && call.executed).length;
  const pushed = (...whats) =>
    pushes.filter((push) => whats.includes(push.what) && push.attempt === 1).length;
  assert.equal(made("/cgi-bin/message/mass/preview"), 1);
  assert.equal(made("/cgi-bin/message/mass/send") + made("/cgi-bin/message/mass/sendall"), 1);

  // Of the broadcast.
  const shown = await numbersOf(page, ".counts .bar-words li");
  assert.deepEqual(shown, { [t("broadcasts.outcomes.sent")]: job.counts.sent }, JSON.stringify(job));
  assert.equal(job.counts.sent, 4, "who has left is not told");
  assert.ok(job.at_ms >= at && job.at_ms < at + 15_000, `${job.at_ms} is not just after ${at}`);
  await lin.phone.reload();
  await lin.hears("冬日的港口");

  // Of the ledger: what was said to one at a time.
  await open("/sends");
  const sent = page.locator(".send-counts li", { hasText: t("timeline.states.sent") });
  await sent.waitFor();
  await shoot(page, "sends");
  const custom = made("/cgi-bin/message/custom/send");
  const template = made("/cgi-bin/message/template/send");
  assert.deepEqual([custom, template], [3, 4]);
  assert.equal(Number((await sent.textContent()).replace(/\D/g, "")), custom + template);

  // Of the menu.
  await open("/menu?part=numbers");
  const cell = page.getByTestId("menu-heat").locator(".menu-cell").nth(1);
  await cell.getByText("1", { exact: true }).waitFor({ timeout: 15_000 });
  assert.equal(pushed("CLICK"), 1);
  await shoot(page, "menu");

  // Of the inbox: nobody waits any more.
  await open("/inbox?only=waiting");
  await page.locator(".inbox-list").waitFor();
  assert.equal(await page.locator(".inbox-row").count(), 0);

  await open("/inbox");
  await page.locator(".inbox-row", { hasText: "林晓" }).click();
  const told = page.locator(".chat-line.mine", { hasText: "冬日的港口" });
  await told.getByRole("link", { name: t("timeline.via.broadcast") }).waitFor();
  await shoot(page, "inbox");

  // Of home.
  await open("/");
  const figure = async (name) => {
    const value = page.locator(".figure", { hasText: t(`home.${name}`) }).locator(".figure-value");
    return Number((await value.textContent()).replace(/\D/g, ""));
  };
  await page.locator(".figure-value .num, .figure-value").first().waitFor();
  const left = (await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=50`)).items;
  await until("home has heard of everything", async () => (await figure("lost_today")) === 1);
  assert.equal(await figure("following"), left.filter((fan) => fan.following).length);
  assert.equal(await figure("lost_today"), pushed("unsubscribe"));
  assert.equal(await figure("messages_today"), pushed("text"));
  assert.equal(await figure("unmatched"), pushed("text"), "no rule had a word for them");
  await shoot(page, "home");
  assert.deepEqual(complaints(), []);
  await context.close();
});
