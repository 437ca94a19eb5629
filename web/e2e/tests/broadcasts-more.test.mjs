/** What becomes of broadcasts: shown to several first, tried against each other, stopped by WeChat's checks, confirmed by the administrator, taken offline, counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { advance, now } from "../lib/clock.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { demo, opening, shooter, spill, windowOf } from "../lib/opening.mjs";
import { png } from "../lib/pictures.mjs";

opening({ fans: 20 });

const shoot = shooter("broadcasts-more-", () => true);
const PREVIEW = "/cgi-bin/message/mass/preview";

async function withFans(count) {
  const account = await bindDirect(demo);
  const openids = await addFans(demo, account, count);
  await importFans(demo, account);
  return { account, openids };
}

const fansOf = async (account) =>
  (await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=200`)).items;

/** What the account has said to a fan, as their phone has it. */
async function heard(account, openid) {
  const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans/${openid}/chat?limit=100`);
  return items.filter((one) => one.from === "account").map((one) => one.text ?? "");
}

const make = async (body) => {
  const made = await api(demo, "POST", "/broadcasts", { audience: { type: "all" }, ...body });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
};
const read = async (id) => (await api(demo, "GET", `/broadcasts/${id}`)).body;

/** An article that WeChat's draft box holds. */
async function writtenArticle(account, title) {
  const form = new FormData();
  form.set("kind", "image");
  form.set("file", new File([png(900, 383, [31, 111, 120])], "cover.png", { type: "image/png" }));
  const headers = { authorization: `Bearer ${demo.api_key}` };
  const response = await fetch(`${demo.console_url}/api/v1/media`, { method: "POST", headers, body: form });
  const item = { title, html: "<p>…</p>", cover_media_id: (await response.json()).id };
  const { body } = await api(demo, "POST", "/articles", { account_id: account.id, items: [item] });
  await api(demo, "POST", `/articles/${body.id}/push`, {});
  await until("the article is at WeChat", async () => {
    return (await api(demo, "GET", `/articles/${body.id}`)).body.state === "synced";
  });
  return body.id;
}

/** From its page to WeChat, by the buttons. */
async function send(page, t, account, id) {
  await page.goto(`${demo.console_url}/broadcasts/${id}?account=${account.id}`);
  await page.getByRole("button", { name: t("broadcasts.check"), exact: true }).click();
  await page.getByTestId("broadcast-go").click();
}

const becomes = (page, t, state) =>
  page
    .getByTestId("broadcast-state")
    .getByText(t(`broadcasts.states.${state}`))
    .waitFor({ timeout: 30_000 });

for (const [locale, width] of [
  ["zh-CN", 1440],
  ["en-US", 390],
]) {
  test(`a preview goes to several fans, once to each, and who was chosen is remembered, ${locale} at ${width}`, async () => {
    const zh = locale === "zh-CN";
    const { account, openids } = await withFans(4);
    const names = zh ? ["林晓", "王伟", "赵敏"] : ["Ann Lee", "Ben Wright", "Cora Day"];
    for (const [n, name] of names.entries()) {
      const { id } = await customerOf(demo, openids[n]);
      await api(demo, "PATCH", `/customers/${id}`, { name: `${name} ${width}` });
    }
    const text = zh ? "先给几个人看看" : "A first look";
    const made = await make({
      account_id: account.id,
      name: text,
      contents: [{ type: "text", text }],
    });
    const { t, page, context, complaints } = await windowOf(locale, width);
    const open = async () => {
      await page.goto(`${demo.console_url}/broadcasts/${made.id}?account=${account.id}`);
      await page.getByRole("button", { name: t("broadcasts.preview_to"), exact: true }).click();
      return page.getByRole("dialog");
    };
    let dialog = await open();
    for (const name of names) {
      await dialog.getByRole("combobox", { name: t("broadcasts.preview_fan") }).click();
      await page.keyboard.type(`${name} ${width}`);
      await page.locator(".ant-select-item-option", { hasText: `${name} ${width}` }).click();
    }
    await page.keyboard.press("Escape");
    dialog = page.getByRole("dialog");
    assert.equal(await dialog.locator(".ant-select-selection-item").count(), 3);

    // The second call is refused.
    await wechat(demo, "POST", "/faults", {
      where: { path: PREVIEW, appid: account.appid },
      what: { kind: "errcode", errcode: 45009 },
      after: 1,
      times: 1,
    });
    await dialog
      .getByRole("button", { name: t("broadcasts.preview_send_to_other").replace("{{count}}", "3") })
      .click();
    await dialog.locator('[data-outcome="failed"]').waitFor({ timeout: 15_000 });
    const again = dialog.getByRole("button", {
      name: t("broadcasts.preview_again_other").replace("{{count}}", "1"),
    });
    await again.waitFor({ timeout: 15_000 });
    assert.equal(await dialog.locator('[data-outcome="sent"]').count(), 2);
    await shoot(page, `preview-${locale}-${width}`);
    assert.ok((await spill(page)) <= 0, "the dialog spills");
    await again.click();
    await dialog.getByText(t("broadcasts.preview_sent")).waitFor({ timeout: 15_000 });
    assert.equal(await dialog.locator('[data-outcome="sent"]').count(), 3);
    for (const [n, openid] of openids.entries()) {
      const got = (await heard(account, openid)).filter((one) => one === text).length;
      assert.equal(got, n < 3 ? 1 : 0, `fan ${n} has it ${got} times`);
    }
    await dialog
      .getByRole("button", { name: t("broadcasts.close"), exact: true })
      .first()
      .click();

    dialog = await open();
    for (const name of names)
      await dialog
        .getByTitle(`${name} ${width}`)
        .or(dialog.getByText(`${name} ${width}`))
        .first()
        .waitFor();
    // The refusal itself is the one thing that Chromium tells.
    assert.deepEqual(
      complaints().filter((one) => !one.includes("status of 502")),
      [],
    );
    await context.close();
  });
}

for (const [locale, width] of [
  ["zh-CN", 1440],
  ["en-US", 390],
]) {
  test(`two texts are tried, the numbers stand beside those held out, and the winner goes to the rest by itself, ${locale} at ${width}`, async () => {
    const { account, openids } = await withFans(80);
    const { t, page, context, complaints } = await windowOf(locale, width);
    const made = await make({
      account_id: account.id,
      name: `A/B ${width}`,
      contents: [{ type: "text", text: "variant A" }],
    });
    await page.goto(`${demo.console_url}/broadcasts/${made.id}?account=${account.id}`);
    await page.getByRole("button", { name: t("broadcasts.try_two") }).click();
    await page.locator("#broadcast-text").fill("variant B");
    for (const [field, value] of [
      ["share", "30"],
      ["hold_out", "20"],
      ["hours", "1"],
    ]) {
      await page.locator(`#test-${field}`).fill(value);
      await page.locator(`#test-${field}`).press("Tab");
    }
    await until("it is saved", async () => {
      const { test: trial, contents } = await read(made.id);
      return trial?.hold_out === 20 && trial.hours === 1 && contents.length === 2;
    });
    await page.getByRole("button", { name: t("broadcasts.check"), exact: true }).click();
    await page.getByTestId("broadcast-go").click();
    await becomes(page, t, "testing");

    // Who has got which; of B two thirds write, of A nobody, of those who have nothing two.
    const got = new Map();
    for (const openid of openids) {
      got.set(openid, (await heard(account, openid)).find((text) => text.startsWith("variant")) ?? null);
    }
    const of = (text) => openids.filter((openid) => got.get(openid) === text);
    const begun = await read(made.id);
    const heldOut = begun.counts.held_out;
    assert.ok(heldOut > 0 && of("variant B").length > 5, JSON.stringify(begun.counts));
    const wrote = of("variant B").filter((_, n) => n % 3 > 0);
    for (const openid of wrote) {
      await wechat(demo, "POST", `/accounts/${account.appid}/fans/${openid}/say?wait=true`, { text: "!" });
    }
    const row = (group) => page.getByTestId("measured").locator(`[data-group="${group}"]`);
    const share = (n, all) =>
      t("broadcasts.measured.of").replace("{{did}}", String(n)).replace("{{fans}}", String(all));
    await row("B")
      .getByText(share(wrote.length, of("variant B").length))
      .waitFor({ timeout: 20_000 });
    await row("A")
      .getByText(share(0, of("variant A").length))
      .waitFor();
    await row("held_out").getByText(share(0, heldOut)).waitFor();
    // The interval on the page is Wilson's, as it is worked out here.
    const wilson = (x, n) => {
      const z = 1.959964;
      const middle = x + (z * z) / 2;
      const reach = z * Math.sqrt((z * z) / 4 + x * (1 - x / n));
      const shown = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
      return [middle - reach, middle + reach].map((top) => shown.format(top / (n + z * z)));
    };
    const [low, high] = wilson(wrote.length, of("variant B").length);
    await row("B")
      .getByText(t("broadcasts.measured.between").replace("{{low}}", low).replace("{{high}}", high))
      .waitFor();
    await page.locator('[data-difference="B"][data-clear="true"]').waitFor();
    await page
      .locator('[data-difference="A"][data-clear="false"]')
      .getByText(
        t("broadcasts.measured.unclear")
          .replace("{{letter}}", "A")
          .replace("{{other}}", t("broadcasts.measured.held_out")),
      )
      .waitFor();
    await shoot(page, `measured-${locale}-${width}`);
    assert.ok((await spill(page)) <= 0, "the page spills");

    await advance(demo, account, 3_700);
    await becomes(page, t, "done");
    await page.locator(".bc-versus-one.won", { hasText: "variant B" }).waitFor();
    const done = await read(made.id);
    assert.equal(done.winner, 1);
    let none = 0;
    for (const openid of openids) {
      const texts = (await heard(account, openid)).filter((text) => text.startsWith("variant"));
      const first = got.get(openid);
      assert.ok(texts.length <= 1 && (first === null || texts[0] === first), texts.join());
      if (texts.length === 0) none += 1;
      else if (first === null) assert.equal(texts[0], "variant B", "the rest gets the winner");
    }
    assert.equal(none, heldOut);
    await shoot(page, `won-${locale}-${width}`);
    assert.deepEqual(complaints(), []);
    await context.close();
  });
}

test("a reprint is stopped by WeChat's check, and goes out when it is said to go on", async () => {
  const { account, openids } = await withFans(4);
  await wechat(demo, "PATCH", `/accounts/${account.appid}`, { mass: { originality: "reprint" } });
  const { t, page, context, complaints } = await windowOf("zh-CN");
  const article_id = await writtenArticle(account, "转载一篇");
  const made = await make({
    account_id: account.id,
    name: "转载",
    contents: [{ type: "article", article_id }],
  });
  await send(page, t, account, made.id);
  await becomes(page, t, "stopped");
  await page.getByText(t("broadcasts.statuses.err_30003")).first().waitFor();
  await shoot(page, "reprint-stopped");
  assert.equal((await read(made.id)).counts.sent, 0);
  for (const openid of openids) assert.deepEqual(await heard(account, openid), []);

  await page.getByRole("button", { name: t("broadcasts.use_again") }).click();
  await page.getByRole("checkbox", { name: t("broadcasts.ignore_reprint") }).check();
  await page.locator(".bc-state").getByText("已保存").waitFor();
  await page.getByRole("button", { name: t("broadcasts.check"), exact: true }).click();
  await page.getByTestId("broadcast-go").click();
  await page.locator(".counts").getByText(t("broadcasts.outcomes.sent")).waitFor({ timeout: 30_000 });
  await becomes(page, t, "done");
  const id = /\/broadcasts\/(\d+)/.exec(page.url())[1];
  assert.equal((await read(id)).counts.sent, openids.length);
  const [second, first] = (await wechat(demo, "GET", `/accounts/${account.appid}/broadcasts`)).items;
  assert.deepEqual([first.status, second.status], ["err(30003)", "send success"]);
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("what goes to all waits for the administrator, who confirms it on the phone", async () => {
  const { account, openids } = await withFans(3);
  await wechat(demo, "PATCH", `/accounts/${account.appid}`, { mass: { protection: true } });
  const { t, page, context, complaints } = await windowOf("zh-CN");
  const text = "年度盛典，敬请期待";
  const made = await make({ account_id: account.id, name: "盛典", contents: [{ type: "text", text }] });
  await send(page, t, account, made.id);
  await until("WeChat has it", async () => (await read(made.id)).parts[0]?.state === "submitted");
  // The hub asks how it stands when nothing was heard for some minutes.
  await advance(demo, account, 240);
  await page
    .locator(".part-confirming, .bc-part")
    .getByText(t("broadcasts.part_states.awaiting_confirmation"))
    .waitFor({
      timeout: 30_000,
    });
  await page.locator(".note-warning", { hasText: t("broadcasts.confirm_in").split("{{")[0] }).waitFor();
  await shoot(page, "confirming");
  assert.deepEqual(await heard(account, openids[0]), [], "nobody has it yet");

  const [fan] = await fansOf(account);
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 1440, height: 900 });
  await phone.goto(`${demo.sandbox_url}/?person=${fan.person}&appid=${account.appid}`);
  await phone.getByTestId("confirm-broadcast").click();
  await phone.locator('[data-testid="chat-item"][data-from="account"]', { hasText: text }).waitFor();
  await becomes(page, t, "done");
  const done = await read(made.id);
  assert.deepEqual([done.parts[0].state, done.counts.sent], ["sent", openids.length]);
  await page
    .locator(".note-warning", { hasText: t("broadcasts.confirm_in").split("{{")[0] })
    .waitFor({ state: "detached" });
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("an article is counted as WeChat counts it, then taken offline, and its page on the phone is gone", async () => {
  const { account, openids } = await withFans(6);
  const title = "双十二来了，全场好礼";
  const article_id = await writtenArticle(account, title);
  let { t, page, context, complaints } = await windowOf("zh-CN");
  const made = await make({
    account_id: account.id,
    name: title,
    contents: [{ type: "article", article_id }],
  });
  await send(page, t, account, made.id);
  await becomes(page, t, "done");
  const [out] = (await wechat(demo, "GET", `/accounts/${account.appid}/articles`)).items;
  const people = (await fansOf(account)).map((fan) => fan.person);
  const does = async (person, action) => {
    const did = await wechat(demo, "POST", `/people/${person}/article`, { url: out.url, action });
    assert.equal(did?.error, undefined, JSON.stringify(did));
  };
  // Four read it, one of them three times; two pass it on, one keeps it.
  for (const person of people.slice(0, 4)) await does(person, "read");
  for (const action of ["read", "read", "share", "favourite"]) await does(people[0], action);
  await does(people[1], "share");

  // WeChat's figures of a day come at eight of the next.
  const at = new Date((await now(demo)) + 8 * 3_600_000);
  const nextAtNine = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1, 1, 0);
  await advance(demo, account, (nextAtNine - (await now(demo))) / 1000);
  await context.close();
  ({ t, page, context, complaints } = await windowOf("zh-CN"));
  await page.goto(`${demo.console_url}/broadcasts/${made.id}?account=${account.id}`);
  await page.getByRole("button", { name: t("broadcasts.stats_fetch") }).click();
  const row = page.locator(".table tbody tr", { hasText: title });
  await row.waitFor({ timeout: 15_000 });
  const shown = (await row.locator("td.num").allTextContents()).map((text) =>
    Number(text.replace(/\D/g, "")),
  );
  const [counted] = (await wechat(demo, "GET", `/accounts/${account.appid}/articles`)).items;
  assert.deepEqual(shown, [counted.readers, counted.reads, 2, 1], "readers, reads, sharers, keepers");
  assert.deepEqual([counted.readers, counted.reads], [4, 6]);
  // The chart is of the figure that is chosen: another one is another picture.
  const chart = page.locator(".bc-left canvas").first();
  await chart.waitFor();
  const drawn = () => chart.evaluate((canvas) => canvas.toDataURL());
  const ofReads = await drawn();
  await page.locator(".bc-figures").getByText(t("broadcasts.figures.favourites"), { exact: true }).click();
  await until("the chart is of the other figure", async () => (await drawn()) !== ofReads);
  await shoot(page, "stats");

  // Offline.
  const [fan] = (await fansOf(account)).filter((one) => openids.includes(one.openid));
  const phone = await context.newPage();
  await phone.goto(`${demo.sandbox_url}/?person=${fan.person}&appid=${account.appid}`);
  await phone.locator('[data-testid="chat-item"][data-from="account"]', { hasText: title }).waitFor();
  const reader = await context.newPage();
  await reader.goto(out.url);
  await reader.getByText(title).first().waitFor();
  await page
    .getByRole("button", { name: t("broadcasts.withdraw"), exact: true })
    .first()
    .click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("broadcasts.withdraw"), exact: true })
    .click();
  await page
    .getByText(t("broadcasts.part_states.withdrawn"), { exact: true })
    .first()
    .waitFor({ timeout: 15_000 });
  await reader.goto(out.url);
  await reader.getByText("该内容已被发布者删除").waitFor();
  // The card stays in the chat, as it does at WeChat, and what it leads to is gone.
  await phone.reload();
  const card = phone.locator('[data-testid="chat-item"][data-from="account"]', { hasText: title });
  await card.waitFor();
  await shoot(phone, "withdrawn-phone");
  await shoot(page, "withdrawn");
  const [sent] = (await wechat(demo, "GET", `/accounts/${account.appid}/broadcasts`)).items;
  assert.equal(sent.articles[0].deleted, true);
  assert.deepEqual(complaints(), []);
  await context.close();
});
