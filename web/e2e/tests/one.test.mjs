/**
 * What is said to one fan besides plain answers: a template message from their page and from a closed chat, link
 * cards and music; by keyboard alone; and where they say they are, on a map.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shootAtWidths as shoot } from "../lib/opening.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

const TEMPLATE = "/cgi-bin/message/template/send";
const wide = { width: 1440, height: 900 };

opening({ fans: 20 });

/** An account with so many fans who have names, and a template at WeChat that the hub knows. */
async function withTemplate(zh, count) {
  const account = await bindDirect(demo);
  await addFans(demo, account, count);
  await importFans(demo, account);
  const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=10`);
  const fans = [];
  for (const [n, fan] of items.entries()) {
    const { id } = await customerOf(demo, fan.openid);
    const name = (zh ? ["林晓", "王伟", "陈静"] : ["Ann Lee", "Ben Wright", "Cleo Park"])[n];
    await api(demo, "PATCH", `/customers/${id}`, { name, city: null });
    fans.push({ id, openid: fan.openid, person: fan.person, name });
  }
  const added = await api(demo, "POST", `/accounts/${account.id}/templates`, {
    kind: "template",
    short_id: "42984",
    keywords: ["订单编号", "商品名称", "支付时间"],
  });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  return { account, fans };
}

const says = (account, fan, text) =>
  wechat(demo, "POST", `/accounts/${account.appid}/fans/${fan.openid}/say?wait=true`, { text });

const calls = async (path) =>
  (await wechat(demo, "GET", "/journal?limit=500")).items.filter((call) => call.path === path);

/** The fan's own phone, with the chat of the account. */
async function phoneOf(context, account, fan) {
  const phone = await context.newPage();
  await phone.goto(`${demo.sandbox_url}/?person=${fan.person}&appid=${account.appid}`);
  await phone.getByTestId("phone-input").waitFor();
  return phone;
}

const got = (phone, kind, text) =>
  phone.locator(`[data-testid="chat-item"][data-from="account"][data-kind="${kind}"]`, { hasText: text });

/** Fills the dialog that is open: a number, something of the customer, a time. */
async function fill(page, t, zh, number) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("订单编号", { exact: true }).fill(number);
  await dialog.getByLabel("支付时间", { exact: true }).fill("2026-11-28 10:30");
  const field = dialog.getByLabel("商品名称", { exact: true });
  const put = async (place, otherwise) => {
    await dialog
      .getByRole("button", { name: t("campaigns.put_into").replace("{{name}}", "商品名称") })
      .click();
    await page.getByRole("menuitem", { name: t(`campaigns.places.${place}`), exact: true }).click();
    // One types on at once: the focus is where it is said what stands there instead.
    await page.locator(".place-form input:focus").waitFor();
    await page.keyboard.type(otherwise);
    await page.keyboard.press("Enter");
  };
  const button = dialog.locator(".send-one-foot .ant-btn-primary");

  // Of what is not known of them, it is said before anything is sent.
  await put("city", "");
  await dialog.locator(".tpl-wrong", { hasText: t("campaigns.places.city") }).waitFor();
  assert.ok(await button.isDisabled(), "what nobody knows is not sent");
  await field.fill("");
  await put("name", zh ? "顾客" : "you");
  await field.press("End");
  await page.keyboard.type(zh ? "的陶瓷杯" : ", your cup");
  return { dialog, button };
}

/** A small picture for music, drawn and kept by the page that is open. */
const keepCover = (page) =>
  page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [80, 80];
    const draw = canvas.getContext("2d");
    draw.fillStyle = "#1f6f78";
    draw.fillRect(0, 0, 80, 80);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
    const form = new FormData();
    form.set("kind", "thumb");
    form.set("file", blob, "cover.jpg");
    const me = await (await fetch("/api/v1/session")).json();
    const headers = { "x-csrf-token": me.csrf_token };
    return (await fetch("/api/v1/media", { method: "POST", headers, body: form })).status;
  });

for (const locale of ["zh-CN", "en-US"]) {
  const zh = locale === "zh-CN";

  test(`a template message goes to one fan from their page, and from a closed chat, ${locale}`, async () => {
    const t = wordsOf(locale);
    const { account, fans } = await withTemplate(zh, 2);
    const [one, two] = fans;
    const { context, page, complaints } = await openWindow(browser, {
      locale,
      allowed: [demo.console_url, demo.sandbox_url],
    });
    await signIn(demo, page, t, locale);

    // From the page of a customer who has never written: there is no other way to them now.
    await page.goto(`${demo.console_url}/customers/${one.id}`);
    const ways = page.getByRole("region", { name: account.nick_name });
    await ways.locator('[data-way="custom_message"].off').waitFor();
    assert.equal(await ways.locator('[data-act="custom_message"]').count(), 0, "a closed way has no button");
    await ways.locator('[data-act="template"]').click();
    const number = zh ? "A20261128001" : "B20261128001";
    const { dialog, button } = await fill(page, t, zh, number);
    const words = zh ? `${one.name}的陶瓷杯` : `${one.name}, your cup`;
    await dialog.locator(".form-card").getByText(words).waitFor();
    await shoot(page, `one-template-${locale}`);
    await page.setViewportSize(wide);
    await wechat(demo, "DELETE", "/journal");
    await button.click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const line = page.locator(".timeline-line.out", { hasText: words });
    await line.locator('[data-delivery="delivered"]').waitFor({ timeout: 20_000 });
    await shoot(page, `one-customer-${locale}`);
    await page.setViewportSize(wide);

    // The phone shows the same words, once.
    const phone = await phoneOf(context, account, one);
    await got(phone, "template", words).waitFor();
    await got(phone, "template", number).waitFor();
    assert.equal((await calls(TEMPLATE)).filter((call) => call.executed).length, 1);
    await phone.close();

    // A fan who may be written to leads to where one writes.
    await says(account, two, zh ? "在吗？" : "Hello?");
    await page.goto(`${demo.console_url}/customers/${two.id}`);
    await ways.locator('[data-act="custom_message"]').click();
    await page.locator(".say textarea:focus").waitFor();

    // All that WeChat takes is said: the chat is closed, and a template message is what is left.
    await until("nothing more may be said", async () => {
      const said = await api(demo, "POST", `/customers/${two.id}/messages`, {
        account_id: account.id,
        content: { type: "text", text: zh ? "请稍等" : "One moment" },
      });
      return said.status === 409;
    });
    await ways.getByRole("link", { name: t("reach.act.chat") }).click();
    const closed = page.locator(".composer-closed");
    await closed.getByRole("button", { name: t("inbox.template") }).click();
    const second = await fill(page, t, zh, "C20261128002");
    await second.button.click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const theirs = zh ? `${two.name}的陶瓷杯` : `${two.name}, your cup`;
    const form = page.locator(".chat-line.mine", { hasText: theirs });
    await form.locator('[data-state="sent"][data-delivery="delivered"]').waitFor({ timeout: 20_000 });
    // With the names of its fields, as the phone has them.
    assert.ok((await form.textContent()).includes("商品名称"));
    await shoot(page, `one-closed-${locale}`);
    const other = await phoneOf(context, account, two);
    await got(other, "template", theirs).waitFor();
    assert.equal((await calls(TEMPLATE)).filter((call) => call.executed).length, 2);

    assert.deepEqual(complaints(), []);
    await context.close();
  });

  test(`a link card and music are written, checked while one types, and arrive, ${locale}`, async () => {
    const t = wordsOf(locale);
    const { account, fans } = await withTemplate(zh, 1);
    const [fan] = fans;
    await says(account, fan, zh ? "有新品吗？" : "Anything new?");
    const { context, page, complaints } = await openWindow(browser, {
      locale,
      allowed: [demo.console_url, demo.sandbox_url],
    });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/inbox?account=${account.id}`);
    await page.locator(".inbox-row", { hasText: fan.name }).click();
    await page.getByRole("button", { name: t("inbox.card.title") }).click();
    const dialog = page.getByRole("dialog");
    const put = dialog.getByRole("button", { name: t("inbox.card.put") });
    const title = zh ? "秋季新品" : "Autumn arrivals";
    await dialog.getByLabel(t("inbox.card.name"), { exact: true }).fill(title);
    const link = dialog.getByLabel(t("inbox.card.url"), { exact: true });
    await link.fill("shop.example/autumn");
    await dialog.getByText(t("inbox.card.wrong.url"), { exact: true }).waitFor();
    assert.ok(await put.isDisabled());
    await link.fill(`https://shop.example/${"a".repeat(1010)}`);
    await dialog.getByText(t("inbox.card.wrong.url_long"), { exact: true }).waitFor();
    await link.fill("https://shop.example/autumn");
    await dialog
      .getByLabel(t("inbox.card.description"), { exact: true })
      .fill(zh ? "全场手工" : "All by hand");
    await shoot(page, `one-card-${locale}`);
    await page.setViewportSize(wide);
    await put.click();
    await page.locator(".composer-card", { hasText: title }).waitFor();
    // Kept over a reload like words that are typed.
    await page.reload();
    await page.locator(".composer-card", { hasText: title }).waitFor();
    await page.locator("textarea.composer-text").press("Enter");
    const line = page.locator(".chat-line.mine", { hasText: title });
    await line.locator('[data-state="sent"]').waitFor({ timeout: 15_000 });
    assert.equal(await line.locator("a").getAttribute("href"), "https://shop.example/autumn");
    const phone = await phoneOf(context, account, fan);
    await got(phone, "news", title).waitFor();

    // Music needs a cover, which is of our own library.
    assert.equal(await keepCover(page), 201);
    await page.getByRole("button", { name: t("inbox.card.title") }).click();
    await dialog.locator(".ant-segmented-item", { hasText: t("inbox.card.types.music") }).click();
    const song = zh ? "山居秋暝" : "Autumn evening";
    await dialog.getByLabel(t("inbox.card.name_optional"), { exact: true }).fill(song);
    await dialog.getByLabel(t("inbox.card.music"), { exact: true }).fill("https://shop.example/song.mp3");
    assert.ok(await put.isDisabled(), "music without a cover is not taken");
    await dialog.getByRole("button", { name: t("media.choose.thumb") }).click();
    await page.locator(".media-item", { hasText: "cover.jpg" }).first().click();
    await put.click();
    await page.locator("textarea.composer-text").press("Enter");
    const music = page.locator(".chat-line.mine", { hasText: song });
    await music.locator('[data-state="sent"]').waitFor({ timeout: 15_000 });
    await music.locator("img.chat-cover").waitFor();
    await got(phone, "music", song).waitFor();
    await shoot(page, `one-cards-${locale}`);
    assert.deepEqual(complaints(), []);
    await context.close();
  });

  test(`three fans are gone through and answered without a mouse, ${locale}`, async () => {
    const t = wordsOf(locale);
    const { account, fans } = await withTemplate(zh, 3);
    for (const fan of fans) await says(account, fan, `${fan.name}?`);
    const { context, page, complaints } = await openWindow(browser, {
      locale,
      allowed: [demo.console_url],
    });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/inbox?account=${account.id}`);
    await page.locator(".inbox-row").nth(2).waitFor();
    const order = (await page.locator(".inbox-row strong").allTextContents()).map((name) => name.trim());
    const stands = (name) => page.locator(".chat-name strong", { hasText: name }).waitFor();
    await page.keyboard.press("j");
    await stands(order[0]);
    await page.keyboard.press("j");
    await stands(order[1]);
    await page.keyboard.press("k");
    await stands(order[0]);
    // Each is answered with their own name; what arrives says whether it was the right one. Who was answered goes down
    // the list, so one looks where the next stands, as a person does.
    const shown = async () =>
      (await page.locator(".inbox-row strong").allTextContents()).map((name) => name.trim());
    for (const name of order) {
      for (;;) {
        const names = await shown();
        const open = (await page.locator(".chat-name strong").textContent()).trim();
        const rest = names.indexOf(name) - names.indexOf(open);
        if (rest === 0) break;
        await page.keyboard.press(rest > 0 ? "j" : "k");
        await stands(names[names.indexOf(open) + Math.sign(rest)]);
      }
      await page.keyboard.press("Enter");
      await page.locator("textarea.composer-text:focus").waitFor();
      await page.keyboard.type(zh ? `好的，${name}` : `Yes, ${name}`);
      await page.keyboard.press("Enter");
      await page.locator(".chat-line.mine").locator('[data-state="sent"]').waitFor({ timeout: 15_000 });
      await page.keyboard.press("Escape");
    }
    for (const fan of fans) {
      const { items } = await wechat(
        demo,
        "GET",
        `/accounts/${account.appid}/fans/${fan.openid}/chat?limit=50`,
      );
      const answers = items.filter((item) => item.from === "account").map((item) => item.text);
      assert.deepEqual(answers, [zh ? `好的，${fan.name}` : `Yes, ${fan.name}`]);
    }
    assert.deepEqual(complaints(), []);
    await context.close();
  });

  test(`where a fan says they are stands on a map of our own, ${locale}`, async () => {
    const t = wordsOf(locale);
    const { account, fans } = await withTemplate(zh, 1);
    const [fan] = fans;
    await wechat(demo, "POST", `/accounts/${account.appid}/fans/${fan.openid}/send?wait=true`, {
      type: "location",
      latitude: 30.2592,
      longitude: 120.2193,
      label: zh ? "杭州市上城区" : "Shangcheng, Hangzhou",
    });
    // A request to a foreign host would be a complaint.
    const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
    const fetched = [];
    context.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/inbox?account=${account.id}`);
    await page.locator(".inbox-row", { hasText: fan.name }).waitFor();
    assert.ok(!fetched.some((path) => /land|PlaceMap/.test(path)), "the map comes when a place is seen");
    await page.locator(".inbox-row", { hasText: fan.name }).click();
    const map = page.locator('.place-sheet[data-land="drawn"]');
    await map.waitFor();
    assert.ok(fetched.some((path) => /\/assets\/land-/.test(path)));
    const away = (await page.locator(".place-away").textContent()).trim();
    const said = t("inbox.place.from").replace("{{city}}", zh ? "杭州" : "Hangzhou");
    assert.equal(away, said.replace("{{n}}", "6"));
    const scales = [];
    for (const zoom of ["country", "region", "near"]) {
      await page.getByRole("button", { name: t(`inbox.place.zooms.${zoom}`), exact: true }).click();
      await page.locator(`.place-sheet[data-zoom="${zoom}"]`).waitFor();
      assert.ok((await map.locator(".place-land").getAttribute("d")).length > 20, `land at ${zoom}`);
      scales.push(await map.locator(".place-scale text").textContent());
      await shoot(page, `one-map-${zoom}-${locale}`);
      await page.setViewportSize(wide);
    }
    const km = (n) => t("inbox.place.km").replace("{{n}}", n);
    assert.deepEqual(scales, [km("1,000"), km("200"), km("50")]);
    assert.deepEqual(complaints(), []);
    await context.close();
  });
}
