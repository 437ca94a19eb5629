/** QR codes: one for a poster with what it starts, two hundred for two hundred shops, and the clicks that both take. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, pictures, shooter } from "../lib/opening.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

opening({ fans: 60 });

const shoot = shooter("", (name) => !name.includes("list"));

/** Presses and counts; what a person would press, no more. */
function counting() {
  let clicks = 0;
  return {
    press: async (target) => {
      clicks += 1;
      await target.click();
    },
    count: () => clicks,
  };
}

const directory = (bytes) => bytes.toString("latin1").split("PK\u0001\u0002").length - 1;

test("one code for a poster: tag, answers, download, and a scan by a new fan and by an old one", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const account = (await api(demo, "GET", "/accounts")).body.items[0];
  const allowed = [demo.console_url, demo.sandbox_url];
  const { context, page, complaints } = await openWindow(browser, { locale, allowed });
  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/?account=${account.id}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();

  // Task 6: from home to a file for the printer.
  const six = counting();
  await six.press(page.getByRole("link", { name: t("nav.qrcodes") }).first());
  await six.press(page.getByRole("button", { name: t("qrcodes.new") }).first());
  await page.getByLabel(t("qrcodes.name"), { exact: true }).fill("春季海报");
  await page.getByLabel(t("qrcodes.source"), { exact: true }).fill("地铁站");
  await page.keyboard.press("Escape");
  await six.press(page.getByRole("button", { name: t("qrcodes.make"), exact: true }));
  const save = page.getByRole("link", { name: t("qrcodes.download"), exact: true });
  await save.waitFor();
  const download = page.waitForEvent("download");
  await six.press(save);
  const file = await download;
  assert.equal(file.suggestedFilename(), "春季海报.png");
  const png = await readFile(await file.path());
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.equal(png.readUInt32BE(16), 1181, "ten centimetres at 300 dpi");
  console.log(`task 6, one code for a poster: ${six.count()} clicks`);
  assert.ok(six.count() <= 4, `${six.count()} clicks`);

  const code = (await api(demo, "GET", `/accounts/${account.id}/qrcodes`)).body.items[0];
  assert.equal(code.name, "春季海报");
  assert.deepEqual(
    code.tags.map((tag) => tag.name),
    ["地铁站"],
    "the source has made the tag",
  );

  // What it says, beside the phone.
  await page.getByRole("button", { name: t("qrcodes.edit"), exact: true }).click();
  for (const n of [0, 1]) {
    await page
      .locator(".code-form .ant-segmented-item", { hasText: t("qrcodes.own") })
      .nth(n)
      .click();
  }
  await page.locator(".code-contents textarea").nth(0).fill("欢迎从地铁站来！");
  await page.locator(".code-contents textarea").nth(1).fill("又见面了");
  await page.locator(".phone").getByText("又见面了").waitFor();
  await shoot(page, "qrcode-edit-zh-CN");
  await page.getByRole("button", { name: t("app.save"), exact: true }).click();
  await save.waitFor();

  // A fan's phone, and a stranger's.
  const { items: fans } = await wechat(demo, "GET", `/accounts/${account.app_id}/fans?limit=50`);
  const people = [];
  for (let n = 0; people.length < 2 && n < 400; n += 1) {
    const person = await wechat(demo, "GET", `/people/${n}`);
    const chat = person.chats?.find((one) => one.appid === account.app_id);
    if (chat && chat.following === (people.length === 0)) people.push({ n, openid: chat.openid });
  }
  assert.equal(people.length, 2, `somebody follows and somebody does not, of ${fans.length} fans`);
  const phone = await context.newPage();
  const said = (text) => phone.locator('[data-testid="chat-item"][data-from="account"]', { hasText: text });
  const scan = async (person) => {
    await phone.goto(`${demo.sandbox_url}/?person=${person.n}&view=scan`);
    await phone.getByTestId("phone-scan-input").fill(code.url);
    await phone.getByTestId("phone-scan-submit").click();
  };
  await scan(people[0]);
  await said("又见面了").waitFor({ timeout: 10_000 });
  await scan(people[1]);
  await phone.getByTestId("phone-follow").click();
  await said("欢迎从地铁站来！").waitFor({ timeout: 10_000 });
  await shoot(phone, "qrcode-phone");

  for (const { openid } of people) {
    await page.goto(`${demo.console_url}/customers?query=${openid}`);
    await page.locator("a.person-link").first().click();
    await page.getByText("春季海报").first().waitFor();
    await page.locator(".tag", { hasText: "地铁站" }).first().waitFor();
  }
  await shoot(page, "qrcode-customer-zh-CN");
  await page.goto(`${demo.console_url}/qrcodes/${code.id}?account=${account.id}`);
  await page.locator(".code-figures dd").first().filter({ hasText: /^2$/ }).waitFor({ timeout: 20_000 });
  await page.locator("canvas").first().waitFor();
  // The figures are those of what WeChat pushed: of these two, and of nobody else.
  const { items: pushes } = await wechat(demo, "GET", `/pushes?appid=${account.app_id}&limit=1000`);
  const pushed = (what) => pushes.filter((push) => push.what === what && push.attempt === 1).length;
  const figure = async (name) =>
    Number((await page.locator(".code-figures > div", { hasText: name }).locator("dd").textContent()).trim());
  assert.deepEqual([pushed("SCAN"), pushed("subscribe")], [1, 1]);
  assert.equal(await figure(t("qrcodes.scans")), pushed("SCAN") + pushed("subscribe"));
  assert.equal(await figure(t("qrcodes.follows")), pushed("subscribe"));
  await shoot(page, "qrcode-zh-CN");

  // Of who came today nobody can say yet whether they stay; and other days can be looked at.
  await page.getByText(t("qrcodes.kept_not_yet")).waitFor();
  const choose = async (words) => {
    await page.locator(".code-stretch .ant-select").click();
    await page.locator(".ant-select-item-option", { hasText: words }).click();
  };
  const asked = (what) =>
    page.waitForResponse((response) => response.url().includes("/stats?") && response.url().includes(what));
  const quarter = asked("from=");
  await choose(t("qrcodes.last_days_other").replace("{{count}}", "90"));
  const { days } = await (await quarter).json();
  assert.equal(days.length, 90);
  assert.equal(days.at(-1).kept_1, null, "today");
  assert.equal(days[0].kept_30, 0, "nobody came then");
  await choose(t("qrcodes.two_days"));
  const today = await page.getByLabel(t("qrcodes.to_day")).inputValue();
  const only = asked(`from=${today}`);
  await page.getByLabel(t("qrcodes.from_day")).fill(today);
  await page.getByLabel(t("qrcodes.from_day")).press("Enter");
  assert.equal((await (await only).json()).days.length, 1);
  await page.locator(".code-figures dd").first().filter({ hasText: /^2$/ }).waitFor();
  await shoot(page, "qrcode-one-day-zh-CN");
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("two hundred codes from a table to a ZIP", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const account = (await api(demo, "GET", "/accounts")).body.items[0];
  const { context, page, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/?account=${account.id}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const lines = Array.from(
    { length: 200 },
    (_, n) => `门店${String(n + 1).padStart(3, "0")},门店海报,"门店,华东",${n + 1} 号店`,
  );
  const table = join(tmpdir(), `门店-${process.pid}.csv`);
  await writeFile(table, `名称,来源,标签,备注\n${lines.join("\n")}\n,,没有名称,\n`);

  const seven = counting();
  await seven.press(page.getByRole("link", { name: t("nav.qrcodes") }).first());
  const chooser = page.waitForEvent("filechooser");
  await seven.press(page.getByRole("button", { name: t("qrcodes.batch"), exact: true }));
  await (await chooser).setFiles(table);
  const make = page.getByRole("button", { name: t("qrcodes.make_n_other").replace("{{n}}", "200") });
  await make.waitFor();
  await page.getByText(t("qrcodes.line_n").replace("{{n}}", "202")).waitFor();
  await shoot(page, "qrcode-table-zh-CN");
  await seven.press(make);
  const save = page.getByRole("link", { name: t("qrcodes.download_zip"), exact: true });
  await page
    .getByText(t("qrcodes.made_of").replace("{{made}}", "200").replace("{{total}}", "200"))
    .waitFor({ timeout: 60_000 });
  const download = page.waitForEvent("download");
  await seven.press(save);
  const zip = await readFile(await (await download).path());
  assert.equal(directory(zip), 201, "two hundred pictures and their list");
  assert.ok(zip.includes(Buffer.from("门店200.png")));
  console.log(`task 7, two hundred codes: ${seven.count()} clicks`);
  assert.ok(seven.count() <= 4, `${seven.count()} clicks`);
  await shoot(page, "qrcode-batch-zh-CN");

  const { items } = await wechat(demo, "GET", "/qrcodes");
  const scenes = new Set(items.filter((one) => one.appid === account.app_id).map((one) => one.scene));
  assert.ok(scenes.size >= 200, `WeChat has made ${scenes.size}`);
  await page.getByRole("link", { name: t("qrcodes.see_them") }).click();
  await page.getByText("门店200").first().waitFor();

  // Sheets for the printer; the browser makes the PDF, and has the fonts.
  await page.goBack();
  await page.getByRole("link", { name: t("qrcodes.open_sheet") }).click();
  await page
    .getByRole("button", { name: t("qrcodes.print"), exact: true })
    .and(page.locator(":enabled"))
    .waitFor({ timeout: 60_000 });
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length;
  assert.equal(sheets, Math.ceil(200 / 12), "twelve a sheet and none empty");
  if (pictures) await writeFile(`${pictures}/qrcode-sheets.pdf`, pdf);
  if (pictures) {
    await page.emulateMedia({ media: "print" });
    await page.screenshot({ path: `${pictures}/qrcode-sheet-print.png` });
    await page.emulateMedia({ media: null });
  }

  // And each a poster, all of one design.
  await page.getByText(t("qrcodes.poster.many"), { exact: true }).click();
  await page.getByLabel(t("qrcodes.poster.headline")).fill("扫码领新人券");
  await page.getByText(t("qrcodes.poster.tones.teal"), { exact: true }).click();
  await page
    .getByRole("button", { name: t("qrcodes.print"), exact: true })
    .and(page.locator(":enabled"))
    .waitFor({ timeout: 60_000 });
  const posters = page.locator(".poster");
  assert.equal(await posters.count(), 200);
  assert.match(await posters.nth(6).textContent(), /扫码领新人券[\s\S]*门店007/);
  await shoot(page, "qrcode-posters-list-zh-CN");
  const book = await page.pdf({ preferCSSPageSize: true });
  if (pictures) await writeFile(`${pictures}/qrcode-posters.pdf`, book);
  const leaves = book.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length;
  assert.equal(leaves, 200, "one a page and none empty");
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("every page in both languages and on a phone", async () => {
  const account = (await api(demo, "GET", "/accounts")).body.items[0];
  const code = (await api(demo, "GET", `/accounts/${account.id}/qrcodes?sort=scans&limit=1`)).body.items[0];
  const batch = (await api(demo, "GET", `/accounts/${account.id}/qrcode_batches`)).body.items[0];
  for (const [locale, width, height] of [
    ["zh-CN", 390, 844],
    ["en-US", 1440, 900],
    ["en-US", 390, 844],
    ["zh-CN", 1440, 900],
  ]) {
    const t = wordsOf(locale);
    const { context, page, complaints } = await openWindow(browser, {
      locale,
      width,
      height,
      allowed: [demo.console_url],
    });
    await signIn(demo, page, t, locale);
    for (const [name, path] of [
      ["list", "/qrcodes"],
      ["new", "/qrcodes/new"],
      ["one", `/qrcodes/${code.id}`],
      ["poster", `/qrcodes/${code.id}/poster`],
      ["batch", `/qrcodes/batches/${batch.id}`],
    ]) {
      await page.goto(`${demo.console_url}${path}?account=${account.id}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      if (name === "list") await page.getByText("门店200").first().waitFor();
      if (name === "one") await page.locator("canvas").first().waitFor();
      if (name === "poster")
        await page
          .getByRole("button", { name: t("qrcodes.print"), exact: true })
          .and(page.locator(":enabled"))
          .waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.ok(!wide, `${name} in ${locale} at ${width} scrolls sideways`);
      await shoot(page, `qrcodes-${name}-${locale}-${width}`);
    }
    assert.deepEqual(complaints(), []);
    await context.close();
  }
});
