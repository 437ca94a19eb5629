/** Every page of the console, in both languages, at three widths: it opens, nothing spills, nothing is out of reach. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { openWindow } from "../lib/browser.mjs";
import { api } from "../lib/demo.mjs";
import { browser, demo, opening, pictures, spill } from "../lib/opening.mjs";
import { wordsOf } from "../lib/words.mjs";

let paths;

opening({ fans: 120 }, async () => {
  const account = (await api(demo, "GET", "/accounts")).body.items[0];
  await api(demo, "POST", `/accounts/${account.id}/replies`, {
    trigger: { kind: "keyword", match: "contains", words: ["price", "价格"] },
    answers: [{ type: "text", text: "9.9" }],
  });
  const { body: added } = await api(demo, "POST", `/accounts/${account.id}/templates`, {
    kind: "template",
    short_id: "42984",
    keywords: ["订单编号", "商品名称"],
  });
  const { body: campaign } = await api(demo, "POST", "/campaigns", {
    account_id: account.id,
    name: "Autumn",
    message: {
      type: "template",
      template_id: added.wechat_id,
      data: { character_string1: "A1", thing2: "{{customer.name|朋友}}" },
    },
    audience: { type: "all" },
  });
  const broadcast = (
    await api(demo, "POST", "/broadcasts", {
      account_id: account.id,
      name: "Autumn",
      contents: [{ type: "text", text: "See you" }],
      test: null,
      audience: { type: "all" },
      ignore_reprint: false,
      on_quota: "wait",
    })
  ).body;
  const customer = (await api(demo, "GET", "/customers?limit=1")).body.items[0];
  const words = {
    author: "",
    digest: "",
    source_url: "",
    comments: "off",
    cover_media_id: null,
    wechat: null,
  };
  const items = [
    { ...words, title: "秋日清单", html: "<h2>一</h2><p>二<strong>三</strong></p><ul><li>四</li></ul>" },
    { ...words, title: "", html: "" },
  ];
  const article = (await api(demo, "POST", "/articles", { account_id: account.id, items })).body;
  paths = {
    home: "/",
    customers: "/customers",
    customer: `/customers/${customer.id}`,
    replies: `/replies?account=${account.id}`,
    broadcasts: `/broadcasts?account=${account.id}`,
    broadcast: `/broadcasts/${broadcast.id}?account=${account.id}`,
    "broadcast-check": `/broadcasts/${broadcast.id}/check?account=${account.id}`,
    menu: `/menu?account=${account.id}`,
    qrcodes: `/qrcodes?account=${account.id}`,
    "qrcode-new": `/qrcodes/new?account=${account.id}`,
    templates: `/templates?account=${account.id}`,
    "templates-library": `/templates?account=${account.id}&shelf=library`,
    "campaign-new": `/templates/new?account=${account.id}`,
    "campaign-edit": `/templates/${campaign.id}?account=${account.id}&edit=1`,
    "campaign-check": `/templates/${campaign.id}?account=${account.id}`,
    articles: `/articles?account=${account.id}`,
    published: `/articles?account=${account.id}&shelf=published`,
    article: `/articles/${article.id}?account=${account.id}`,
    library: "/library",
    inbox: "/inbox",
    accounts: "/accounts",
    account: `/accounts/${account.id}`,
    bind: "/accounts/bind?way=direct",
    profile: "/settings/profile",
    people: "/settings/people",
    keys: "/settings/keys",
    tags: "/settings/tags",
    company: "/settings/company",
    platform: "/settings/platform",
  };
});

for (const locale of ["zh-CN", "en-US"]) {
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
  ]) {
    test(`every page at ${width} × ${height}, ${locale}`, async () => {
      const t = wordsOf(locale);
      const { context, page, complaints } = await openWindow(browser, {
        locale,
        width,
        height,
        allowed: [demo.console_url],
      });
      await page.goto(`${demo.console_url}/login`);
      await page.getByLabel(t("session.email")).fill(demo.login.email);
      await page.getByLabel(t("session.password")).fill(demo.login.password);
      await page.getByRole("button", { name: t("session.sign_in") }).click();
      await page.waitForURL((url) => url.pathname === "/");
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.evaluate(async (language) => {
        const me = await (await fetch("/api/v1/session")).json();
        const headers = { "content-type": "application/json", "x-csrf-token": me.csrf_token };
        await fetch("/api/v1/session", { method: "PATCH", headers, body: JSON.stringify({ language }) });
      }, locale);
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(`${demo.console_url}${path}`);
        await page.getByRole("heading", { level: 1 }).first().waitFor();
        await page.waitForLoadState("load");
        await page.waitForTimeout(350);
        if (pictures) await page.screenshot({ path: `${pictures}/${name}-${locale}-${width}.png` });
        const wider = await spill(page);
        assert.ok(wider <= 0, `${name} is ${wider}px wider than the window`);
        // What both languages share is looked at once: names and contrast are the same components.
        if (width === 1440 && locale === "zh-CN") {
          const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
          const serious = violations.filter((one) => one.impact === "critical" || one.impact === "serious");
          assert.deepEqual(
            serious.map((one) => `${name}: ${one.id} ${one.nodes[0]?.target}`),
            [],
          );
        }
      }
      assert.deepEqual(complaints(), []);
      await context.close();
    });
  }
}
