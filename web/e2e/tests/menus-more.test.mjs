/** Menus by the clock, taken over from WeChat, for some fans, moved about, and with what WeChat itself sends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { advance, inShanghai, now } from "../lib/clock.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { demo, opening, shooter, spill, windowOf } from "../lib/opening.mjs";
import { png } from "../lib/pictures.mjs";

opening({ fans: 20 });

const shoot = shooter("menus-more-", () => true);
const click = (id, name, text) => ({ id, name, type: "click", answer: { type: "text", text } });

async function withFans(count) {
  const account = await bindDirect(demo);
  const openids = await addFans(demo, account, count);
  await importFans(demo, account);
  return { account, openids };
}

const menuOf = async (account) => (await api(demo, "GET", `/accounts/${account.id}/menu`)).body;

async function live(account, wanted = () => true) {
  return await until("the menu is live", async () => {
    const menu = await menuOf(account);
    const over = menu.publishing === null && menu.conditional.every((one) => one.state === "live");
    return over && menu.live && wanted(menu) ? menu : undefined;
  });
}

async function publish(account, buttons) {
  const { draft } = await menuOf(account);
  const saved = await api(demo, "PUT", `/accounts/${account.id}/menu`, { buttons, revision: draft.revision });
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
  await api(demo, "POST", `/accounts/${account.id}/menu/publish`, { revision: saved.body.draft.revision });
  return await live(account, (menu) => menu.live.buttons.length === buttons.length);
}

/** A fan's phone with the account's chat, and what stands on a button of its menu. */
async function phoneOf(context, account, openid) {
  const { items } = await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=200`);
  const { person } = items.find((one) => one.openid === openid);
  const phone = await context.newPage();
  const look = async () => {
    await phone.goto(`${demo.sandbox_url}/?person=${person}&appid=${account.appid}`);
    await phone.getByTestId("phone-input").or(phone.getByTestId("phone-menu-0")).first().waitFor();
    if (await phone.getByTestId("phone-to-menu").isVisible())
      await phone.getByTestId("phone-to-menu").click();
  };
  await look();
  return {
    phone,
    look,
    shows: (name, n = 0) => phone.getByTestId(`phone-menu-${n}`).getByText(name).waitFor(),
  };
}

/** A call to WeChat as another program of the account's owner makes it. */
async function elsewhere(account, path, body) {
  const post = async (address, value) =>
    await (
      await fetch(`${demo.sandbox_url}${address}`, { method: "POST", body: JSON.stringify(value) })
    ).json();
  const { access_token } = await post("/cgi-bin/stable_token", {
    grant_type: "client_credential",
    appid: account.appid,
    secret: account.appsecret,
  });
  const answer = await post(`${path}?access_token=${access_token}`, body);
  assert.equal(answer.errcode ?? 0, 0, JSON.stringify(answer));
  return answer;
}

const calls = async (account, path) =>
  (await wechat(demo, "GET", `/journal?appid=${account.appid}&key=${path}&limit=1000`)).items.length;

test("a menu is published when its time comes, and the one before comes back at its end", async () => {
  const { account, openids } = await withFans(2);
  await publish(account, [click("hours", "营业时间", "每天 9:00–21:00")]);
  const { t, page, context, complaints } = await windowOf("zh-CN");
  const { look, shows } = await phoneOf(context, account, openids[0]);
  await shows("营业时间");

  await page.goto(`${demo.console_url}/menu?account=${account.id}`);
  await page.locator('[data-button="hours"]').click();
  await page.locator("#menu-name").fill("夜间客服");
  await page.getByRole("button", { name: t("menus.more") }).click();
  await page.getByRole("menuitem", { name: t("menus.schedule") }).click();
  // The clock may have been moved by other tests already.
  const starts = Math.ceil((await now(demo)) / 60_000) * 60_000 + 3_600_000;
  for (const [id, at] of [
    ["#menu-from", starts],
    ["#menu-to", starts + 3_600_000],
  ]) {
    await page.locator(id).click();
    await page.locator(id).fill(inShanghai(at));
    await page.locator(id).press("Enter");
  }
  await shoot(page, "schedule");
  await page.getByRole("dialog").locator(".ant-btn-primary").click();
  const line = page.locator(".schedule", { hasText: "夜间客服" });
  await line.getByText(t("menus.schedule_state.waiting")).waitFor();

  // Not a minute too early.
  await advance(demo, account, (starts - 60_000 - (await now(demo))) / 1000);
  await look();
  await shows("营业时间");
  assert.equal((await menuOf(account)).live.buttons[0].name, "营业时间");

  await advance(demo, account, 70);
  await live(account, (menu) => menu.live.source === "schedule" && menu.live.buttons[0].name === "夜间客服");
  await line.getByText(t("menus.schedule_state.on")).waitFor({ timeout: 15_000 });
  await look();
  await shows("夜间客服");
  await shoot(page, "schedule-on");

  await advance(demo, account, 3_600);
  await live(account, (menu) => menu.live.buttons[0].name === "营业时间");
  await look();
  await shows("营业时间");
  await line.waitFor({ state: "detached", timeout: 15_000 });
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("the menu that is live at WeChat is taken over, also when it is changed there again", async () => {
  const { account, openids } = await withFans(2);
  const made = (name) => ({
    button: [
      { type: "view", name, url: "https://shop.example/" },
      { name: "更多", sub_button: [{ type: "click", name: "联系我们", key: "CONTACT" }] },
    ],
  });
  await elsewhere(account, "/cgi-bin/menu/create", made("别处做的"));
  const { t, page, context, complaints } = await windowOf("zh-CN");
  // Nothing is written here yet, so it is looked for without being asked.
  await page.goto(`${demo.console_url}/menu?account=${account.id}`);
  await page.locator(".slot-top", { hasText: "别处做的" }).waitFor();
  await page.locator(".slot-below", { hasText: "联系我们" }).waitFor();
  await page.getByText(t("menus.state.live"), { exact: true }).waitFor();

  await elsewhere(account, "/cgi-bin/menu/create", made("又改了"));
  await page.getByRole("button", { name: t("menus.more") }).click();
  await page.getByRole("menuitem", { name: t("menus.import") }).click();
  await page.getByText(t("menus.found.api")).waitFor();
  await page.locator(".slot-top", { hasText: "又改了" }).waitFor();
  await shoot(page, "imported");
  const { shows } = await phoneOf(context, account, openids[0]);
  await shows("又改了");
  const menu = await menuOf(account);
  assert.deepEqual([menu.live.source, menu.draft.buttons[1].buttons[0].key], ["import", "CONTACT"]);
  assert.equal(await calls(account, "/cgi-bin/menu/create"), 2, "the hub itself has published nothing");
  assert.deepEqual(complaints(), []);
  await context.close();
});

for (const [locale, width] of [
  ["zh-CN", 1440],
  ["en-US", 390],
]) {
  test(`fans with a tag have a menu of their own, and one sees what each of them sees, ${locale} at ${width}`, async () => {
    const zh = locale === "zh-CN";
    const { account, openids } = await withFans(3);
    const [vip, other] = openids;
    const names = zh ? ["林晓", "王伟"] : ["Ann Lee", "Ben Wright"];
    for (const [n, openid] of [vip, other].entries()) {
      const { id } = await customerOf(demo, openid);
      await api(demo, "PATCH", `/customers/${id}`, { name: `${names[n]} ${width}` });
    }
    const word = zh ? "会员" : "Members";
    const tag = (
      await api(demo, "POST", "/tags", { name: `${word} ${width}`, mirror_accounts: [account.id] })
    ).body;
    await api(demo, "PUT", `/customers/${(await customerOf(demo, vip)).id}/tags/${tag.id}`);
    await until("WeChat has the tag on the fan", async () => {
      const { items } = (await api(demo, "GET", `/accounts/${account.id}/wechat_tags`)).body;
      const known = items.find((one) => one.name === tag.name)?.wechat_id;
      const fan = await wechat(demo, "GET", `/accounts/${account.appid}/fans/${vip}`);
      return known != null && JSON.stringify(fan.tags).includes(String(known));
    });
    const forAll = zh ? "营业时间" : "Hours";
    const forSome = zh ? "会员专享" : "For members";
    await publish(account, [click("hours", forAll, "9–21")]);
    const { draft } = await menuOf(account);
    await api(demo, "PUT", `/accounts/${account.id}/menu`, {
      buttons: [click("hours", forSome, "24/7")],
      revision: draft.revision,
    });

    const { t, page, context, complaints } = await windowOf(locale, width);
    await page.goto(`${demo.console_url}/menu?account=${account.id}&part=some`);
    await page.getByRole("button", { name: t("menus.some_add") }).click();
    await page.locator("#some-name").fill(word);
    await page.locator("#some-tag").click();
    await page.locator(".ant-select-item-option", { hasText: tag.name }).click();
    await shoot(page, `some-add-${locale}-${width}`);
    await page.getByRole("button", { name: t("menus.some_publish") }).click();
    await page
      .locator(".version", { hasText: word })
      .getByText(t("menus.some_state.live"), { exact: true })
      .waitFor({ timeout: 15_000 });

    const seen = page.getByTestId("menu-chosen").or(page.locator(".menu-bar .menu-cell"));
    const see = async (name, says, button) => {
      await page.getByRole("combobox", { name: t("menus.see_as") }).click();
      await page.keyboard.type(name);
      await page.locator(".ant-select-item-option", { hasText: name }).click();
      await page.getByText(says).waitFor();
      await seen.first().getByText(button, { exact: true }).waitFor();
    };
    await see(`${names[0]} ${width}`, t("menus.sees_some").replace("{{name}}", word), forSome);
    await shoot(page, `see-as-${locale}-${width}`);
    assert.ok((await spill(page)) <= 0, "the page spills");
    await see(`${names[1]} ${width}`, t("menus.sees_default"), forAll);
    // Their phones agree.
    await (await phoneOf(context, account, vip)).shows(forSome);
    await (await phoneOf(context, account, other)).shows(forAll);
    assert.deepEqual(complaints(), []);
    await context.close();
  });
}

test("buttons are dragged to another place, and moved by keyboard to the same", async () => {
  const { account, openids } = await withFans(1);
  const shop = {
    id: "shop",
    name: "商城",
    buttons: [click("new", "新品", "a"), click("sale", "优惠", "b"), click("order", "订单", "c")],
  };
  await publish(account, [click("hours", "时间", "d"), shop]);
  const { t, page, context, complaints } = await windowOf("zh-CN");
  await page.goto(`${demo.console_url}/menu?account=${account.id}`);
  const order = () =>
    page.locator(".board [data-button]").evaluateAll((all) => all.map((one) => one.dataset.button));
  const becomes = async (wanted) => {
    await until(`the board is ${wanted}`, async () => (await order()).join() === wanted);
    await until("the draft too", async () => {
      const { draft } = await menuOf(account);
      return (
        draft.buttons.flatMap((one) => [one.id, ...(one.buttons ?? []).map((below) => below.id)]).join() ===
        wanted
      );
    });
  };
  const at = (id) => page.locator(`.board [data-button="${id}"]`);
  await at("order").waitFor();
  assert.equal((await order()).join(), "hours,shop,new,sale,order");
  await at("order").dragTo(at("new"));
  await becomes("hours,shop,order,new,sale");
  // A whole column.
  await at("shop").dragTo(at("hours"));
  await becomes("shop,order,new,sale,hours");
  await page
    .locator(".menu-changes")
    .getByText(t("menus.change.moved").replace("{{name}}", "订单"))
    .waitFor();
  await shoot(page, "dragged");

  // The same steps back, without a mouse.
  await at("shop").focus();
  await page.keyboard.press("Alt+ArrowRight");
  await becomes("hours,shop,order,new,sale");
  await at("order").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowDown");
  await becomes("hours,shop,new,sale,order");
  // What is at the end of its list goes no further.
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowUp");
  await becomes("hours,shop,new,order,sale");

  await page.getByRole("button", { name: t("menus.publish"), exact: true }).click();
  await live(
    account,
    (menu) => menu.live.buttons[1].buttons.map((one) => one.id).join() === "new,order,sale",
  );
  const { phone } = await phoneOf(context, account, openids[0]);
  await phone.getByTestId("phone-menu-1").click();
  await phone.getByTestId("phone-submenu-1-1").getByText("订单").waitFor();
  assert.deepEqual(complaints(), []);
  await context.close();
});

for (const [locale, width] of [
  ["zh-CN", 1440],
  ["en-US", 390],
]) {
  test(`a button gets a file of the library, a published article, and what WeChat keeps, ${locale} at ${width}`, async () => {
    const zh = locale === "zh-CN";
    const { account, openids } = await withFans(2);
    const title = zh ? "湖边一日" : "A day at the lake";
    const file = zh ? "湖水.png" : "lake.png";
    const upload = async (name, colour) => {
      const form = new FormData();
      form.set("kind", "image");
      form.set("file", new File([png(470, 200, colour)], name, { type: "image/png" }));
      const headers = { authorization: `Bearer ${demo.api_key}` };
      const made = await fetch(`${demo.console_url}/api/v1/media`, { method: "POST", headers, body: form });
      return (await made.json()).id;
    };
    const cover = await upload(`cover-${width}.png`, [31, 111, 120]);
    const article = (
      await api(demo, "POST", "/articles", {
        account_id: account.id,
        items: [{ title, html: "<p>…</p>", cover_media_id: cover }],
      })
    ).body;
    const becomes = async (wanted) =>
      await until("the article", async () =>
        wanted((await api(demo, "GET", `/articles/${article.id}`)).body),
      );
    await api(demo, "POST", `/articles/${article.id}/push`, {});
    await becomes((one) => one.state === "synced");
    await api(demo, "POST", `/articles/${article.id}/publish`, {});
    await becomes((one) => one.publication?.state === "published");
    const thumb = await wechatMaterial(account);
    const news = await wechat(demo, "POST", `/accounts/${account.appid}/news`, {
      articles: [{ title: zh ? "旧图文" : "Old news", content: "<p>…</p>", thumb_media_id: thumb }],
    });
    assert.ok(news.media_id, JSON.stringify(news));
    await publish(account, [click("picture", "A", "a"), click("read", "B", "b"), click("old", "C", "c")]);
    const before = await calls(account, "/cgi-bin/material/add_material");

    const { t, page, context, complaints } = await windowOf(locale, width);
    await page.goto(`${demo.console_url}/menu?account=${account.id}`);
    const kind = async (button, word) => {
      await page.locator(`[data-button="${button}"]`).click();
      const option = page
        .locator(".ant-select-item-option", { hasText: word })
        .filter({ visible: true })
        .first();
      const shown = page
        .locator(".ant-select", { has: page.locator("#menu-kind") })
        .filter({ hasText: word });
      // A form that is still moving shuts its list again, or the list of the form before takes the press.
      await until(`the button is one to ${word}`, async () => {
        if (await shown.isVisible()) return true;
        if (!(await option.isVisible())) await page.locator("#menu-kind").click();
        await option.click({ timeout: 2_000 }).catch(() => {});
        return await shown.isVisible();
      });
    };
    const chosen = page.getByTestId("menu-chosen");
    const beside = async (check) => {
      if (width < 1180) await page.getByRole("button", { name: t("menus.preview") }).click();
      await check(page.locator(".phone").last());
      if (width >= 1180) return;
      await page.locator(".ant-drawer-close").last().click();
      await page.locator(".phone").last().waitFor({ state: "hidden" });
    };

    // A picture from this machine becomes a file of the library, and then permanent material.
    await kind("picture", t("menus.kinds.media_id"));
    await page.getByRole("button", { name: t("media.choose.image") }).click();
    await page.getByTestId("media-file").setInputFiles({
      name: file,
      mimeType: "image/png",
      buffer: png(320, 200, [201, 138, 27]),
    });
    await chosen.getByText(file).waitFor({ timeout: 15_000 });
    await chosen.locator("img").waitFor();
    await beside((phone) => phone.locator(".bubble-image").waitFor());
    await shoot(page, `material-${locale}-${width}`);
    assert.ok((await spill(page)) <= 0, "the form spills");
    assert.equal(await calls(account, "/cgi-bin/material/add_material"), before + 1);

    // A published article, by its title.
    await kind("read", t("menus.kinds.article_id"));
    await page.getByRole("button", { name: t("menus.pick.choose_article") }).click();
    await page.getByLabel(t("menus.pick.by_title")).fill("nothing has this title");
    await page.getByText(t("menus.pick.none_found")).waitFor();
    await page.getByLabel(t("menus.pick.by_title")).fill(title.slice(0, 3));
    await page.locator(".menu-pick img").waitFor();
    await shoot(page, `articles-${locale}-${width}`);
    await page.locator(".menu-pick", { hasText: title }).click();
    await chosen.getByText(title).waitFor();
    await beside((phone) => phone.locator(".bubble-card", { hasText: title }).locator("img").waitFor());
    await shoot(page, `article-${locale}-${width}`);

    // What WeChat kept from before there were drafts.
    await kind("old", t("menus.kinds.view_limited"));
    await page.getByRole("button", { name: t("menus.pick.news_at_wechat") }).click();
    await page.locator(".menu-pick").first().waitFor();
    await shoot(page, `at-wechat-${locale}-${width}`);
    await page.locator(".menu-pick").first().click();
    await chosen.getByText(zh ? "旧图文" : "Old news").waitFor();

    await page.getByText(t("menus.publish"), { exact: true }).click();
    const menu = await live(account, (one) => one.live.buttons[0].type === "media_id");
    const { wechat_article_id } = (await api(demo, "GET", `/publications?account=${account.id}`)).body
      .items[0];
    assert.equal(menu.live.buttons[1].article, wechat_article_id);
    assert.equal(menu.live.buttons[2].material, news.media_id);

    // The same file for another button is not handed up again, and an id may still be written.
    await page.locator('[data-button="old"]').click();
    await kind("old", t("menus.kinds.media_id"));
    await page.getByRole("button", { name: t("media.choose.image") }).click();
    await page.locator(".media-item", { hasText: file }).click();
    await chosen.getByText(file).waitFor();
    assert.equal(await calls(account, "/cgi-bin/material/add_material"), before + 1);
    await page.getByText(t("menus.pick.other")).click();
    await page.locator("#menu-material").fill("no_such_material");
    await chosen.getByText(t("menus.pick.unknown")).waitFor();

    // On a fan's phone it is the picture.
    const { phone } = await phoneOf(context, account, openids[0]);
    await phone.getByTestId("phone-menu-0").click();
    await phone.locator('[data-testid="chat-item"][data-from="account"] img').last().waitFor();
    await shoot(phone, `phone-${locale}-${width}`);
    assert.deepEqual(complaints(), []);
    await context.close();
  });
}

/** A picture that another program has handed up. */
async function wechatMaterial(account) {
  const { access_token } = await (
    await fetch(`${demo.sandbox_url}/cgi-bin/stable_token`, {
      method: "POST",
      body: JSON.stringify({
        grant_type: "client_credential",
        appid: account.appid,
        secret: account.appsecret,
      }),
    })
  ).json();
  const form = new FormData();
  form.set("media", new File([png(90, 40, [90, 90, 90])], "cover.png", { type: "image/png" }));
  const made = await fetch(
    `${demo.sandbox_url}/cgi-bin/material/add_material?access_token=${access_token}&type=image`,
    { method: "POST", body: form },
  );
  return (await made.json()).media_id;
}
