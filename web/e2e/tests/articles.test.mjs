/** Articles: written with a picture, into WeChat's draft box and out; changed at both sides; and the library. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bindDirect, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api } from "../lib/demo.mjs";
import { browser, demo, opening, shooter } from "../lib/opening.mjs";
import { png } from "../lib/pictures.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

let account;

opening({ fans: 40 }, async () => {
  account = await bindDirect(demo);
});

const shoot = shooter("", () => true);

const picture = (name, colour) => ({ name, mimeType: "image/png", buffer: png(470, 200, colour) });

let token;
/** What the owner of the account does at WeChat, with the account's own key. */
async function atWechat(path, body) {
  const post = async (url, data) =>
    await (await fetch(`${demo.sandbox_url}${url}`, { method: "POST", body: JSON.stringify(data) })).json();
  token ??= (
    await post("/cgi-bin/stable_token", {
      grant_type: "client_credential",
      appid: account.appid,
      secret: account.appsecret,
    })
  ).access_token;
  const answer = await post(`/cgi-bin/${path}?access_token=${token}`, body);
  assert.equal(answer.errcode ?? 0, 0, `${path}: ${JSON.stringify(answer)}`);
  return answer;
}
const box = async () => (await atWechat("draft/batchget", { offset: 0, count: 20, no_content: 0 })).item;

const open = async (locale, more = {}) => {
  const t = wordsOf(locale);
  const window = await openWindow(browser, {
    locale,
    allowed: [demo.console_url, demo.sandbox_url],
    ...more,
  });
  await signIn(demo, window.page, t, locale);
  return { t, ...window };
};

/** The hub's job is over. */
const settled = (id) =>
  until(`the job of article ${id}`, async () => {
    const { body } = await api(demo, "GET", `/articles/${id}`);
    return body.wish === null ? body : undefined;
  });

test("an article is written with a picture, saved to WeChat, published and read", async () => {
  const { t, page, context, complaints } = await open("zh-CN");
  await page.goto(`${demo.console_url}/articles?account=${account.id}`);
  await page.getByText(t("articles.empty")).waitFor();
  await shoot(page, "articles-empty-zh-CN");
  await page
    .getByRole("button", { name: t("articles.new") })
    .first()
    .click();
  await page.locator(".article-body").waitFor();
  await page.getByLabel(t("articles.title"), { exact: true }).fill("秋日清单");
  await page.getByLabel(t("articles.author"), { exact: true }).fill("李青");
  await page.locator(".article-body").click();
  await page.keyboard.type("天气转凉，");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("银杏黄了");
  await page.keyboard.press("Control+b");
  await page.keyboard.press("Enter");
  await page.getByTestId("article-picture").setInputFiles(picture("银杏.png", [201, 138, 27]));
  await page.locator(".article-body img").waitFor();
  await page.keyboard.type("<script>alert(1)</script> 照样写");
  // What it looks like is seen while it is written.
  await page.locator(".reading-body strong", { hasText: "银杏黄了" }).waitFor();
  await page.locator(".reading-body img").waitFor();
  await page.getByRole("button", { name: t("articles.cover_take") }).click();
  await page.locator(".cut-wide").waitFor();
  await page.locator(`[data-field="digest"]`).fill("五件小事");
  await page.getByText(t("articles.no_faults")).waitFor();
  await page.getByText(/刚刚保存|秒前保存/).waitFor();
  await shoot(page, "article-written-zh-CN");

  // Undone and done again.
  await page.locator(".article-body").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("多余");
  await page.getByRole("button", { name: t("articles.tools.undo"), exact: true }).click();
  await page.locator(".article-body", { hasText: "多余" }).waitFor({ state: "detached" });

  await page.getByRole("button", { name: t("articles.push"), exact: true }).click();
  await page.getByText(t("articles.states.synced"), { exact: true }).waitFor({ timeout: 20_000 });
  const drafts = await box();
  assert.equal(drafts.length, 1);
  const there = drafts[0].content.news_item[0];
  assert.equal(there.title, "秋日清单");
  assert.equal(there.author, "李青");
  assert.equal(there.digest, "五件小事");
  assert.match(there.content, /<strong>银杏黄了<\/strong>/);
  assert.match(there.content, /&lt;script&gt;/);
  assert.match(
    there.content,
    /<img[^>]+src="[^"]*\/sandbox\/files\//,
    "the picture was uploaded for articles",
  );
  assert.ok(!/class=/.test(there.content));

  await page.getByRole("button", { name: t("articles.publish"), exact: true }).click();
  await shoot(page, "article-publish-zh-CN");
  await page.getByRole("button", { name: t("articles.publish_n_other").replace("{{count}}", "1") }).click();
  const link = page.locator(".out-links a", { hasText: "秋日清单" });
  await link.waitFor({ timeout: 30_000 });
  assert.equal((await box()).length, 0, "what is out leaves the box");
  await shoot(page, "article-out-zh-CN");

  // On a reader's phone.
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(await link.getAttribute("href"));
  await phone.getByRole("heading", { name: "秋日清单" }).waitFor();
  await phone.locator("article strong", { hasText: "银杏黄了" }).waitFor();
  const seen = await phone.locator("article img").evaluate(async (img) => {
    await img.decode();
    return img.naturalWidth;
  });
  assert.equal(seen, 470);
  await shoot(phone, "article-on-phone");
  await page.goto(`${demo.console_url}/articles?account=${account.id}&shelf=published`);
  await page.locator(".out-links a", { hasText: "秋日清单" }).waitFor();
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("a draft that was changed here and at WeChat shows both sides, and nothing is lost", async () => {
  const made = await api(demo, "POST", "/articles", {
    account_id: account.id,
    items: [
      {
        title: "营业时间",
        author: "",
        digest: "",
        html: "<p>周一到周五营业。</p><p>周末休息。</p>",
        cover_media_id: (await api(demo, "GET", "/media?kind=image")).body.items[0].id,
        source_url: "",
        comments: "off",
        wechat: null,
      },
    ],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id } = made.body;
  await api(demo, "POST", `/articles/${id}/push`);
  assert.equal((await settled(id)).state, "synced");

  const { t, page, context, complaints } = await open("zh-CN");
  await page.goto(`${demo.console_url}/articles/${id}?account=${account.id}`);
  await page.locator(".article-body", { hasText: "周末休息" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("节假日照常。");
  await page.getByText(t("articles.states.changed"), { exact: true }).waitFor();

  const draft = (await box())[0];
  const [news] = draft.content.news_item;
  await atWechat("draft/update", {
    media_id: draft.media_id,
    index: 0,
    articles: { ...news, title: "新的营业时间", content: news.content.replace("周末休息", "周末十点开门") },
  });
  await page.goto(`${demo.console_url}/articles?account=${account.id}`);
  await page.getByRole("button", { name: t("articles.sync"), exact: true }).click();
  await page.getByText(t("articles.states.conflict"), { exact: true }).waitFor({ timeout: 20_000 });
  await shoot(page, "articles-zh-CN");
  await page
    .getByRole("link", { name: /营业时间/ })
    .first()
    .click();
  const both = page.locator(".both");
  await both.getByText("周末十点开门。").waitFor();
  await both.getByText("周末休息。节假日照常。").waitFor();
  await both.getByText("新的营业时间").waitFor();
  await shoot(page, "article-conflict-zh-CN");
  await both.getByText(t("articles.both_pages")).click();
  await shoot(page, "article-conflict-pages-zh-CN");
  await both
    .getByRole("button", { name: t("articles.take").replace("{{side}}", t("articles.at_wechat")) })
    .click();
  await page.locator(".article-body", { hasText: "周末十点开门" }).waitFor();
  await both.waitFor({ state: "detached" });
  await page.getByText(t("articles.states.synced"), { exact: true }).waitFor();
  assert.equal(await page.getByLabel(t("articles.title"), { exact: true }).inputValue(), "新的营业时间");
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("two people at one draft: the second sees the first one's words before anything is overwritten", async () => {
  const line = {
    author: "",
    digest: "",
    cover_media_id: null,
    source_url: "",
    comments: "off",
    wechat: null,
  };
  const first = { ...line, title: "值班表", html: "<p>周一：小王</p>" };
  const { body: article } = await api(demo, "POST", "/articles", { account_id: account.id, items: [first] });
  const { t, page, context } = await open("zh-CN");
  await page.goto(`${demo.console_url}/articles/${article.id}?account=${account.id}`);
  await page.locator(".article-body", { hasText: "小王" }).waitFor();
  // The page does not hear of it: what is typed right now is older than it seems.
  await page.route("**/api/v1/articles/*", async (route) => {
    if (route.request().method() !== "GET") return await route.continue();
    return await route.fulfill({ json: article });
  });
  const items = [{ ...first, html: "<p>周一：小李</p>" }];
  await api(demo, "PUT", `/articles/${article.id}`, { items, revision: article.revision });
  await page.locator(".article-body").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("、小张");
  await page.unroute("**/api/v1/articles/*");
  const both = page.locator(".both");
  await both.getByText("周一：小王、小张").waitFor();
  await both
    .getByRole("button", { name: t("articles.take").replace("{{side}}", t("articles.mine")) })
    .click();
  await both.waitFor({ state: "detached" });
  await until("mine at the hub", async () => {
    const { body } = await api(demo, "GET", `/articles/${article.id}`);
    return body.items[0].html.includes("小王、小张") || undefined;
  });
  await context.close();
});

test("parts move by keyboard and come back", async () => {
  const line = {
    author: "",
    digest: "",
    cover_media_id: null,
    source_url: "",
    comments: "off",
    wechat: null,
  };
  const items = ["甲", "乙", "丙"].map((title) => ({ ...line, title, html: `<p>${title}</p>` }));
  const { body: article } = await api(demo, "POST", "/articles", { account_id: account.id, items });
  const { t, page, context, complaints } = await open("zh-CN");
  await page.goto(`${demo.console_url}/articles/${article.id}?account=${account.id}`);
  const titles = () => page.locator(".rail-title").allTextContents();
  await page.locator(".rail-item button", { hasText: "丙" }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowUp");
  await until("moved", async () => (await titles()).join("") === "丙甲乙" || undefined);
  await page.getByRole("button", { name: t("articles.remove_named").replace("{{name}}", "甲") }).click();
  await until("gone", async () => (await titles()).join("") === "丙乙" || undefined);
  await page.locator(".undo button").click();
  await until("back", async () => (await titles()).join("") === "丙甲乙" || undefined);
  await until("saved", async () => {
    const { body } = await api(demo, "GET", `/articles/${article.id}`);
    return body.items.map((item) => item.title).join("") === "丙甲乙" || undefined;
  });
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("the library takes what WeChat takes, says why not, and gives back what was deleted", async () => {
  const { t, page, context, complaints } = await open("zh-CN");
  await page.goto(`${demo.console_url}/library`);
  await page.locator(".file-card", { hasText: "银杏.png" }).waitFor();
  await page
    .getByTestId("library-file")
    .setInputFiles([
      picture("红叶.png", [199, 62, 58]),
      picture("湖水.png", [31, 111, 120]),
      { name: "说明.txt", mimeType: "text/plain", buffer: Buffer.from("x") },
      { name: "大.png", mimeType: "image/png", buffer: Buffer.alloc(11 << 20) },
    ]);
  await page.locator(".upload", { hasText: t("library.wrong_kind") }).waitFor();
  await page.locator(".upload-wrong", { hasText: "大.png" }).waitFor();
  await page.locator(".file-card", { hasText: "红叶.png" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText(t("library.unused")).waitFor();
  await drawer.getByLabel(t("library.name")).fill("枫叶.png");
  await drawer.getByLabel(t("library.folder")).fill("秋天");
  await drawer.getByLabel(t("library.folder")).blur();
  await page.locator(".file-card", { hasText: "枫叶.png" }).filter({ hasText: "秋天" }).waitFor();
  await shoot(page, "library-file-zh-CN");
  await drawer.locator(".ant-drawer-close").click();
  await page.getByLabel(t("media.search")).fill("枫");
  await page.locator(".file-card", { hasText: "湖水.png" }).waitFor({ state: "detached" });
  await page.getByLabel(t("media.search")).fill("");
  await page.locator(".file-card", { hasText: "湖水.png" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("library.delete") })
    .and(page.locator(":enabled"))
    .click();
  await page.locator(".file-card", { hasText: "湖水.png" }).waitFor({ state: "detached" });
  await page.locator(".undo button").click();
  await page.locator(".file-card", { hasText: "湖水.png" }).waitFor();
  // What an article shows cannot be deleted, and the page says which.
  await page.locator(".file-card", { hasText: "银杏.png" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "秋日清单" }).waitFor();
  assert.ok(
    await page
      .getByRole("dialog")
      .getByRole("button", { name: t("library.delete") })
      .isDisabled(),
  );
  await shoot(page, "library-used-zh-CN");
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("every page in both languages and on a phone", async () => {
  const list = (await api(demo, "GET", `/articles?account=${account.id}`)).body.items;
  for (const [locale, width, height] of [
    ["zh-CN", 390, 844],
    ["en-US", 1440, 900],
    ["en-US", 390, 844],
    ["zh-CN", 1440, 900],
  ]) {
    const { page, context, complaints } = await open(locale, { width, height });
    for (const [name, path] of [
      ["list", "/articles"],
      ["published", "/articles?shelf=published"],
      ["one", `/articles/${list.find((one) => one.titles.length === 3).id}`],
      ["library", "/library"],
    ]) {
      const and = path.includes("?") ? "&" : "?";
      await page.goto(`${demo.console_url}${path}${and}account=${account.id}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForTimeout(500);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.ok(!wide, `${name} in ${locale} at ${width} scrolls sideways`);
      await shoot(page, `articles-${name}-${locale}-${width}`);
    }
    assert.deepEqual(complaints(), []);
    await context.close();
  }
});
