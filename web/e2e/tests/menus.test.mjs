/** A menu changed and published beside the phone, tapped on the phone, found again on the timeline and in the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFans, bindDirect, customerOf, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shooter } from "../lib/opening.mjs";
import { presser } from "../lib/presses.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

opening({ fans: 300 });

const shoot = shooter("menus-");

/** What a shop would have: three buttons, one with a list. */
function menuOf(zh) {
  const click = (id, name, text) => ({ id, name, type: "click", answer: { type: "text", text } });
  return zh
    ? [
        click("hours", "营业时间", "每天 9:00–21:00，欢迎光临"),
        {
          id: "shop",
          name: "商城",
          buttons: [
            {
              id: "new",
              name: "新品上市",
              type: "view",
              url: "https://shop.example/new",
              count_visits: true,
            },
            { id: "order", name: "我的订单", type: "view", url: "https://shop.example/orders" },
            click("sale", "秋季优惠", "全场九折，至 11 月底"),
            {
              id: "app",
              name: "小程序",
              type: "miniprogram",
              url: "https://m.example/",
              app_id: "wx0000000000000001",
              page_path: "pages/index",
            },
          ],
        },
        {
          id: "service",
          name: "服务",
          buttons: [
            { id: "scan", name: "扫码查真伪", type: "scancode_waitmsg" },
            { id: "where", name: "附近门店", type: "location_select" },
            click("help", "人工客服", "请留言，我们马上回复"),
          ],
        },
      ]
    : [
        click("hours", "Hours", "Every day from 9 to 9. See you!"),
        {
          id: "shop",
          name: "Shop",
          buttons: [
            { id: "new", name: "New in", type: "view", url: "https://shop.example/new", count_visits: true },
            { id: "order", name: "My orders", type: "view", url: "https://shop.example/orders" },
            click("sale", "Autumn sale", "10 % off everything"),
          ],
        },
        {
          id: "service",
          name: "Service",
          buttons: [
            { id: "scan", name: "Is it real?", type: "scancode_waitmsg" },
            click("help", "Talk to us", "Write to us, we answer at once"),
          ],
        },
      ];
}

async function live(account) {
  return await until("the menu is live", async () => {
    const { body } = await api(demo, "GET", `/accounts/${account.id}/menu`);
    return body.publishing === null && body.live ? body : undefined;
  });
}

for (const [locale, width, height] of [
  ["zh-CN", 1440, 900],
  ["en-US", 390, 844],
]) {
  test(`a menu is changed, published, tapped and counted, ${locale} at ${width}`, async () => {
    const t = wordsOf(locale);
    const zh = locale === "zh-CN";
    const account = await bindDirect(demo);
    const openids = await addFans(demo, account, 4);
    await importFans(demo, account);
    const buttons = menuOf(zh);
    await api(demo, "PUT", `/accounts/${account.id}/menu`, { buttons, revision: 0 });
    await api(demo, "POST", `/accounts/${account.id}/menu/publish`, { revision: 1 });
    await live(account);
    // A week like any other.
    for (const openid of openids) {
      for (const path of [[0], [1, 0], [1, 2]]) {
        await wechat(demo, "POST", `/accounts/${account.appid}/fans/${openid}/tap?wait=true`, { path });
      }
    }

    const allowed = [demo.console_url, demo.sandbox_url];
    const { context, page, complaints } = await openWindow(browser, { locale, width, height, allowed });
    await signIn(demo, page, t, locale);
    await page.goto(`${demo.console_url}/?account=${account.id}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();

    // Task 8: change one menu button and publish. From home, the account chosen.
    const { press, pressed } = presser();
    if (width < 768) await page.getByRole("button", { name: t("nav.open") }).click();
    await press("Menu", page.getByRole("link", { name: new RegExp(`^${t("nav.menu")}`) }).first());
    await press("the button", page.locator('[data-button="sale"]'));
    const name = zh ? "冬季优惠" : "Winter sale";
    await page.locator("#menu-name").fill(name);
    await page.locator(".menu-changes").getByText(name).waitFor();
    await shoot(page, `edit-${locale}-${width}`);
    await press("Publish", page.getByRole("button", { name: t("menus.publish"), exact: true }));
    await page.getByText(t("menus.state.live"), { exact: true }).waitFor({ timeout: 15_000 });
    await page.getByRole("button", { name: new RegExp(t("menus.undo_to").split("{{")[0].trim()) }).waitFor();
    console.log(
      `task 8, change one menu button and publish: ${pressed.length} clicks (${pressed.join(", ")})`,
    );
    assert.ok(pressed.length <= 4, pressed.join());
    await shoot(page, `published-${locale}-${width}`);

    // Alt and an arrow key move a button; Publish says what that would change.
    await page.locator('[data-button="sale"]').focus();
    await page.keyboard.press("Alt+ArrowUp");
    await page
      .locator(".menu-changes")
      .getByText(t("menus.change.moved").replace("{{name}}", name))
      .waitFor();
    // A name that is too long cannot be published, and says so in bytes.
    await page.locator('[data-button="hours"]').click();
    await page.locator("#menu-name").fill("一二三四五六");
    await page.locator(".bytes.over").getByText("18/16").waitFor();
    assert.ok(await page.getByRole("button", { name: t("menus.publish"), exact: true }).isDisabled());
    await shoot(page, `too-long-${locale}-${width}`);

    // On the phone.
    const phone = await context.newPage();
    const fans = await wechat(demo, "GET", `/accounts/${account.appid}/fans?limit=10`);
    const fan = fans.items.find((one) => one.openid === openids[0]);
    await phone.goto(`${demo.sandbox_url}/?person=${fan.person}&appid=${account.appid}`);
    await phone.getByTestId("phone-input").or(phone.getByTestId("phone-menu-1")).first().waitFor();
    if (await phone.getByTestId("phone-to-menu").isVisible())
      await phone.getByTestId("phone-to-menu").click();
    await phone.getByTestId("phone-menu-1").click();
    await phone.getByTestId("phone-submenu-1-2").getByText(name).waitFor();
    await phone.getByTestId("phone-submenu-1-2").click();
    const answer = buttons[1].buttons[2].answer.text;
    await phone
      .locator('[data-testid="chat-item"][data-from="account"]', { hasText: answer })
      .last()
      .waitFor();
    await shoot(phone, `phone-${locale}-${width}`);

    // On the timeline, by its name.
    const customer = await customerOf(demo, openids[0]);
    await page.goto(`${demo.console_url}/customers/${customer.id}`);
    await page
      .locator(".timeline")
      .getByText(t("events.menu_tap").replace("{{key}}", name))
      .first()
      .waitFor({ timeout: 10_000 });
    await shoot(page, `timeline-${locale}-${width}`);

    // On the heat picture: five taps on the button, as the sandbox pushed them.
    await page.goto(`${demo.console_url}/menu?account=${account.id}&part=numbers`);
    const heat = page.getByTestId("menu-heat");
    await heat.locator(".menu-cell").nth(1).click();
    await heat
      .locator(".menu-item", { hasText: name })
      .getByText("5", { exact: true })
      .waitFor({ timeout: 15_000 });
    const { items } = await wechat(demo, "GET", `/pushes?appid=${account.appid}&limit=1000`);
    const clicks = items.filter((push) => push.what === "CLICK" && push.attempt === 1).length;
    const report = (await api(demo, "GET", `/accounts/${account.id}/menu/taps`)).body;
    const counted = report.buttons.filter((one) => ["hours", "sale"].includes(one.button));
    assert.equal(
      counted.reduce((total, one) => total + one.taps, 0),
      clicks,
    );
    await page.locator("canvas").waitFor();
    await shoot(page, `numbers-${locale}-${width}`);

    // Its history leads back.
    await page.goto(`${demo.console_url}/menu?account=${account.id}&part=history`);
    await page
      .getByRole("button", { name: t("menus.roll_back") })
      .last()
      .click();
    await until("the first version is back", async () => {
      const menu = await live(account);
      return menu.live.source === "rollback" && menu.live.buttons[1].buttons[2].name !== name;
    });
    await page.locator(".version").nth(2).waitFor();
    await shoot(page, `history-${locale}-${width}`);
    await page.goto(`${demo.console_url}/menu?account=${account.id}&part=some`);
    await page.getByText(t("menus.some_none")).waitFor();
    await shoot(page, `some-${locale}-${width}`);

    assert.deepEqual(complaints(), []);
    await context.close();
  });
}
