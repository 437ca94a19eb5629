/** What is out: comments chosen and answered, a copy for another account, a preview for one fan, and taking it down. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bindDirect, importFans, until } from "../lib/accounts.mjs";
import { openWindow } from "../lib/browser.mjs";
import { api, wechat } from "../lib/demo.mjs";
import { browser, demo, opening, shooter } from "../lib/opening.mjs";
import { png } from "../lib/pictures.mjs";
import { signIn } from "../lib/session.mjs";
import { wordsOf } from "../lib/words.mjs";

let account;
let other;
let article;

opening({ fans: 40 }, async () => {
  account = await bindDirect(demo);
  other = await bindDirect(demo);
  await wechat(demo, "POST", `/accounts/${account.appid}/fans`, { count: 5 });
  await importFans(demo, account);
  const form = new FormData();
  form.set("kind", "image");
  form.set("file", new File([png(470, 200, [31, 111, 120])], "湖水.png", { type: "image/png" }));
  const headers = { authorization: `Bearer ${demo.api_key}` };
  const file = await (
    await fetch(`${demo.console_url}/api/v1/media`, { method: "POST", headers, body: form })
  ).json();
  const item = {
    title: "湖边一日",
    author: "",
    digest: "",
    html: `<p>早起看湖。</p><p><img src="/api/v1/media/${file.id}/file"></p>`,
    cover_media_id: file.id,
    source_url: "",
    comments: "everybody",
    wechat: null,
  };
  article = (await api(demo, "POST", "/articles", { account_id: account.id, items: [item] })).body;
});

const shoot = shooter();

test("a preview for one fan, then out, read, commented on, answered, and taken down", async () => {
  const locale = "zh-CN";
  const t = wordsOf(locale);
  const { page, context, complaints } = await openWindow(browser, {
    locale,
    allowed: [demo.console_url, demo.sandbox_url],
  });
  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/articles/${article.id}?account=${account.id}`);
  await page.locator(".article-body", { hasText: "早起看湖" }).waitFor();

  // The preview saves to WeChat by itself first.
  await page.getByRole("button", { name: t("app.more") }).click();
  await page.getByRole("menuitem", { name: t("articles.preview") }).click();
  await page.getByLabel(t("articles.preview_fan")).click();
  await page.locator(".ant-select-item-option-active").waitFor();
  await page.keyboard.press("Enter");
  await shoot(page, "article-preview-zh-CN");
  await page.getByRole("button", { name: t("articles.preview_send"), exact: true }).click();
  await page.getByText(t("articles.preview_sent")).waitFor({ timeout: 20_000 });
  await page.getByText(t("articles.states.synced"), { exact: true }).waitFor();

  await page.getByRole("button", { name: t("articles.publish"), exact: true }).click();
  await page.getByRole("button", { name: t("articles.publish_n_other").replace("{{count}}", "1") }).click();
  const link = page.locator(".out-links a", { hasText: "湖边一日" });
  await link.waitFor({ timeout: 30_000 });
  const url = await link.getAttribute("href");

  // A follower writes a comment.
  let person;
  for (let n = 0; person === undefined && n < 400; n += 1) {
    const one = await wechat(demo, "GET", `/people/${n}`);
    if (one.chats?.some((chat) => chat.appid === account.appid && chat.following)) person = n;
  }
  const said = await wechat(demo, "POST", `/people/${person}/article`, {
    url,
    action: "comment",
    text: "周末就去。",
  });
  assert.ok(said.user_comment_id, JSON.stringify(said));
  await page
    .getByRole("button", { name: t("articles.read_comments") })
    .first()
    .click();
  const comment = page.locator(".comment", { hasText: "周末就去。" });
  await comment.getByRole("button", { name: t("articles.elect"), exact: true }).click();
  await comment.getByText(t("articles.elected"), { exact: true }).waitFor();
  await comment.getByRole("button", { name: t("articles.reply"), exact: true }).click();
  await comment.getByRole("textbox").fill("等你来！");
  await comment.getByRole("button", { name: t("articles.reply"), exact: true }).click();
  await comment.locator(".comment-reply", { hasText: "等你来！" }).waitFor();
  await shoot(page, "article-comments-zh-CN");
  const reader = await context.newPage();
  await reader.goto(url);
  await reader.getByText("等你来！").waitFor();
  await page.locator(".ant-drawer-close").last().click();

  await page.getByRole("button", { name: t("articles.unpublish"), exact: true }).click();
  await page
    .locator(".ant-popconfirm")
    .getByRole("button", { name: t("articles.unpublish") })
    .click();
  await page.getByText(t("articles.out_deleted")).waitFor({ timeout: 20_000 });
  await reader.goto(url);
  await reader.getByText("该内容已被发布者删除").waitFor();
  assert.deepEqual(complaints(), []);
  await context.close();
});

test("a copy for another account brings its pictures along", async () => {
  const locale = "en-US";
  const t = wordsOf(locale);
  const { page, context, complaints } = await openWindow(browser, { locale, allowed: [demo.console_url] });
  await signIn(demo, page, t, locale);
  await page.goto(`${demo.console_url}/articles/${article.id}?account=${account.id}`);
  await page.locator(".article-body", { hasText: "早起看湖" }).waitFor();
  await page.getByRole("button", { name: t("app.more") }).click();
  await page.getByRole("menuitem", { name: t("articles.copy_to") }).click();
  await page.getByRole("radio", { name: other.nick_name }).click();
  await page.getByRole("button", { name: t("articles.copy"), exact: true }).click();
  await page.waitForURL((at) => !at.pathname.endsWith(article.id) && at.pathname.startsWith("/articles/"));
  await page.getByText(t("articles.states.draft"), { exact: true }).waitFor({ timeout: 20_000 });
  await page.getByRole("button", { name: t("articles.push"), exact: true }).click();
  await page.getByText(t("articles.states.synced"), { exact: true }).waitFor({ timeout: 20_000 });
  const copies = await until("the copy", async () => {
    const { body } = await api(demo, "GET", `/articles?account=${other.id}`);
    return body.items.length === 1 ? body.items : undefined;
  });
  assert.equal(copies[0].state, "synced");
  assert.deepEqual(complaints(), []);
  await context.close();
});
